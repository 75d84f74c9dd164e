"""Where a page lets text that runs right to left turn the line around it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from agencies.text_direction import turns
from tests.web.markup import VOID

SET_APART = re.compile("\u2068[^\u2068\u2069]*\u2069")
OF_ITSELF = {"bdi", "title", "option", "textarea", "script"}
"""Elements whose text stands in no line of the page, or in a direction of its own."""


@dataclass
class Lines(HTMLParser):
    """The texts of a page that turn the line they stand in."""

    stray: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    open: list[bool] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note whether what follows stands apart."""
        if tag not in VOID:
            self.open.append(tag in OF_ITSELF or dict(attrs).get("dir") == "auto")

    def handle_endtag(self, tag: str) -> None:
        """Leave what was begun last."""
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        """Note a text that nothing sets apart."""
        if turns(data):
            self.shown.append(data.strip())
        if turns(SET_APART.sub("", data)) and not any(self.open):
            self.stray.append(" ".join(data.split()))


def lines_of(html: str) -> Lines:
    """Return the texts of a page that run right to left, and those of them that turn a line."""
    page = Lines()
    page.feed(html)
    page.close()
    return page
