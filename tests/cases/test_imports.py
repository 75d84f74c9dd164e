"""Importing incidents: whole, once, and with nothing lost on the way."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from cases.imports.coordinates import placed
from cases.imports.incidents import batches, parse
from cases.imports.mapping import BadMapping, PlaceColumns, find_mapping, read_mapping
from cases.imports.sheets import BadSheet, as_text, read_sheet
from cases.listing import items_of
from cases.models import Case, Item
from cases.services import amend_case, amend_item
from cases.services.importing import import_batch
from ledger.models import Event
from sharing.models import Revision, SearchDocument
from sharing.search import search
from tests.cases import incident_files as files
from tests.cast import Cast, two_agencies

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return two_agencies()


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    return files.write_csv(tmp_path / "calls.csv", files.PORTLAND, files.PORTLAND_ROWS)


@pytest.fixture
def crimes(tmp_path: Path) -> Path:
    return files.write_csv(tmp_path / "crimes.csv", files.POLICE_UK, files.POLICE_UK_ROWS)


def imported(file: Path, *more: str) -> dict[str, Any]:
    """Import a file for Alpha and return the summary."""
    printed = StringIO()
    call_command("import_incidents", str(file), "--agency", "alpha", *more, stdout=printed)
    summary: dict[str, Any] = json.loads(printed.getvalue())
    return summary


def counts(summary: dict[str, Any]) -> tuple[int, int, int, int]:
    return tuple(summary[name] for name in ("created", "unchanged", "repeated", "errors"))  # type: ignore[return-value]


def everything() -> dict[str, int]:
    return {
        "cases": Case.objects.unrestricted("test").count(),
        "items": Item.objects.unrestricted("test").count(),
        "revisions": Revision.objects.count(),
        "documents": SearchDocument.objects.count(),
        "events": Event.objects.count(),
    }


def test_calls_become_cases_each_with_an_event_and_a_place(cast: Cast, calls: Path) -> None:
    summary = imported(calls, "--submitted-by", "bravo")
    assert (counts(summary), summary["mapping"], summary["rows"]) == ((4, 0, 0, 1), "portland", 5)
    case = (
        Case.objects.unrestricted("test")
        .select_related("record")
        .get(record__type="suspicious_activity")
    )
    record = case.record
    assert (record.title, record.grouping, record.status, record.category) == (
        "PROWLER",
        "incident",
        "closed",
        "incident_report",
    )
    assert (record.owner_id, record.originator_id, record.submitted_by_id) == (
        cast.id("alpha"),
        cast.id("alpha"),
        cast.id("bravo"),
    )
    assert case.received == {
        "CATEGORY": "BURGLARY",
        "CALL_GROUP": "SUSPICIOUS",
        "census_tra": "802.0",
    }
    items = {one.kind: one for one in items_of(cast.actor("ana"), case.pk)}
    assert set(items) == {"event", "place"}
    assert items["event"].fields == {
        "from": "2016-08-10",
        "to": "2016-08-10",
        "time_precision": "day",
        "call": "PROWLP",
    }
    place = items["place"]
    assert (round(place.fields["lat"], 2), round(place.fields["lon"], 2)) == (45.49, -122.61)
    assert place.received == {
        "x_coordina": "7660085.0",
        "y_coordina": "672910.0",
        "crs": "EPSG:2913",
    }
    assert items["event"].record.cover_id == case.pk
    event = Event.objects.get(kind="case.imported")
    assert (event.agency, event.person, event.target) == (
        cast.id("bravo"),
        None,
        cast.id("alpha"),
    )
    assert set(event.concerns) == {cast.id("alpha"), cast.id("bravo")}
    assert len(event.records) == 12


def test_an_imported_case_lives_like_any_other(cast: Cast, calls: Path) -> None:
    imported(calls)
    ana = cast.actor("ana")
    (hit,) = [one for one in search(ana, "prowler").hits if one.kind == "case"]
    saved = amend_case(ana, hit.id, version=1, title="Prowler on Elm", status="open")
    assert saved.record.version == 2
    (event,) = (one for one in items_of(ana, hit.id) if one.kind == "event")
    assert event.record.label == "Event 1"
    assert amend_item(ana, event.pk, version=1, title="Seen").record.version == 2
    versions = Revision.objects.filter(record=hit.id).order_by("version")
    assert [one.content["title"] for one in versions] == ["PROWLER", "Prowler on Elm"]


def test_rows_that_say_the_same_stay_apart_and_a_second_run_changes_nothing(
    cast: Cast, calls: Path
) -> None:
    imported(calls)
    before = everything()
    assert (before["cases"], before["items"]) == (4, 8)
    assert counts(imported(calls)) == (0, 4, 0, 1)
    assert everything() == before


def test_a_spreadsheet_of_the_same_rows_changes_nothing(
    cast: Cast, calls: Path, tmp_path: Path
) -> None:
    imported(calls)
    rows = files.PORTLAND_ROWS[:-1]
    sheet = files.write_portland_sheet(tmp_path / "calls.xlsx", rows)
    assert counts(imported(sheet)) == (0, 4, 0, 0)


def test_crimes_without_an_id_do_not_collapse_and_one_listed_twice_is_one(
    cast: Cast, crimes: Path
) -> None:
    summary = imported(crimes)
    assert (counts(summary), summary["mapping"], summary["not_placed"]) == (
        (5, 0, 1, 0),
        "police.uk",
        1,
    )
    cases = {one.source_id: one for one in _cases()}
    assert {"a1", "b2", "c3"} < set(cases)
    assert {
        key: (cases[key].record.status, cases[key].disposition) for key in ("a1", "b2", "c3")
    } == {
        "a1": ("suspended", ""),
        "b2": ("open", ""),
        "c3": ("closed", "cleared_arrest"),
    }
    (again,) = cases["b2"].received["repeated"]
    assert (again["Location"], again["Last outcome category"]) == (
        "No Location",
        "Under investigation",
    )
    assert counts(imported(crimes)) == (0, 5, 1, 0)


def _cases() -> list[Case]:
    return list(Case.objects.unrestricted("test").select_related("record"))


def test_a_month_is_kept_as_a_month_and_a_place_without_coordinates_as_received(
    cast: Cast, crimes: Path
) -> None:
    imported(crimes)
    (case,) = (one for one in _cases() if one.source_id == "c3")
    items = {one.kind: one for one in items_of(cast.actor("ana"), case.pk)}
    assert items["event"].fields == {
        "from": "2018-01-01",
        "to": "2018-01-31",
        "time_precision": "month",
        "offense": "Robbery",
        "outcome": "Offender sent to prison",
    }
    assert items["place"].fields == {"address": "No Location", "precision": "unknown"}
    assert case.record.title == "Robbery - No Location"


def test_bad_rows_go_to_the_errors_file_and_good_ones_are_kept(cast: Cast, tmp_path: Path) -> None:
    good = files.PORTLAND_ROWS[0]
    rows = [
        good,
        [*good[:4], "10.8.2016", *good[5:]],
        [*good[:4], "2999-01-01", *good[5:]],
        [*good[:3], "", *good[4:]],
        [*good[:3], "BELL\x07", *good[4:]],
        [*good, "one too many"],
        ["", "", "", "", "", "0.0", "0.0", "0.0"],
        [],
        ["OTHER", *good[1:]],
    ]
    file = files.write_csv(tmp_path / "calls.csv", files.PORTLAND, rows)
    report = tmp_path / "errors.csv"
    assert counts(imported(file, "--errors", str(report))) == (2, 0, 0, 6)
    with report.open(newline="") as lines:
        found = [(row["row"], row["column"]) for row in csv.DictReader(lines)]
    assert found == [
        ("3", "occ_date"),
        ("4", "occ_date"),
        ("5", "CASE_DESC"),
        ("6", "CASE_DESC"),
        ("7", ""),
        ("8", "final_case"),
    ]


def test_an_id_that_is_too_long_is_a_bad_row(cast: Cast, tmp_path: Path) -> None:
    good = files.POLICE_UK_ROWS[0]
    rows = [["x" * 121, *good[1:]], ["x" * 120, *good[1:]]]
    file = files.write_csv(tmp_path / "crimes.csv", files.POLICE_UK, rows)
    assert counts(imported(file)) == (1, 0, 0, 1)


def test_errors_without_a_file_are_named_on_screen(cast: Cast, tmp_path: Path) -> None:
    rows = [["x", "", "", "", "", "", "", ""]] * 12
    file = files.write_csv(tmp_path / "calls.csv", files.PORTLAND, rows)
    said = StringIO()
    call_command("import_incidents", str(file), "--agency", "alpha", stdout=StringIO(), stderr=said)
    lines = said.getvalue().splitlines()
    assert lines[0] == "row 2, final_case: The row is blank."
    assert lines[-1] == "and 2 more; --errors FILE lists them all"


def test_a_dry_run_says_what_would_be_done_and_does_nothing(cast: Cast, calls: Path) -> None:
    before = everything()
    assert counts(imported(calls, "--dry-run")) == (4, 0, 0, 1)
    assert everything() == before
    imported(calls)
    assert counts(imported(calls, "--dry-run")) == (0, 4, 0, 1)


def test_a_killed_import_is_run_again_to_completion(cast: Cast, calls: Path) -> None:
    sheet = read_sheet(calls)
    mapping = find_mapping(None, sheet.header)
    first, *_ = batches(parse(sheet, mapping).incidents, 3)
    import_batch(cast.agencies["alpha"], first, source=mapping.source)
    assert counts(imported(calls)) == (1, 3, 0, 1)
    assert everything()["cases"] == 4


def test_two_agencies_import_the_same_file_each_for_itself(cast: Cast, calls: Path) -> None:
    imported(calls)
    printed = StringIO()
    call_command("import_incidents", str(calls), "--agency", "bravo", stdout=printed)
    assert counts(json.loads(printed.getvalue())) == (4, 0, 0, 1)
    owners = Counter(one.record.owner_id for one in _cases())
    assert owners == {cast.id("alpha"): 4, cast.id("bravo"): 4}


MIDNIGHT = datetime.fromisoformat("2016-08-01")
MAPPING = {
    "name": "town",
    "title": ["What", "Where"],
    "summary": "Story",
    "own_number": "No",
    "source_id": "No",
    "date": {"column": "When", "formats": ["%d.%m.%Y"]},
    "type": {"column": "What", "values": {"Einbruch": "burglary"}, "default": "other_offense"},
}
TOML = """
name = "town"
title = ["What"]
[date]
column = "When"
formats = ["%d.%m.%Y"]
"""


def test_a_mapping_file_says_what_other_columns_mean(cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "town.json").write_text(json.dumps(MAPPING))
    header = ["No", "When", "What", "Where", "Story", "Weather"]
    row = ["7/16", "24.12.2016", "Einbruch", "Elm 3", "A shed.", "snow"]
    file = files.write_csv(tmp_path / "town.csv", header, [row])
    with pytest.raises(CommandError):
        imported(file)
    summary = imported(file, "--mapping", str(tmp_path / "town.json"))
    assert (counts(summary), summary["not_placed"]) == ((1, 0, 0, 0), 1)
    (case,) = _cases()
    assert (case.own_number, case.own_number_key, case.summary, case.received) == (
        "7/16",
        "716",
        "A shed.",
        {"Weather": "snow"},
    )
    assert (case.record.title, case.record.type, case.record.status) == (
        "Einbruch - Elm 3",
        "burglary",
        "open",
    )
    (tmp_path / "town.toml").write_text(TOML)
    assert read_mapping(str(tmp_path / "town.toml")).title == ("What",)


@pytest.mark.parametrize(
    "change",
    [
        {"colour": "red"},
        {"title": []},
        {"date": "When"},
        {"date": {"column": "When", "formats": ["%Y"], "precision": "century"}},
        {"date": {"column": "When", "formats": ["%Y"], "zone": "UTC"}},
        {"type": {"default": "mischief"}},
        {"status": {"default": ["asleep", ""]}},
        {"status": {"default": ["closed", "bored"]}},
        {"place": {"precision": "about"}},
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    file = tmp_path / "town.json"
    file.write_text(json.dumps(MAPPING))
    assert read_mapping(str(file)).name == "town"
    file.write_text(json.dumps({**MAPPING, **change}))
    with pytest.raises(BadMapping):
        read_mapping(str(file))


def test_a_mapping_or_file_that_is_not_there_or_not_readable_is_refused(
    cast: Cast, calls: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    for mapping in ("nowhere", str(broken), "police.uk"):
        with pytest.raises(CommandError):
            imported(calls, "--mapping", mapping)
    for name, content in (("empty.csv", b""), ("no.xlsx", b"no sheet")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(CommandError):
            imported(tmp_path / name)
    with pytest.raises(CommandError):
        imported(tmp_path / "none.csv")
    with pytest.raises(CommandError):
        call_command("import_incidents", str(calls), "--agency", "nobody")
    (tmp_path / "list.json").write_text("[]")
    with pytest.raises(BadMapping):
        read_mapping(str(tmp_path / "list.json"))
    assert _cases() == []


def test_files_in_older_encodings_are_read(tmp_path: Path) -> None:
    file = tmp_path / "old.csv"
    for text, encoding in (("Café", "utf-8-sig"), ("Café", "cp1252"), ("\x81é", "latin-1")):
        file.write_bytes(f"a\n{text}\n".encode(encoding))
        assert read_sheet(file).rows[0].cells == [text]
    (tmp_path / "quote.csv").write_bytes(b'a\n"' + b"x" * 10_000_001 + b'"\n')
    with pytest.raises(BadSheet):
        read_sheet(tmp_path / "quote.csv")


def test_cells_of_a_spreadsheet_become_text() -> None:
    values = [None, 7, 7.0, 7.5, "a", date(2016, 8, 1), MIDNIGHT, True]
    assert [as_text(value) for value in values] == [
        "",
        "7",
        "7",
        "7.5",
        "a",
        "2016-08-01",
        "2016-08-01",
        "True",
    ]
    assert as_text(MIDNIGHT.replace(hour=10, minute=30)) == "2016-08-01T10:30:00"


@pytest.mark.parametrize(
    ("x", "y", "where"),
    [
        ("7644000", "683000", (45.519, -122.678)),
        ("0.0", "0.0", None),
        ("", "", None),
        ("nan", "1", None),
        ("inf", "1", None),
        ("7644000", "0", None),
        ("one", "two", None),
    ],
)
def test_coordinates_are_placed_or_said_to_be_nowhere(
    x: str, y: str, where: tuple[float, float] | None
) -> None:
    columns = read_mapping("portland").place
    found = placed(x, y, columns)
    assert (found and (round(found[0], 3), round(found[1], 3))) == where


def test_degrees_are_taken_as_they_are() -> None:
    assert placed("-0.1", "51.5", PlaceColumns()) == (51.5, -0.1)
    assert placed("0", "0", PlaceColumns()) is None


def test_every_row_of_the_published_files_is_accounted_for(tmp_path: Path) -> None:
    for file in (files.portland(tmp_path), files.police_uk(tmp_path)):
        sheet = read_sheet(file)
        parsed = parse(sheet, find_mapping(None, sheet.header))
        ids = {one.source_id for one in parsed.incidents}
        assert len(ids) == len(parsed.incidents)
        assert len(parsed.incidents) + parsed.repeated + len(parsed.errors) == len(sheet.rows)
        assert {one.reason for one in parsed.errors} <= {"The row is blank."}
