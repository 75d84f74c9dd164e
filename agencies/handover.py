"""What somebody who leaves leaves behind: sections that the layers above register at ready()."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from agencies.actors import Actor
from agencies.models import Membership

MOST = 100
"""Lines that a section shows."""


@dataclass(frozen=True)
class Line:
    """One thing left behind, as its reader may see it."""

    text: str
    url: str = ""
    note: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Section:
    """Things of one sort, what to do about them, and what is said where there are none."""

    title: str
    advice: str
    empty: str
    lines: Sequence[Line] = field(default_factory=tuple)

    @property
    def is_cut(self) -> bool:
        """Return whether there may be more than is shown."""
        return len(self.lines) >= MOST


Maker = Callable[[Actor, Membership], Section]
_makers: dict[str, Maker] = {}


def register_section(name: str, maker: Maker) -> None:
    """Have *maker* make a section of the page for what *actor* may see of a leaver's post."""
    _makers[name] = maker


def sections_for(actor: Actor, post: Membership) -> list[Section]:
    """Return what the holder of a post leaves behind, as far as *actor* may see it."""
    return [maker(actor, post) for maker in _makers.values()]
