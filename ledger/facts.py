"""What an event may carry: ids, numbers and codes, never free text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from math import isfinite
from uuid import UUID

LONGEST_CODE = 120

Fact = None | bool | int | float | str | list["Fact"]


def code(name: str, value: str, *, longest: int = LONGEST_CODE) -> str:
    """Return *value* if it is a short printable line; raise ValueError otherwise."""
    if len(value) > longest or not value.isprintable():
        raise ValueError(f"{name} is not a code: free text stays on the decision's own row")
    return value


def plain_facts(values: Mapping[str, object]) -> dict[str, Fact]:
    """Return *values* as JSON; raise ValueError for free text, infinities and nested objects."""
    return {code("a name", name): _plain(name, value) for name, value in values.items()}


def _plain(name: str, value: object) -> Fact:
    if isinstance(value, Enum):
        return _plain(name, value.value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(name, one) for one in value]
    if isinstance(value, str):
        return code(name, str(value))
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, int) or (isinstance(value, float) and isfinite(value)):
        return value
    raise ValueError(f"{name} is neither an id nor a number nor a code")
