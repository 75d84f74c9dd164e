"""Text as people send it: what no text may hold, and how long it may be."""

from __future__ import annotations

import re
from collections.abc import Mapping

from agencies.refusals import Invalid

TITLE = 300
LINE = 200
PARAGRAPH = 4_000
NARRATIVE = 50_000
"""Longest texts, in characters."""

UNKEPT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters but tab and line breaks, and halves of surrogate pairs."""


def checked_text(value: object, *, longest: int = LINE) -> str:
    """Return *value* without blanks around it; ValueError for what cannot be kept as text."""
    if not isinstance(value, str):
        raise ValueError("This must be text.")
    if len(value) > longest:
        raise ValueError(f"This is longer than {longest:,} characters.")
    if UNKEPT.search(value):
        raise ValueError("This holds a character that cannot be kept.")
    return value.strip()


def one_line(value: object, *, longest: int = LINE) -> str:
    """Return *value* as ``checked_text`` does, with every run of blanks as one blank."""
    return " ".join(checked_text(value, longest=longest).split())


def refuse(errors: Mapping[str, str]) -> None:
    """Raise Invalid when there are *errors*."""
    if errors:
        raise Invalid(errors)
