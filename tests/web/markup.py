"""What any page must have, read from its markup alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"input", "meta", "link", "br", "img", "hr", "path", "use"}
UNNAMED = {"hidden", "submit", "button"}


@dataclass
class Page(HTMLParser):
    """The parts of a page that its checks look at."""

    ids: list[str] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    fields: list[dict[str, str]] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    references: set[str] = field(default_factory=set)
    landmarks: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag brings."""
        has = {name: value or "" for name, value in attrs}
        self._note_ids(tag, has)
        self._note_faults(tag, has)
        if tag in ("input", "select", "textarea") and has.get("type") not in UNNAMED:
            self.fields.append(has | {"in_label": "yes" if "label" in self.open else ""})
        if tag in ("h1", "h2", "h3"):
            self.headings.append(int(tag[1]))
        if tag in ("main", "nav", "header", "footer"):
            self.landmarks.append(tag)
        if tag == "form":
            self.forms.append(has)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note where a tag ends, and that it was the one to end."""
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> ends {self.open[-1:]}")
            return
        self.open.pop()

    def _note_ids(self, tag: str, has: dict[str, str]) -> None:
        if "id" in has:
            self.ids.append(has["id"])
        if tag == "label" and "for" in has:
            self.labels.add(has["for"])
        for name in ("aria-labelledby", "aria-describedby"):
            self.references.update(has.get(name, "").split())

    def _note_faults(self, tag: str, has: dict[str, str]) -> None:
        if tag == "script" and "src" not in has:
            self.faults.append("inline script")
        if tag == "style" or "style" in has:
            self.faults.append("inline style")
        self.faults += [f"inline {name}" for name in has if name.startswith("on")]
        if tag == "th" and "scope" not in has:
            self.faults.append("th without scope")


def faults_of(html: str) -> list[str]:
    """Return what is wrong with a page, in words; nothing for a sound one."""
    page = Page()
    page.feed(html)
    page.close()
    faults = list(page.faults)
    faults += [f"id {one} twice" for one in set(page.ids) if page.ids.count(one) > 1]
    faults += [f"no element {one}" for one in page.references - set(page.ids)]
    faults += [f"no label for {one.get('name')}" for one in page.fields if not _named(one, page)]
    if page.headings.count(1) != 1:
        faults.append(f"{page.headings.count(1)} main headings")
    steps = zip(page.headings, page.headings[1:], strict=False)
    faults += [f"heading {b} under {a}" for a, b in steps if b > a + 1]
    if page.landmarks.count("main") != 1:
        faults.append("not one main landmark")
    if page.open:
        faults.append(f"never closed: {page.open}")
    return faults


def _named(has: dict[str, str], page: Page) -> bool:
    return bool(has["in_label"] or has.get("aria-label") or has.get("id") in page.labels)
