"""Cells that no spreadsheet takes for a formula."""

from __future__ import annotations

STARTS = frozenset("=+-@\t\r\n|%＝＋－＠﹦﹢﹣﹫⁺⁻₊₋−")
"""What begins a formula or a command in some spreadsheet, the wide and small forms among them."""

UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
"""What a spreadsheet may drop before it looks at the first character."""

LONGEST = 32_767
"""Characters that a cell of a workbook takes."""


def safe(value: object) -> str:
    """Return *value* as text that stays text: with an apostrophe in front where it could be run."""
    text = "" if value is None else str(value)
    first = text.lstrip(f" \u00a0\u3000{UNSEEN}")[:1]
    kept = f"'{text}" if first in STARTS and first else text
    return kept[:LONGEST]
