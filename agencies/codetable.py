"""Code tables: coded values as data, each with its meaning and the days on which it is valid."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypedDict

FOLDER = Path(__file__).parent / "codetables"


class CodeTable(TypedDict):
    """A table as the interface shows it; what values carry beyond their label is each table's."""

    name: str
    version: str
    values: list[dict[str, Any]]


class NoSuchTable(LookupError):
    """There is no code table of that name."""


class NoSuchCode(LookupError):
    """A table has no such code."""


@cache
def code_names() -> tuple[str, ...]:
    """Return the names of all tables."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


@cache
def code_table(name: str) -> CodeTable:
    """Return the table *name*, shared and not to be changed; raise NoSuchTable."""
    if name not in code_names():
        raise NoSuchTable(name)
    table = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    span = {"valid_from": table["valid_from"], "valid_to": None}
    values = [{**span, **value} for value in table["values"]]
    return {"name": table["name"], "version": table["version"], "values": values}


@cache
def _by_code(name: str) -> dict[str, dict[str, Any]]:
    return {value["code"]: value for value in code_table(name)["values"]}


def coded(table: str, code: str) -> dict[str, Any]:
    """Return the value that *code* names in *table*, whatever its days; raise NoSuchCode."""
    try:
        return _by_code(table)[code]
    except KeyError:
        raise NoSuchCode(f"{table} has no {code!r}") from None


def is_code(table: str, code: str, *, on: date | None = None) -> bool:
    """Return whether *code* is valid in *table* on a day, by default today (UTC)."""
    value = _by_code(table).get(code)
    if value is None:
        return False
    day = (on or datetime.now(UTC).date()).isoformat()
    begun = value["valid_from"] is None or value["valid_from"] <= day
    return bool(begun and (value["valid_to"] is None or day <= value["valid_to"]))


def codes(table: str, *, on: date | None = None) -> tuple[str, ...]:
    """Return the codes valid in *table* on a day, by default today, in the table's order."""
    return tuple(code for code in _by_code(table) if is_code(table, code, on=on))


def label(table: str, code: str) -> str:
    """Return what screens say for *code*; the code itself where the table does not know it."""
    value = _by_code(table).get(code)
    return str(value["label"]) if value else code
