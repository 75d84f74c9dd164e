"""Mappings: how the columns of a file become a case, its event and its place."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agencies.codetable import codes, is_code, label

BUILT_IN = Path(__file__).parent / "mappings"
COLUMNS = ("source_id", "own_number", "summary", "call", "offense", "outcome")
KEYS = {
    "name",
    "about",
    "source",
    "aliases",
    "required",
    "title",
    "date",
    "place",
    "type",
    "status",
    "help",
    *COLUMNS,
}


class BadMapping(Exception):
    """A mapping that does not exist, or that does not say what it must."""


@dataclass(frozen=True)
class DateColumn:
    """Where the day stands, how it may be written, and how exact it is.

    With the precision ``minute`` it may name a time, and *to* the column in which it ends.
    """

    column: str
    formats: tuple[str, ...]
    precision: str = "day"
    to: str = ""


@dataclass(frozen=True)
class PlaceColumns:
    """Where the place stands; *bounds* are the west, south, east and north of what is plausible."""

    x: str = ""
    y: str = ""
    address: str = ""
    city: str = ""
    crs: str = "EPSG:4326"
    bounds: tuple[float, float, float, float] = (-180.0, -90.0, 180.0, 90.0)
    precision: str = "unknown"


@dataclass(frozen=True)
class Values:
    """How what a column says becomes a code of ours; a *strict* one takes its values alone."""

    column: str = ""
    default: Any = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    strict: bool = False

    def of(self, row: Mapping[str, str]) -> Any:
        """Return our code for a row; LookupError for what a strict one does not know."""
        said = row.get(self.column, "")
        if self.strict and said:
            return self.values[said.casefold()]
        return self.values.get(said, self.default)


@dataclass(frozen=True)
class ColumnMapping:
    """One kind of file; column names are those that its ``aliases`` lead to."""

    name: str
    source: str
    required: tuple[str, ...]
    title: tuple[str, ...]
    date: DateColumn
    place: PlaceColumns
    type: Values
    status: Values
    aliases: Mapping[str, str]
    columns: Mapping[str, str]
    help: str = ""
    """How the first cell of a row of explanations begins, which is no incident."""

    @property
    def used(self) -> set[str]:
        """Return the columns that become something; the others are kept as received."""
        named = {
            self.date.column,
            self.date.to,
            self.place.x,
            self.place.y,
            self.place.address,
            self.place.city,
            self.type.column,
            self.status.column,
        }
        return (named | set(self.title) | set(self.columns.values())) - {""}

    def fits(self, header: Collection[str]) -> bool:
        """Return whether a file with *header* has what this mapping needs."""
        here = {canonical(self, column) for column in header}
        return {*self.required, self.date.column, *self.title} <= here

    def missing(self, header: Collection[str]) -> list[str]:
        """Return the columns that a file with *header* lacks."""
        here = {canonical(self, column) for column in header}
        return sorted({*self.required, self.date.column, *self.title} - here)


def canonical(mapping: ColumnMapping, column: str) -> str:
    """Return the name that a mapping uses for a column of a file."""
    name = column.strip()
    return mapping.aliases.get(name, name)


def built_in() -> list[str]:
    """Return the names of the mappings that come with the portal."""
    return sorted(path.stem for path in BUILT_IN.glob("*.json"))


def find_mapping(name: str | None, header: Collection[str]) -> ColumnMapping:
    """Return the mapping named, read from a file, or else the built-in one that fits *header*."""
    if name is None:
        fitting = [one for one in map(read_mapping, built_in()) if one.fits(header)]
        if len(fitting) == 1:
            return fitting[0]
        known = ", ".join(built_in())
        raise BadMapping(f"No mapping fits these columns; name one: {known}, or a file.")
    mapping = read_mapping(name)
    if not mapping.fits(header):
        lacking = ", ".join(mapping.missing(header))
        raise BadMapping(f"The mapping {mapping.name} needs columns that are not there: {lacking}.")
    return mapping


def read_mapping(name: str) -> ColumnMapping:
    """Return a built-in mapping by name, or the one in a JSON or TOML file."""
    path = BUILT_IN / f"{name}.json" if name in built_in() else Path(name)
    try:
        text = path.read_text("utf-8")
        data = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except OSError as error:
        raise BadMapping(f"There is no mapping {name}: {error.strerror}.") from error
    except ValueError as error:
        raise BadMapping(f"{name} is neither JSON nor TOML: {error}") from error
    try:
        return _mapping(data, path)
    except (TypeError, ValueError) as error:
        raise BadMapping(f"{name}: {error}") from error


def _mapping(data: Any, path: Path) -> ColumnMapping:
    if not isinstance(data, dict):
        raise TypeError("a mapping is an object")
    unknown = sorted(set(data) - KEYS)
    if unknown:
        raise ValueError(f"there is no key {unknown[0]}")
    if not data.get("title") or not isinstance(data.get("date"), dict):
        raise ValueError('it must say "title" (columns) and "date" (column and formats)')
    name = str(data.get("name", path.stem))
    place = dict(data.get("place", {}))
    if "bounds" in place:
        place["bounds"] = tuple(float(one) for one in place["bounds"])
    date = {**data["date"], "formats": tuple(data["date"]["formats"])}
    mapping = ColumnMapping(
        name=name,
        source=str(data.get("source", name)),
        required=tuple(data.get("required", ())),
        title=tuple(data["title"]),
        date=DateColumn(**date),
        place=PlaceColumns(**place),
        type=_values(data.get("type", {}), "other_offense"),
        status=_values(data.get("status", {}), ["open", ""]),
        aliases=dict(data.get("aliases", {})),
        columns={column: data[column] for column in COLUMNS if column in data},
        help=str(data.get("help", "")),
    )
    _check_codes(mapping)
    return mapping


def _values(said: Mapping[str, Any], default: Any) -> Values:
    """Return how a column is read; ``table`` stands for the labels and codes of a code table."""
    more = dict(said)
    table = more.pop("table", "")
    known = {label(table, code).casefold(): code for code in codes(table)} if table else {}
    known |= {code: code for code in known.values()}
    return Values(**{"default": default, **more, "values": known | more.get("values", {})})


def _check_codes(mapping: ColumnMapping) -> None:
    """Raise ValueError for values that no code table knows."""
    for code in (mapping.type.default, *mapping.type.values.values()):
        if not is_code("case_types", code):
            raise ValueError(f"there is no case type {code}")
    for status, disposition in (mapping.status.default, *mapping.status.values.values()):
        known = is_code("case_statuses", status)
        if not known or (disposition and not is_code("dispositions", disposition)):
            raise ValueError(f"there is no status {status} with disposition {disposition!r}")
    if not is_code("place_precisions", mapping.place.precision):
        raise ValueError(f"there is no precision {mapping.place.precision}")
    if mapping.date.precision not in ("minute", "day", "month"):
        raise ValueError("a date is exact to the minute, the day or the month")
