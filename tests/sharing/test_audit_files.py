"""The auditor's answer as a file: itself recorded, no formulas, and complete to an entry."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.db import DatabaseError

from agencies.codes import Role
from agencies.refusals import NotAllowed
from cases.services import open_case, print_case
from ledger.completeness import Completeness
from ledger.models import Event
from ledger.services import record_event
from sharing.audit import files
from sharing.audit.files import as_csv, for_paper, safe, sealed_in_words, take_answer
from sharing.audit.question import question_about
from sharing.audit.weakness import says_nothing
from sharing.disclosure import LedgerUnavailable
from sharing.services.handing_over import log_hand_over
from tests.cast import in_days, two_agencies
from tests.sharing import factory as make
from tests.sharing.test_audit import Read


@pytest.fixture
def world(db: None) -> Read:
    return Read()


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_making_a_file_is_an_event_of_ones_agency(world: Read) -> None:
    take_answer(world.ida, world.ask(since=make.days(-3)), kind="csv")
    event = Event.objects.get(kind="log.exported")
    assert (event.target, event.records) == (world.case.pk, [world.case.pk])
    assert (event.concerns, event.agency) == ([world.alpha.pk], world.alpha.pk)
    assert (event.facts["format"], event.facts["lines"]) == ("csv", 3)
    assert event.facts["until"] is None
    assert event.facts["since"]


def test_no_log_no_file(world: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("the ledger is full")

    question = world.ask()
    monkeypatch.setattr(files, "record_event", full)
    with pytest.raises(LedgerUnavailable):
        take_answer(world.ida, question, kind="csv")
    assert not Event.objects.filter(kind="log.exported").exists()


def test_only_who_may_ask_takes_a_file(world: Read) -> None:
    question = world.ask()
    for actor in (world.ana, world.someone(Role.COORDINATOR)):
        with pytest.raises(NotAllowed):
            take_answer(actor, question, kind="csv")
    assert take_answer(world.sam, question, kind="csv").made_by.pk == world.sam.membership_id


def test_the_csv_has_the_lines_in_utc_and_says_what_it_is_complete_to(world: Read) -> None:
    answer = take_answer(world.ida, world.ask(), kind="csv")
    rows = rows_of(as_csv(answer))
    lines = [dict(zip(rows[0], row, strict=True)) for row in rows[1:4]]
    assert [(line["section"], line["what"]) for line in lines] == [
        ("outside", "Listed"),
        ("outside", "Opened"),
        ("inside", "Opened"),
    ]
    assert lines[1]["time_utc"].endswith("+00:00")
    assert (lines[1]["person"], lines[1]["their_case"]) == ("Bo", "BR-77")
    assert (lines[0]["basis_derived"], lines[1]["basis_derived"]) == ("yes", "")
    assert rows[4] == []
    about = dict(rows[5:])
    assert about["case"] == world.case.number
    assert (about["complete_to_entry"], about["sealed_at_utc"]) == ("0", "")
    assert about["left_out_of_outside"] == "nothing"


def test_a_line_says_to_whom_a_copy_or_a_word_went(db: None) -> None:
    cast = two_agencies()
    ana = cast.actor("ana")
    case = open_case(ana, title="Garages", summary="Side doors.", type="burglary")
    said = {"purpose": "criminal_justice", "for_case": "AL-1"}
    number = print_case(ana, case.pk, recipient="Chief Lee", **said).copy.number
    told = {"means": "voice", "told_at": in_days(0), "purpose": "criminal_justice"}
    log_hand_over(ana, case.pk, agency_id=cast.id("bravo"), **told)
    log_hand_over(ana, case.pk, recipient="Sgt. Wu", **told)
    question = question_about(cast.actor("ida"), case.pk)
    assert question is not None
    rows = rows_of(as_csv(take_answer(cast.actor("ida"), question, kind="csv")))
    lines = [dict(zip(rows[0], row, strict=True)) for row in rows[1:4]]
    assert [(line["section"], line["what"], line["to"]) for line in lines] == [
        ("outside", "Told outside the portal", "Sgt. Wu (by voice)"),
        ("outside", "Told outside the portal", "Bravo Police (by voice)"),
        ("inside", "Printed", "Chief Lee"),
    ]
    assert [line["copy"] for line in lines] == ["", "", number]


def test_a_file_says_where_it_leaves_lines_out(
    world: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(files.MOST, "csv", 1)
    answer = take_answer(world.ida, world.ask(), kind="csv")
    about = dict(rows_of(as_csv(answer))[4:])
    assert about["left_out_of_outside"] == "older lines"
    assert about["left_out_of_inside"] == "nothing"
    assert [part["more"] for part in for_paper(answer)["sections"]] == [1, 0, 0, 0]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(world: Read, cell: str) -> None:
    assert safe(cell) == f"'{cell}"
    assert safe(f"x{cell}") == f"x{cell}"
    record_event(
        world.bo,
        "record.opened",
        records=[world.case.pk],
        concerns=[world.alpha.pk],
        for_case=cell.strip() or "x",
    )
    text = as_csv(take_answer(world.ida, world.ask(), kind="csv"))
    assert all(not field.startswith(files.FORMULAS) for row in rows_of(text) for field in row)


def test_the_paper_says_the_period_the_seal_and_each_line(world: Read) -> None:
    said = for_paper(take_answer(world.ida, world.ask(), kind="pdf"))
    assert (said["number"], said["agency"]) == (world.case.number, "Alpha Police")
    assert said["period"] == "from the beginning until now"
    assert said["sealed"] == "Nothing is sealed yet."
    assert [len(part["lines"]) for part in said["sections"]] == [2, 1, 0, 0]
    assert said["readers"][0]["counts"] == "Listed 1, Opened 1"
    opened = said["sections"][0]["lines"][1]
    assert opened[1].startswith("Bo\nInvestigator / analyst\nBravo Police")
    assert "agreement" in opened[4]
    bounded = world.ask(since=make.days(-2), until=make.days(2))
    later = for_paper(take_answer(world.ida, bounded, kind="pdf"))
    assert later["period"].startswith("from ")
    assert " up to " in later["period"]


def test_what_is_on_paper_is_no_content(world: Read) -> None:
    make.change(world.case.record, title="Zq-secret-title")
    make.change(world.item, title="Zq-secret-item")
    for kind in ("csv", "pdf"):
        answer = take_answer(world.ida, world.ask(), kind=kind)
        assert "Zq-secret" not in as_csv(answer) + str(for_paper(answer))


def test_the_paper_names_the_seal(world: Read) -> None:
    sealed = Completeness(12, 3, "ab" * 32, make.days(0), 0)
    said = sealed_in_words(sealed)
    assert said.startswith("Complete to entry 12, sealed ")
    assert said.endswith(", batch 3, root abababababababab.")


@pytest.mark.parametrize(
    ("reason", "empty"),
    [
        ("", True),
        ("case", True),
        ("Inv.", True),
        ("police work", True),
        ("case 12", True),
        ("BR-77", False),
        ("Same pry marks", False),
        ("ongoing investigation of the robbery at the pier", False),
    ],
)
def test_a_reason_says_something_or_nothing(reason: str, empty: bool) -> None:
    assert says_nothing(reason) is empty
