"""Opening and amending a case."""

from __future__ import annotations

from typing import Any

import pytest

from agencies.codes import Sensitivity
from agencies.refusals import Conflict, Invalid, NotAllowed, NotVisible, Stale
from cases.models import Case, Item
from cases.numbers import free_numbers
from cases.services import add_item, amend_case, open_case
from ledger.models import Event
from sharing.actions import Action
from sharing.models import Revision, SearchDocument
from tests.cast import Cast, two_agencies

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return two_agencies()


def opened(cast: Cast, who: str = "ana", **changes: Any) -> Case:
    return open_case(cast.actor(who), **{"title": "Pry bar series", "type": "burglary", **changes})


def test_a_case_takes_its_defaults_from_its_type_and_class(cast: Cast) -> None:
    case = opened(cast)
    record = case.record
    assert (record.owner_id, record.cover_id, record.category) == (
        cast.id("alpha"),
        case.pk,
        "investigation",
    )
    assert (record.findability, record.sensitivity, record.status, record.handling) == (
        "listed",
        Sensitivity.SENSITIVE,
        "open",
        ["LES"],
    )


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ({"type": "sexual_assault"}, ("contact_only", "investigation")),
        ({"type": "robbery", "grouping": "incident"}, ("listed", "incident_report")),
        ({"type": "gang_organized"}, ("silent", "gang")),
        ({"type": "drugs", "grouping": "intelligence"}, ("silent", "criminal_intelligence")),
        ({"type": "drugs", "findability": "listed"}, ("listed", "investigation")),
    ],
)
def test_type_and_class_decide_who_finds_a_case(
    cast: Cast, kind: dict[str, str], expected: tuple[str, str]
) -> None:
    record = opened(cast, **kind).record
    assert (record.findability, record.category) == expected


def test_numbers_are_random_within_agency_and_year(cast: Cast) -> None:
    case = opened(cast, opened_on="2025-02-03")
    prefix, year, tail = case.number.split("-")
    assert (prefix, year, len(tail)) == ("ALPHA", "25", 5)
    assert set(tail) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def test_a_number_that_is_taken_is_drawn_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["ALPHA-26-AAAAA", "ALPHA-26-AAAAA", "ALPHA-26-BBBBB"])
    monkeypatch.setattr("cases.services.opening.random_number", lambda *_: next(drawn))
    assert [opened(cast).number, opened(cast).number] == ["ALPHA-26-AAAAA", "ALPHA-26-BBBBB"]


