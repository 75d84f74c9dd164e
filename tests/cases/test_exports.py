"""Lists as files: who may take out what, that it is logged, and that no cell is a formula."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError
from openpyxl import load_workbook

from agencies.cells import LONGEST, safe
from agencies.codes import Level
from cases.exports.files import as_csv, as_xlsx
from cases.models import Case
from cases.services import open_case
from ledger.models import Event
from sharing.disclosure import LedgerUnavailable
from sharing.exports import exportable, take_out
from sharing.models import Record
from tests.cast import Cast, shared, two_agencies

HARMLESS = ["", "Garage", "24-1832", "a=b", "(555) 0100", "é", "'quoted"]
HARMFUL = [
    "=1+1",
    "+1 555 0100",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\u00a0=1",
    "\u3000=1",
    "\ufeff=1",
    "\u200b=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    "|calc",
    "%0A",
]


@pytest.fixture
def cast(db: None) -> Cast:
    return two_agencies()


def a_case(cast: Cast, title: str, name: str = "ana") -> Case:
    return open_case(cast.actor(name), title=title, type="burglary", summary="S")


def record(case: Case) -> Record:
    return Record.objects.unrestricted("a test").get(pk=case.pk)


def taken(cast: Cast, name: str) -> dict[str, Level]:
    """Return what a person may take out and how much of it, by title."""
    found = exportable(cast.actor(name), Case.objects.select_related("record"))
    return {one.record.title: Level(one.access_level) for one in found}  # type: ignore[attr-defined]


def test_one_s_own_may_be_taken_out(cast: Cast) -> None:
    a_case(cast, "Ours")
    assert taken(cast, "ana") == {"Ours": Level.MANAGE}
    assert [taken(cast, name) for name in ("bo", "ida", "cora")] == [{}] * 3


def test_what_was_received_takes_the_owner_s_leave(cast: Cast) -> None:
    shared(cast, record(a_case(cast, "Read only")))
    shared(cast, record(a_case(cast, "With leave")), export=True)
    assert taken(cast, "bo") == {"With leave": Level.VIEW}


def test_contact_only_is_nothing_to_take_out(cast: Cast) -> None:
    shared(cast, record(a_case(cast, "Pointed")), level=Level.POINTER, export=True)
    assert taken(cast, "bo") == {}


def test_no_more_leaves_than_the_leave_covers(cast: Cast) -> None:
    case = record(a_case(cast, "Read in full"))
    cast.agree("M2", "alpha", "bravo")
    shared(cast, case, agreement_id=cast.agreements["M1"].pk)
    cast.task_force("river", "alpha", "M2", "bo")
    shared(cast, case, to="river", level=Level.SUMMARY, export=True)
    assert taken(cast, "bo") == {"Read in full": Level.SUMMARY}


def test_leave_ends_with_the_access(cast: Cast) -> None:
    from sharing.services import revoke_grant

    grant = shared(cast, record(a_case(cast, "With leave")), export=True)
    assert taken(cast, "bo") == {"With leave": Level.VIEW}
    revoke_grant(cast.actor("ana"), grant.pk, reason_code="need_ended")
    assert taken(cast, "bo") == {}


def test_one_event_names_all_that_was_taken_out(cast: Cast) -> None:
    theirs, ours = a_case(cast, "Theirs"), a_case(cast, "Ours", "bo")
    shared(cast, record(theirs), export=True)
    left = a_case(cast, "Left")
    shared(cast, record(left))
    cases = Case.objects.filter(pk__in=[theirs.pk, ours.pk, left.pk])
    found = take_out(cast.actor("bo"), cases, channel="csv")
    assert {one.pk for one in found} == {theirs.pk, ours.pk}
    event = Event.objects.get(kind="record.exported")
    assert set(event.records) == {theirs.pk, ours.pk}
    assert set(event.concerns) == {cast.id("alpha"), cast.id("bravo")}
    assert event.facts == {"channel": "csv"}


def test_nothing_taken_out_is_no_event(cast: Cast) -> None:
    a_case(cast, "Ours")
    assert take_out(cast.actor("bo"), Case.objects.all(), channel="csv") == []
    assert not Event.objects.filter(kind="record.exported").exists()


def test_no_log_no_file(cast: Cast) -> None:
    a_case(cast, "Ours")
    with (
        mock.patch("sharing.exports.record_event", side_effect=OperationalError),
        pytest.raises(LedgerUnavailable),
    ):
        take_out(cast.actor("ana"), Case.objects.all(), channel="csv")


@pytest.mark.parametrize("text", HARMLESS)
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize("text", HARMFUL)
def test_what_could_be_run_is_text(text: str) -> None:
    assert safe(text) == f"'{text}"


def test_nothing_is_an_empty_cell_and_long_text_is_cut() -> None:
    assert safe(None) == ""
    assert len(safe("x" * (LONGEST + 5))) == LONGEST


def test_a_table_keeps_commas_quotes_and_lines() -> None:
    row = ['He said "no", twice', "two\nlines", "=cmd"]
    made = as_csv(["Title", "Text", "Odd"], [row], ["Left out: 1"])
    read = list(csv.reader(StringIO(made.decode("utf-8-sig"), newline="")))
    assert read == [["Title", "Text", "Odd"], [row[0], row[1], "'=cmd"], ["Left out: 1"]]


def test_a_workbook_holds_text_alone() -> None:
    made = as_xlsx(["Title"], [["=1+1"], ["http://x.example"], ["007"]], ["Left out: 1"])
    book: Any = load_workbook(BytesIO(made))
    cells = [row[0] for row in book["Cases"].iter_rows()]
    assert [cell.value for cell in cells] == ["Title", "'=1+1", "http://x.example", "007"]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.hyperlink for cell in cells} == {None}
    assert [row[0].value for row in book["About this file"].iter_rows()] == ["Left out: 1"]
