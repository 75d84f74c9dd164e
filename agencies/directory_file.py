"""ORI directories as they are published: JSON by state, or CSV with a header, read row by row."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from agencies.codes import AgencyKind
from agencies.lines import line, ori_number
from agencies.refusals import Invalid

COLUMNS = {
    "ori": ("ori",),
    "name": ("name", "agency_name"),
    "kind": ("kind", "type", "agency_type_name", "agency_type"),
    "state": ("state", "state_abbr", "state_name"),
    "county": ("county", "primary_county", "county_name"),
}
"""What a column may be called; case and spaces around it do not matter."""

KINDS = {
    "city": AgencyKind.MUNICIPAL,
    "county": AgencyKind.COUNTY,
    "state police": AgencyKind.STATE,
    "other state agency": AgencyKind.STATE,
    "tribal": AgencyKind.TRIBAL,
    "federal": AgencyKind.FEDERAL,
    "university or college": AgencyKind.CAMPUS,
} | {kind.value: kind for kind in AgencyKind}

NINTH = {
    "A": AgencyKind.PROSECUTOR,
    "C": AgencyKind.CORRECTIONS,
    "G": AgencyKind.PROBATION_PAROLE,
    "J": AgencyKind.COURT,
}
"""What the ninth character of an ORI says of an agency that its type leaves open."""

LONGEST = {"name": 200, "state": 40, "county": 120}


class Unreadable(ValueError):
    """The file as a whole is not a directory; the message says what is wrong with it."""


@dataclass(frozen=True)
class Entry:
    """One agency as a directory knows it."""

    ori: str
    name: str
    kind: str
    state: str
    county: str


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be kept, where it stands and why."""

    row: str
    column: str
    reason: str


Row = Entry | BadRow


def read_directory(path: Path) -> Iterator[Row]:
    """Yield what is in a file, good rows and bad ones; an ORI given twice is bad the second time.

    Raises Unreadable.
    """
    seen: dict[str, str] = {}
    for place, values in _rows(path):
        row = _entry(place, values)
        if isinstance(row, Entry):
            first = seen.setdefault(row.ori, place)
            if first != place:
                row = BadRow(place, "ori", f"The ORI {row.ori} stands in {first} already.")
        yield row


def _rows(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each row with the words for where it stands."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path} cannot be read: {error}") from error
    yield from _from_json(text) if text.lstrip()[:1] in ("{", "[") else _from_csv(text)


def _from_json(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    try:
        states = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"This is not JSON: {error}") from error
    if not isinstance(states, dict):
        raise Unreadable("This is not a directory by state and ORI.")
    for state, agencies in states.items():
        if not isinstance(agencies, dict):
            raise Unreadable(f"What stands under {state} is not a list of agencies by ORI.")
        for ori, values in agencies.items():
            if isinstance(values, dict):
                yield f"{state} {ori}", {"state": state, **values, "ori": ori}
            else:
                yield f"{state} {ori}", {}


def _from_csv(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    reader = csv.DictReader(StringIO(text, newline=""))
    known = [_plain(column) for column in reader.fieldnames or ()]
    for column in ("ori", "name"):
        if not set(COLUMNS[column]) & set(known):
            raise Unreadable(f"The header has no column “{column}”.")
    try:
        for values in reader:
            named = {_plain(name): value for name, value in values.items() if name}
            yield f"line {reader.line_num}", named
    except csv.Error as error:
        raise Unreadable(f"Line {reader.line_num} is not CSV: {error}") from error


def _plain(column: str) -> str:
    return column.strip().lower().replace(" ", "_")


def _entry(place: str, values: Mapping[str, Any]) -> Row:
    given = {
        column: next((str(values[name]) for name in names if values.get(name) is not None), "")
        for column, names in COLUMNS.items()
    }
    try:
        ori = ori_number(given["ori"])
        texts = {
            column: line(column, given[column], longest=longest, may_be_empty=True)
            for column, longest in LONGEST.items()
        }
    except Invalid as refusal:
        ((column, reasons),) = refusal.errors.items()
        return BadRow(place, column, " ".join(reasons))
    name = texts["name"] or f"Agency {ori}"
    return Entry(ori, name, _kind(given["kind"], ori), texts["state"], texts["county"])


def _kind(given: str, ori: str) -> str:
    """Return the kind that a directory's type stands for; other for what it leaves open."""
    kind = KINDS.get(" ".join(given.split()).lower(), AgencyKind.OTHER)
    return NINTH.get(ori[-1], kind) if kind == AgencyKind.OTHER else kind
