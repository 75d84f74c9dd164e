"""How heavy a page is on its way to a browser: each part compressed as the server sends it."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import find

PART = re.compile(r'<(?:link rel="(?:stylesheet|icon)" href|script[^>]* src)="([^"?]+)')
FONTS = tuple(
    f"uswds/fonts/source-sans-pro/sourcesanspro-{weight}-webfont.woff2"
    for weight in ("regular", "bold")
)
"""The faces that pages use; browsers fetch no other, and these are compressed as they are."""

PAGE, FILE = 6, 9
"""How hard a page is compressed, at each answer, and a file, once."""


@dataclass(frozen=True)
class Weight:
    """One part of a page and its bytes on the wire; what is *kept* is not fetched again."""

    name: str
    size: int
    kept: bool


def weights_of(html: str) -> list[Weight]:
    """Return what a browser fetches for a page: itself, and each file that it names."""
    page = Weight("page", len(gzip.compress(html.encode(), PAGE)), kept=False)
    named = dict.fromkeys(PART.findall(html))
    files = [one.removeprefix(f"/{settings.STATIC_URL.strip('/')}/") for one in named]
    return [page, *(Weight(one, _size(one), kept=True) for one in (*files, *FONTS))]


def _size(name: str) -> int:
    found = find(name)
    if found is None:
        raise LookupError(f"There is no file {name}; pages name it.")
    content = Path(found).read_bytes()
    return len(content) if name.endswith(".woff2") else len(gzip.compress(content, FILE))
