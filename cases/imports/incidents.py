"""A row as an incident: what becomes of its columns, or why it becomes nothing."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from cases.imports.bad_rows import BadRow
from cases.imports.coordinates import placed
from cases.imports.mapping import COLUMNS, ColumnMapping, Values, canonical
from cases.imports.sheets import Sheet, SheetRow, is_blank
from cases.imports.times import when_of
from cases.wording import NARRATIVE, TITLE, checked_text, one_line

WHOLE = re.compile(r"(-?\d+)\.0+")


@dataclass(frozen=True)
class Incident:
    """What a row says, in our words; *received* is what the mapping did not use."""

    row: int
    source_id: str
    title: str
    type: str
    status: str
    disposition: str
    summary: str
    own_number: str
    opened_on: date
    event: dict[str, Any]
    place: dict[str, Any]
    place_received: dict[str, str]
    received: dict[str, Any] = field(default_factory=dict)

    @property
    def is_placed(self) -> bool:
        """Return whether it has a place on the map."""
        return "lat" in self.place


@dataclass(frozen=True)
class RowError:
    """Why a row was not imported."""

    row: int
    column: str
    reason: str


@dataclass
class Parsed:
    """The incidents of a file and the rows that are none; repeated ones stay with the first."""

    incidents: list[Incident] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    repeated: int = 0


def parse(sheet: Sheet, mapping: ColumnMapping, *, zone: str = "UTC") -> Parsed:
    """Return the incidents of *sheet*, its times of day in *zone*; a row in error costs only
    itself.
    """
    names = [canonical(mapping, column) for column in sheet.header]
    parsed = Parsed()
    alike: Counter[str] = Counter()
    first: dict[str, Incident] = {}
    for row in sheet.rows:
        if mapping.help and row.cells[0].startswith(mapping.help):
            continue
        try:
            incident = _incident(row, sheet.header, names, mapping, alike, ZoneInfo(zone))
        except BadRow as error:
            parsed.errors.append(RowError(row.number, error.column, error.reason))
            continue
        earlier = first.setdefault(incident.source_id, incident)
        if earlier is incident:
            parsed.incidents.append(incident)
        else:
            said = dict(zip(sheet.header, row.cells, strict=False))
            earlier.received.setdefault("repeated", []).append(said)
            parsed.repeated += 1
    return parsed


def _incident(
    row: SheetRow,
    header: list[str],
    names: list[str],
    mapping: ColumnMapping,
    alike: Counter[str],
    zone: ZoneInfo,
) -> Incident:
    if len(row.cells) > len(header):
        raise BadRow("", f"There are {len(row.cells)} values for {len(header)} columns.")
    values = dict.fromkeys(names, "") | dict(
        zip(names, (cell.strip() for cell in row.cells), strict=False)
    )
    _check(values, mapping, row)
    said = {name: values.get(mapping.columns.get(name, ""), "") for name in COLUMNS}
    when = when_of(values, mapping.date, zone)
    status, disposition = _code(values, mapping.status)
    title = one_line(" - ".join(filter(None, (values[name] for name in mapping.title))))
    place, place_received = _place(values, mapping)
    return Incident(
        row=row.number,
        source_id=said["source_id"] or _fingerprint(values, alike),
        title=title[:TITLE],
        type=_code(values, mapping.type),
        status=status,
        disposition=disposition,
        summary=said["summary"],
        own_number=said["own_number"],
        opened_on=when.day,
        event={**when.fields, **_texts(said)},
        place=place,
        place_received=place_received,
        received={
            column: cell.strip()
            for column, name, cell in zip(header, names, row.cells, strict=False)
            if name not in mapping.used and cell.strip()
        },
    )


def _check(values: Mapping[str, str], mapping: ColumnMapping, row: SheetRow) -> None:
    """Raise BadRow where something needed is missing or something cannot be kept."""
    needed = {*mapping.required, mapping.date.column, *mapping.title[:1]}
    missing = [name for name in values if name in needed and not values[name]]
    if missing and (is_blank(row.cells) or len(missing) == len(needed)):
        raise BadRow(missing[0], "The row is blank.")
    if missing:
        raise BadRow(missing[0], "This is needed and missing.")
    for name, value in values.items():
        try:
            checked_text(value, longest=NARRATIVE)
        except ValueError as error:
            raise BadRow(name, str(error)) from None
    for name, longest in (("source_id", 120), ("own_number", 80)):
        column = mapping.columns.get(name, "")
        if len(values.get(column, "")) > longest:
            raise BadRow(column, f"This is longer than {longest} characters.")


def _code(values: Mapping[str, str], known: Values) -> Any:
    try:
        return known.of(values)
    except LookupError:
        raise BadRow(known.column, "This is none of the values that the template lists.") from None


def _texts(said: Mapping[str, str]) -> dict[str, str]:
    """Return what the event says in words."""
    return {name: said[name][:200] for name in ("call", "offense", "outcome") if said[name]}


def _place(
    values: Mapping[str, str], mapping: ColumnMapping
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the fields of the place and its coordinates as received."""
    columns = mapping.place
    x, y = values.get(columns.x, ""), values.get(columns.y, "")
    address = values.get(columns.address, "")[:300]
    received = {name: value for name, value in ((columns.x, x), (columns.y, y)) if value}
    city = values.get(columns.city, "")[:200]
    said = {"address": address, "city": city}
    fields: dict[str, Any] = {name: value for name, value in said.items() if value}
    found = placed(x, y, columns)
    if found is None:
        return {**fields, "precision": "unknown"}, received
    lat, lon = found
    where = {"lat": lat, "lon": lon, "precision": columns.precision, "datum": "WGS84"}
    return {**fields, **where}, {**received, "crs": columns.crs}


def _fingerprint(values: Mapping[str, str], alike: Counter[str]) -> str:
    """Return an id made of what a row says, and of how many rows said the same before it.

    A nought counts as nothing: spreadsheets leave blank what other exports write as 0.
    """
    plain = {name: _plain(value) for name, value in sorted(values.items())}
    plain = {name: value for name, value in plain.items() if value not in ("", "0")}
    digest = hashlib.sha256(json.dumps(plain, ensure_ascii=False).encode()).hexdigest()[:40]
    alike[digest] += 1
    return f"{digest}-{alike[digest]}"


def _plain(value: str) -> str:
    """Return a value so that a CSV file and a spreadsheet of the same rows agree."""
    text = " ".join(value.split())
    whole = WHOLE.fullmatch(text)
    return whole[1] if whole else text


def batches(incidents: list[Incident], size: int) -> Iterator[list[Incident]]:
    """Yield *incidents* in lists of at most *size*."""
    for start in range(0, len(incidents), size):
        yield incidents[start : start + size]
