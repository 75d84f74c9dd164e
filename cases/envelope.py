"""What a person may say about a case or an item beside its body, checked by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from agencies.codetable import codes, is_code
from cases.wording import LINE, NARRATIVE, TITLE, checked_text, one_line, refuse

EARLIEST = date(1900, 1, 1)


def clean(sent: Mapping[str, Any], checks: Mapping[str, Callable[[Any], Any]]) -> dict[str, Any]:
    """Return *sent* with each value checked; Invalid names every field unknown or in error."""
    kept: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, value in sent.items():
        if name not in checks:
            errors[name] = "There is no such field."
            continue
        try:
            kept[name] = checks[name](value)
        except ValueError as error:
            errors[name] = str(error)
    refuse(errors)
    return kept


def title(value: object) -> str:
    """Return a title: one line that is not blank."""
    text = one_line(value, longest=TITLE)
    if not text:
        raise ValueError("Give a title.")
    return text


def number(value: object) -> str:
    """Return an agency's own number."""
    return one_line(value, longest=80)


def narrative(value: object) -> str:
    """Return a text of several paragraphs."""
    return checked_text(value, longest=NARRATIVE)


def coded(table: str) -> Callable[[object], str]:
    """Return a check for a valid code of *table*."""

    def check(value: object) -> str:
        if not isinstance(value, str) or not is_code(table, value):
            raise ValueError(f"Give one of {', '.join(codes(table))}.")
        return value

    return check


def several(table: str) -> Callable[[object], list[str]]:
    """Return a check for a list of different valid codes of *table*."""
    one = coded(table)

    def check(value: object) -> list[str]:
        if isinstance(value, str) or not isinstance(value, Iterable):
            raise ValueError("This must be a list of codes.")
        return list(dict.fromkeys(one(code) for code in value))

    return check


def marks(value: object) -> list[str]:
    """Return handling marks: codes, or an agency's own words where none fits."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise ValueError("This must be a list of marks.")
    return [kept for kept in (one_line(mark, longest=80) for mark in value) if kept]


def day(value: object) -> date:
    """Return a day that is past or today."""
    try:
        found = value if isinstance(value, date) else date.fromisoformat(one_line(value))
    except ValueError:
        raise ValueError("This must be a day as YYYY-MM-DD.") from None
    if not EARLIEST <= found <= datetime.now(UTC).date():
        raise ValueError("This day is too early or yet to come.")
    return found


def flag(value: object) -> bool:
    """Return *value* if it is true or false."""
    if not isinstance(value, bool):
        raise ValueError("This must be true or false.")
    return value


def offences(value: object) -> list[dict[str, Any]]:
    """Return offences: each a NIBRS code, attempted or completed, a statute and counts."""
    if not isinstance(value, list) or len(value) > 50:
        raise ValueError("This must be a list of at most 50 offenses.")
    return [_offence(one) for one in value]


def _offence(value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping) or not set(value) <= {"nibrs", "stage", "statute", "counts"}:
        raise ValueError("An offense has nibrs, stage (A or C), statute and counts.")
    counts = value.get("counts", 1)
    if value.get("stage", "C") not in ("A", "C") or not isinstance(counts, int):
        raise ValueError("An offense's stage is A or C, and its counts a whole number.")
    return {
        "nibrs": one_line(value.get("nibrs", ""), longest=4),
        "stage": value.get("stage", "C"),
        "statute": one_line(value.get("statute", ""), longest=LINE),
        "counts": counts,
    }