def test_numbers_of_a_batch_differ_from_each_other_and_from_those_given_out(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.services.opening.random_number", lambda *_: "ALPHA-26-AAAAA")
    opened(cast)
    drawn = iter(["AAAAA", "BBBBB", "BBBBB", "CCCCC", "DDDDD"])
    monkeypatch.setattr("cases.numbers.random_number", lambda *_: f"ALPHA-26-{next(drawn)}")
    found = list(free_numbers(cast.agencies["alpha"], [2026, 2026, 2026]))
    assert found == ["ALPHA-26-CCCCC", "ALPHA-26-BBBBB", "ALPHA-26-DDDDD"]


def test_where_no_number_is_free_the_case_is_refused(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.services.opening.random_number", lambda *_: "ALPHA-26-AAAAA")
    monkeypatch.setattr("cases.numbers.random_number", lambda *_: "ALPHA-26-AAAAA")
    opened(cast)
    with pytest.raises(Conflict):
        opened(cast)
    with pytest.raises(RuntimeError):
        list(free_numbers(cast.agencies["alpha"], [2026]))


def test_opening_keeps_a_revision_an_event_and_what_it_is_found_by(cast: Cast) -> None:
    case = opened(cast, summary="Four entries", own_number="24-1832")
    event = Event.objects.get(kind="case.opened")
    assert (event.target, event.records, event.agency) == (case.pk, [case.pk], cast.id("alpha"))
    assert Revision.objects.get(record=case.pk).content["summary"] == "Four entries"
    found = {one.level: (one.text, one.keys) for one in SearchDocument.objects.all()}
    number = case.number.replace("-", "")
    assert found == {
        2: (f"Pry bar series {case.number} Burglary", [number]),
        3: ("Four entries 24-1832", ["241832"]),
    }


def test_a_case_above_ones_own_ceiling_is_refused_and_one_within_is_not(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        opened(cast, "abe", sensitivity="sensitive")
    assert set(refused.value.errors) == {"sensitivity"}
    assert opened(cast, "abe").record.sensitivity == Sensitivity.ROUTINE
    assert opened(cast, "ana", sensitivity="confidential").record.sensitivity == 3


@pytest.mark.parametrize("who", ["ida", "cora"])
def test_roles_that_read_no_cases_open_none(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        opened(cast, who)
    assert not Case.objects.unrestricted("test").exists()


@pytest.mark.parametrize("who", ["ana", "sam", "lee"])
def test_roles_that_read_cases_open_them(cast: Cast, who: str) -> None:
    assert opened(cast, who).record.owner_id == cast.id("alpha")


def test_nobody_opens_a_case_for_another_agency(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        opened(cast, owner=cast.agencies["bravo"])
    assert opened(cast, owner=cast.agencies["alpha"]).agency_id == cast.id("alpha")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"title": "a\ud800b"}, "title"),
        ({"title": 7}, "title"),
        ({"summary": "\x00"}, "summary"),
        ({"summary": "x" * 1_000_000}, "summary"),
        ({"type": "mischief"}, "type"),
        ({"type": ["robbery"]}, "type"),
        ({"grouping": "case"}, "grouping"),
        ({"category": "secrets"}, "category"),
        ({"own_number": "\udcff"}, "own_number"),
        ({"own_number": "9" * 81}, "own_number"),
        ({"sensitivity": "cosmic"}, "sensitivity"),
        ({"sensitivity": 9}, "sensitivity"),
        ({"sensitivity": [2]}, "sensitivity"),
        ({"findability": "hidden"}, "findability"),
        ({"opened_on": "2999-01-01"}, "opened_on"),
        ({"opened_on": "soon"}, "opened_on"),
        ({"handling": "LES"}, "handling"),
        ({"restrictions": ["nothing"]}, "restrictions"),
        ({"restrictions": "juvenile"}, "restrictions"),
        ({"offences": [{"nibrs": "120", "guilty": True}]}, "offences"),
        ({"offences": [{"stage": "D"}]}, "offences"),
        ({"offences": {}}, "offences"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(
    cast: Cast, sent: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        opened(cast, **sent)
    assert set(refused.value.errors) == {field}
    assert not Event.objects.filter(kind="case.opened").exists()


def test_a_case_is_not_opened_as_closed_but_may_be_proposed(cast: Cast) -> None:
    with pytest.raises(Conflict):
        opened(cast, status="closed")
    assert opened(cast, status="proposed").record.status == "proposed"


def test_the_same_source_is_not_opened_twice(cast: Cast) -> None:
    opened(cast, source="rms", source_id="7")
    with pytest.raises(Conflict):
        opened(cast, source="rms", source_id="7")
    assert opened(cast, source="rms", source_id="8").source_id == "8"


def test_amending_saves_a_version_with_its_history(cast: Cast) -> None:
    case = opened(cast)
    saved = amend_case(
        cast.actor("sam"),
        case.pk,
        version=1,
        title="Pry bar series, east side",
        summary="Now six entries",
        own_number="24-1832",
        offences=[{"nibrs": "220", "counts": 6}],
        opened_on="2026-01-05",
    )
    assert (saved.record.version, saved.record.title, saved.own_number_key) == (
        2,
        "Pry bar series, east side",
        "241832",
    )
    assert Event.objects.get(kind="case.amended").facts["fields"] == [
        "offences",
        "opened_on",
        "own_number",
        "summary",
        "title",
    ]
    versions = Revision.objects.filter(record=case.pk).order_by("version")
    assert [one.content["summary"] for one in versions] == ["", "Now six entries"]
    again = Case.objects.unrestricted("test").get(pk=case.pk)
    assert (again.summary, again.opened_on.isoformat()) == ("Now six entries", "2026-01-05")


def test_a_stale_version_changes_nothing(cast: Cast) -> None:
    case = opened(cast)
    amend_case(cast.actor("ana"), case.pk, version=1, title="First")
    with pytest.raises(Stale) as refused:
        amend_case(cast.actor("sam"), case.pk, version=1, title="Second", summary="Lost")
    assert refused.value.current == 2
    again = Case.objects.unrestricted("test").select_related("record").get(pk=case.pk)
    assert (again.record.title, again.summary) == ("First", "")


def test_strangers_and_lower_ceilings_find_nothing_to_amend(cast: Cast) -> None:
    case = opened(cast)
    for who in ("bo", "abe", "ida"):
        with pytest.raises(NotVisible):
            amend_case(cast.actor(who), case.pk, version=1, title="Mine")
    assert amend_case(cast.actor("lee"), case.pk, version=1, title="Ours").record.title == "Ours"


def test_status_moves_along_the_table_only(cast: Cast) -> None:
    case = opened(cast)
    ana = cast.actor("ana")
    with pytest.raises(Conflict):
        amend_case(ana, case.pk, version=1, status="archived")
    amend_case(ana, case.pk, version=1, status="closed", disposition="cleared_arrest")
    saved = amend_case(ana, case.pk, version=2, status="archived")
    assert (saved.record.status, saved.disposition) == ("archived", "cleared_arrest")


def test_only_release_authority_takes_off_a_restriction(cast: Cast) -> None:
    case = opened(cast, restrictions=["grand_jury"])
    with pytest.raises(NotAllowed):
        amend_case(cast.actor("ana"), case.pk, version=1, restrictions=[])
    saved = amend_case(cast.actor("sam"), case.pk, version=1, restrictions=["alpr"])
    assert saved.record.restrictions == ["alpr"]


def test_items_follow_the_envelope_of_their_case(cast: Cast) -> None:
    case, ana = opened(cast), cast.actor("ana")
    low = add_item(ana, case.pk, kind="note", title="Low")
    high = add_item(ana, case.pk, kind="note", title="High", sensitivity="confidential")
    amend_case(
        ana, case.pk, version=3, sensitivity="confidential", category="gang", findability="silent"
    )
    assert envelopes(case) == {
        low.pk: (3, "gang", "silent"),
        high.pk: (3, "gang", "silent"),
    }
    amend_case(ana, case.pk, version=4, sensitivity="routine")
    assert {held for held, _, _ in envelopes(case).values()} == {3}


def envelopes(case: Case) -> dict[object, tuple[int, str, str]]:
    items = Item.objects.unrestricted("test").select_related("record")
    return {
        one.pk: (one.record.sensitivity, one.record.category, one.record.findability)
        for one in items.filter(record__case_id=case.pk)
    }


def test_the_owners_people_read_what_they_opened(cast: Cast) -> None:
    case = opened(cast)
    readers = {
        who
        for who in ("ana", "abe", "sam", "lee", "ida", "cora", "bo", "stella")
        if Case.objects.permitting(cast.actor(who), Action.READ).filter(pk=case.pk).exists()
    }
    assert readers == {"ana", "sam", "lee"}
