"""Checks of one field's value: each returns what is kept or raises ValueError with a sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from math import isfinite

from agencies.codetable import codes, is_code
from cases.wording import LINE, checked_text, one_line

Check = Callable[[object], object]

EARLIEST_BIRTH = date(1870, 1, 1)


def line(longest: int = LINE) -> Check:
    """Return a check for text of one line."""
    return lambda value: one_line(value, longest=longest)


def prose(longest: int) -> Check:
    """Return a check for text of several lines."""
    return lambda value: checked_text(value, longest=longest)


def lines(most: int = 50) -> Check:
    """Return a check for a list of short texts; one text counts as a list of one."""

    def check(value: object) -> list[str]:
        several = [value] if isinstance(value, str) else value
        if not isinstance(several, list) or len(several) > most:
            raise ValueError(f"This must be a list of at most {most} texts.")
        return [kept for kept in (one_line(one) for one in several) if kept]

    return check


def code(table: str) -> Check:
    """Return a check for a valid code of *table*."""

    def check(value: object) -> str:
        text = one_line(value)
        if text and not is_code(table, text):
            raise ValueError(f"Give one of {', '.join(codes(table))}.")
        return text

    return check


def flag(value: object) -> bool:
    """Return *value* if it is true or false."""
    if not isinstance(value, bool):
        raise ValueError("This must be true or false.")
    return value


def number(lowest: float, highest: float) -> Check:
    """Return a check for a number within bounds, both included."""

    def check(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            raise ValueError("This must be a number.")
        if not lowest <= value <= highest:
            raise ValueError(f"This must lie between {lowest:g} and {highest:g}.")
        return value

    return check


def whole(lowest: int, highest: int) -> Check:
    """Return a check for a whole number within bounds, written as a number or as text."""
    within = number(lowest, highest)

    def check(value: object) -> int:
        if isinstance(value, str) and value.strip().isdecimal() and len(value) < 10:
            value = int(value)
        if not isinstance(value, int):
            raise ValueError("This must be a whole number.")
        within(value)
        return value

    return check


def day(value: object) -> str:
    """Return a day as YYYY-MM-DD."""
    try:
        return date.fromisoformat(one_line(value)).isoformat()
    except ValueError:
        raise ValueError("This must be a day as YYYY-MM-DD.") from None


def birth(value: object) -> str:
    """Return a day on which somebody living or dead can have been born."""
    born = day(value)
    if not EARLIEST_BIRTH.isoformat() <= born <= datetime.now(UTC).date().isoformat():
        raise ValueError("Nobody in a case was born on this day.")
    return born


def moment(value: object) -> str:
    """Return a day or a time in ISO 8601 as it was written."""
    text = one_line(value)
    moment_of(text)
    return text


def moment_of(text: str) -> datetime:
    """Return the time that *text* names; a day begins at midnight, and without a zone it is UTC."""
    try:
        if len(text) == len("2026-01-01"):
            return datetime.combine(date.fromisoformat(text), time(), tzinfo=UTC)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("This must be a day or a time in ISO 8601.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
