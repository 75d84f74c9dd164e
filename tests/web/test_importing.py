"""Importing from the screen: the template, the file, what it would make, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from agencies.codetable import code_table
from agencies.models import Agency
from cases.imports import uploads
from cases.imports.mapping import read_mapping
from cases.imports.workbook import COLUMNS, template
from cases.models import Case, ImportBatch, Item
from cases.services import amend_case
from tests.cases import incident_files
from tests.cast import Cast
from tests.web.conftest import Browser, text_of

HEADER = [title for title, *_ in COLUMNS]
HELP = [said for *_, said in COLUMNS]
ROW = {
    "Number": "26-0101",
    "Title": "Garage entered on Elm",
    "Type": "Burglary",
    "Status": "Suspended",
    "From": "2026-03-14 22:15",
    "To": "2026-03-15",
    "Address": "5 Elm Street",
    "City": "Alpha",
    "Latitude": "41.2565",
    "Longitude": "-95.9345",
    "Call": "BURG",
    "Outcome": "No suspect",
    "Summary": "Side door pried.",
}


def csv_of(*rows: dict[str, str], header: Sequence[str] = HEADER) -> bytes:
    """Return rows as a CSV file under the headings of the template."""
    lines = [",".join(header)]
    lines += [",".join(f'"{row.get(title, "")}"' for title in header) for row in rows]
    return "\n".join(lines).encode()


def filled(*rows: dict[str, Any]) -> bytes:
    """Return the template as somebody filled it in and saved it."""
    book = load_workbook(BytesIO(template()))
    for line, row in enumerate(rows, start=3):
        for place, title in enumerate(HEADER, start=1):
            if title in row:
                book["Incidents"].cell(line, place).value = row[title]
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def send(client: Client, raw: bytes, name: str = "march.csv") -> Any:
    """Send a file and return the page that answers it."""
    return client.post("/cases/import/", {"file": SimpleUploadedFile(name, raw)}, follow=True)


def act(client: Client, what: str) -> Any:
    """Import what waits, or take the last import back."""
    batch = ImportBatch.objects.latest("staged_at")
    return client.post(f"/cases/import/{batch.pk}/{what}/", follow=True)


def cases() -> dict[str, Case]:
    found = Case.objects.unrestricted("test").select_related("record")
    return {case.own_number: case for case in found}


def test_the_template_comes_back_as_it_is_filled_in(browse: Browser) -> None:
    ana = browse("ana")
    answer = ana.get("/cases/import/template/")
    assert 'filename="liaison-import-template.xlsx"' in answer["Content-Disposition"]
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    page = text_of(send(ana, filled(ROW), "march.xlsx"))
    assert "This file would make 1 case" in page
    assert "in error" not in page
    assert "Garage entered on Elm" in page
    assert ">Listed for partners</td>" in page
    assert not cases()
    assert "1 case imported" in text_of(act(ana, "make"))
    case = cases()["26-0101"]
    record = case.record
    assert (record.type, record.status, str(case.opened_on)) == (
        "burglary",
        "suspended",
        "2026-03-14",
    )
    items = Item.objects.unrestricted("test").filter(record__case=case.pk)
    fields = {item.kind: item.fields for item in items}
    assert fields["event"] == {
        "from": "2026-03-14T22:15:00+00:00",
        "to": "2026-03-15T23:59:00+00:00",
        "time_precision": "minute",
        "call": "BURG",
        "outcome": "No suspect",
    }
    assert fields["place"] == {
        "address": "5 Elm Street",
        "city": "Alpha",
        "lat": 41.2565,
        "lon": -95.9345,
        "precision": "street",
        "datum": "WGS84",
    }


def test_the_template_lists_every_value_that_the_import_takes() -> None:
    book = load_workbook(BytesIO(template()))
    assert book.sheetnames == ["Incidents", "Values", "About this file"]
    columns = list(book["Values"].iter_cols(min_row=2, values_only=True))
    types, statuses = ({one for one in column if one} for column in columns)
    mapping = read_mapping("template")
    assert types == {str(value["label"]) for value in code_table("case_types")["values"]}
    assert {str(one).casefold() for one in statuses} == set(mapping.status.values)
    assert [cell.value for cell in book["Incidents"][1]] == HEADER
    assert {*mapping.used} <= set(HEADER)


def test_times_are_those_of_the_agency(browse: Browser, cast: Cast) -> None:
    Agency.objects.filter(pk=cast.id("alpha")).update(time_zone="America/Chicago")
    ana = browse("ana")
    assert "14 Mar 2026, 22:15" in text_of(send(ana, csv_of(ROW)))
    act(ana, "make")
    event = Item.objects.unrestricted("test").get(kind="event")
    assert event.fields["from"] == "2026-03-14T22:15:00-05:00"


def test_the_same_file_again_changes_nothing(browse: Browser) -> None:
    ana = browse("ana")
    send(ana, csv_of(ROW))
    act(ana, "make")
    page = send(ana, csv_of(ROW))
    assert "This file would make no case" in text_of(page)
    assert "1 unchanged" in text_of(page)
    assert "unchanged" not in text_of(send(ana, csv_of({**ROW, "Number": "2"})))
    page = send(ana, csv_of(ROW))
    assert b"/make/" not in page.content
    assert len(cases()) == 1


def test_rows_in_error_are_named_and_the_good_ones_kept(browse: Browser) -> None:
    ana = browse("ana")
    bad = [
        {**ROW, "Number": ""},
        {**ROW, "Number": "2", "Type": "Robery"},
        {**ROW, "Number": "3", "From": "last week"},
        {**ROW, "Number": "4", "To": "2026-03-13"},
        {**ROW, "Number": "5", "From": "2999-01-01"},
        {**ROW, "Number": "6", "Status": "lost"},
        {**ROW, "Number": "7", "From": "2026-03-14", "To": "2026-03-13"},
    ]
    page = text_of(send(ana, csv_of(ROW, *bad)))
    batch = ImportBatch.objects.get()
    assert [(row, column) for row, column, _ in batch.errors] == [
        (3, "Number"),
        (4, "Type"),
        (5, "From"),
        (6, "To"),
        (7, "From"),
        (8, "Status"),
        (9, "To"),
    ]
    assert "7 rows in error" in page
    for reason in {reason for *_, reason in batch.errors}:
        assert reason in page
    act(ana, "make")
    assert set(cases()) == {"26-0101"}


@pytest.mark.parametrize(
    ("begins", "ends", "kept"),
    [
        ("2026-03-14", "", ("2026-03-14", "2026-03-14", "day")),
        ("03/14/2026", "2026-03-16", ("2026-03-14", "2026-03-16", "day")),
        (
            "2026-03-14",
            "2026-03-14 05:00",
            ("2026-03-14T00:00:00+00:00", "2026-03-14T05:00:00+00:00", "day"),
        ),
        (
            "2026-03-14T22:15:00",
            "",
            ("2026-03-14T22:15:00+00:00", "2026-03-14T22:15:00+00:00", "minute"),
        ),
    ],
)
def test_days_and_times_are_kept_as_exactly_as_they_were_said(
    browse: Browser, begins: str, ends: str, kept: tuple[str, str, str]
) -> None:
    ana = browse("ana")
    send(ana, csv_of({**ROW, "From": begins, "To": ends}))
    act(ana, "make")
    fields = Item.objects.unrestricted("test").get(kind="event").fields
    assert (fields["from"], fields["to"], fields["time_precision"]) == kept


def test_of_a_formula_the_value_counts_and_in_a_csv_it_is_text(browse: Browser) -> None:
    made = BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet()
        for place, title in enumerate(HEADER):
            sheet.write(0, place, title)
            sheet.write(1, place, ROW[title])
        sheet.write_formula(1, HEADER.index("Title"), '="Garage"&" on Elm"', None, "Garage on Elm")
    ana = browse("ana")
    send(ana, made.getvalue(), "march.xlsx")
    act(ana, "make")
    assert cases()["26-0101"].record.title == "Garage on Elm"
    send(ana, csv_of({**ROW, "Number": "2", "Title": "=HYPERLINK(1)"}))
    act(ana, "make")
    assert cases()["2"].record.title == "=HYPERLINK(1)"


def test_a_published_file_is_taken_as_it_is(browse: Browser) -> None:
    ana = browse("ana")
    rows = [dict(zip(incident_files.POLICE_UK, row, strict=True)) for row in
            incident_files.POLICE_UK_ROWS]  # fmt: skip
    page = text_of(send(ana, csv_of(*rows, header=incident_files.POLICE_UK)))
    assert "This file would make 5 cases" in page
    assert "1 more with a number that stands in the file already" in page


def zipped(**parts: bytes) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as packed:
        for name, raw in parts.items():
            packed.writestr(name.replace("__", "/").replace("_xml", ".xml"), raw)
    return made.getvalue()


REFUSED = {
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "neither a CSV nor an XLSX file"),
    "an old workbook": (b"\xd0\xcf\x11\xe0" + bytes(20), "an old Excel file"),
    "another archive": (zipped(a=b"b"), "neither a CSV nor an XLSX file"),
    "a broken workbook": (zipped(xl__workbook_xml=b"<"), "damaged"),
    "a broken archive": (b"PK\x03\x04" + bytes(20), "damaged"),
    "other columns": (b"Name,Phone\nA,B\n", "not those of the template"),
    "only blanks": (b"\n , \n", "The file is empty"),
    "nothing": (b"", "The file is empty"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_such_table_is_refused_in_words(browse: Browser, what: str) -> None:
    raw, said = REFUSED[what]
    answer = send(browse("ana"), raw, "march.xlsx")
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not ImportBatch.objects.exists()


def test_no_file_is_asked_for_again(browse: Browser) -> None:
    answer = browse("ana").post("/cases/import/", {})
    assert (answer.status_code, "Choose a file." in text_of(answer)) == (422, True)


def test_files_are_taken_up_to_their_limits(
    browse: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, two = browse("ana"), csv_of(ROW, {**ROW, "Number": "2"})
    workbook = filled(ROW)
    monkeypatch.setattr(uploads, "MOST_ROWS", 2)
    assert "would make 2 cases" in text_of(send(ana, two))
    monkeypatch.setattr(uploads, "MOST_ROWS", 1)
    assert "more than 5,000 rows" in text_of(send(ana, two))
    monkeypatch.setattr(uploads, "MOST_ROWS", 5_000)
    monkeypatch.setattr(uploads, "MOST_BYTES", len(two))
    assert "would make 2 cases" in text_of(send(ana, two))
    monkeypatch.setattr(uploads, "MOST_BYTES", len(two) - 1)
    assert "larger than 5 MB" in text_of(send(ana, two))
    monkeypatch.setattr(uploads, "MOST_BYTES", 10**6)
    assert "would make 1 case" in text_of(send(ana, workbook, "march.xlsx"))
    monkeypatch.setattr(uploads, "MOST_UNPACKED", 1000)
    assert "unpacks to more" in text_of(send(ana, workbook, "march.xlsx"))


def test_an_import_is_taken_back_but_for_what_was_changed_since(
    browse: Browser, cast: Cast
) -> None:
    ana = browse("ana")
    send(ana, csv_of(*({**ROW, "Number": str(one)} for one in range(4))))
    assert "Take this import back" in text_of(act(ana, "make"))
    amend_case(cast.actor("sam"), cases()["2"].pk, version=1, title="Two garages on Elm")
    page = text_of(act(ana, "undo"))
    assert "3 of 4 taken back; 1 was changed or shared since and stays" in page
    assert {number for number, case in cases().items() if case.record.status == "closed"} == {
        *("0", "1", "3")
    }
    assert "Taken back" in text_of(browse("sam").get("/cases/import/"))


def test_another_agency_finds_no_import(browse: Browser) -> None:
    ana = browse("ana")
    send(ana, csv_of(ROW))
    batch = ImportBatch.objects.get()
    for step in ("", "make/", "undo/"):
        address = f"/cases/import/{batch.pk}/{step}"
        for name in ("stella", "ash"):
            client = browse(name)
            answer = client.post(address) if step else client.get(address)
            assert answer.status_code == 404
    assert ana.get(f"/cases/import/{batch.pk}/").status_code == 200
    assert "Imports so far" not in text_of(browse("stella").get("/cases/import/"))


@pytest.mark.parametrize("name", ["lee", "ida", "cora"])
def test_who_imports_nothing_is_told_so_and_shown_no_way_there(browse: Browser, name: str) -> None:
    client = browse(name)
    for address in ("/cases/import/", "/cases/import/template/"):
        answer = client.get(address)
        assert answer.status_code == 403
        assert "Only the" in text_of(answer)
    for address in ("/", "/cases/"):
        assert b"/cases/import/" not in client.get(address).content


@pytest.mark.parametrize("name", ["ana", "sam"])
def test_who_imports_finds_the_way_from_home_and_from_the_list(browse: Browser, name: str) -> None:
    for address in ("/", "/cases/"):
        assert b'href="/cases/import/"' in browse(name).get(address).content


def test_the_way_is_not_shown_to_an_agency_that_does_not_exchange(
    browse: Browser, cast: Cast
) -> None:
    Agency.objects.filter(pk=cast.id("alpha")).update(status="limited_access")
    client = browse("ana")
    assert b"/cases/import/" not in client.get("/cases/").content
    assert "does not exchange" in text_of(client.get("/cases/import/"))
