"""Text that may run right to left: set apart, it never moves the words and marks around it."""

from __future__ import annotations

import re

FIRST_STRONG_ISOLATE = "\u2068"
POP_ISOLATE = "\u2069"
TURNS = re.compile(
    "[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff"
    "\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""Letters and digits that run right to left, and the marks that turn a line around."""
MARKS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Marks that turn what follows them, also beyond the text that they stand in."""


def turns(text: str) -> bool:
    """Return whether a text holds anything that would turn the line it stands in."""
    return TURNS.search(text) is not None


def untangled(text: str) -> str:
    """Return a text without the marks by which it would reach beyond its own end."""
    return text.translate(MARKS)


def isolated(text: str) -> str:
    """Return a text for a sentence: as it is, or between marks that keep its direction to it."""
    return f"{FIRST_STRONG_ISOLATE}{untangled(text)}{POP_ISOLATE}" if turns(text) else text
