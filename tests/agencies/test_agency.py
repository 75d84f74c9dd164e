"""Agencies come on board and move from status to status."""

from __future__ import annotations

from typing import Any

import pytest

from agencies.codes import AgencyStatus
from agencies.models import Agency, Roster
from agencies.refusals import Conflict, Invalid, NotAllowed
from agencies.services import register_agency, set_agency_status
from agencies.standing import MOVES, event_between
from tests.agencies.cast import PORTAL, Cast, events, last_event, on_board

GOOD: dict[str, Any] = {"short_name": "delta", "name": "Delta Police", "kind": "municipal"}


def test_an_agency_comes_on_board_with_its_roster_and_its_event(db: None) -> None:
    agency = register_agency(PORTAL, **GOOD, ori="zz0010000", contact="+1 555 0100")
    assert (agency.status, agency.ori, agency.version) == ("active", "ZZ0010000", 1)
    assert Roster.objects.get(pk=agency.pk).agency == agency
    event = last_event()
    assert (event.kind, event.target, event.concerns) == (
        "agency.registered",
        agency.pk,
        [agency.pk],
    )


def test_registering_the_same_agency_again_changes_nothing(db: None) -> None:
    first = on_board("delta", ori="ZZ0010000")
    before = events()
    assert on_board("delta", ori="ZZ0010000") == first
    assert events() == before


@pytest.mark.parametrize(
    "other", [{"name": "Another"}, {"ori": "ZZ0020000"}, {"short_name": "other"}]
)
def test_a_taken_short_name_or_ori_is_refused(db: None, other: dict[str, str]) -> None:
    register_agency(PORTAL, **GOOD, ori="ZZ0010000")
    with pytest.raises(Conflict, match="on board with other particulars"):
        register_agency(PORTAL, **{**GOOD, "ori": "ZZ0010000", **other})


def test_a_short_name_is_taken_whatever_its_case(db: None) -> None:
    on_board("delta")
    with pytest.raises(Conflict):
        on_board("DELTA")


def test_an_entry_of_the_directory_keeps_its_id_when_it_comes_on_board(db: None) -> None:
    entry = Agency.objects.create(name="Delta", ori="ZZ0010000", state="ZZ", county="Lake")
    agency = register_agency(PORTAL, **GOOD, ori="zz0010000")
    assert (agency.pk, agency.name, agency.status) == (entry.pk, "Delta Police", "active")
    assert (agency.county, agency.version) == ("Lake", 2)
    assert Agency.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("short_name", ""),
        ("short_name", "two words"),
        ("short_name", "x" * 41),
        ("short_name", "ünder"),
        ("name", "  "),
        ("name", "a\x00b"),
        ("name", "a\ud800b"),
        ("name", "x" * 201),
        ("ori", "ZZ1"),
        ("ori", "ZZ001000Ä"),
        ("kind", "club"),
        ("tier", "gold"),
        ("status", "directory"),
        ("status", "gone"),
        ("contact", "x" * 81),
        ("time_zone", "Mars/Olympus"),
    ],
)
def test_a_wrong_value_is_refused_by_its_field(db: None, field: str, value: str) -> None:
    with pytest.raises(Invalid) as refusal:
        register_agency(PORTAL, **{**GOOD, field: value})
    assert set(refusal.value.errors) == {field}
    assert not Agency.objects.exists()


@pytest.mark.parametrize("name", ["ana", "sam", "lee", "kim", "ida"])
def test_only_an_administrator_registers_and_suspends(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed, match="Only a portal administrator"):
        register_agency(cast.acts(name), **GOOD)
    with pytest.raises(NotAllowed, match="Only a portal administrator"):
        set_agency_status(cast.acts(name), cast.bravo, status="suspended")
    assert register_agency(cast.root, **GOOD).status == "active"
    assert set_agency_status(cast.root, cast.bravo, status="suspended").status == "suspended"


def test_a_disabled_administrator_does_nothing(cast: Cast) -> None:
    from agencies.models import Person

    Person.objects.filter(pk=cast.root.person_id).update(is_active=False)
    with pytest.raises(NotAllowed):
        register_agency(cast.root, **GOOD)


def test_a_change_of_status_is_written_once_with_its_reason(cast: Cast) -> None:
    agency = set_agency_status(
        cast.root, cast.bravo, status="suspended", reason_code="agency_status"
    )
    event = last_event()
    assert (event.kind, event.target, event.person) == (
        "agency.suspended",
        cast.bravo.pk,
        cast.root.person_id,
    )
    assert event.facts == {"was": "active", "now": "suspended", "reason": "agency_status"}
    before = events()
    assert set_agency_status(cast.root, agency, status="suspended").version == agency.version
    assert events() == before


def test_a_suspended_agency_is_reinstated_and_a_closed_one_is_not(cast: Cast) -> None:
    set_agency_status(PORTAL, cast.bravo, status="suspended")
    assert set_agency_status(PORTAL, cast.bravo, status="active").status == "active"
    set_agency_status(PORTAL, cast.bravo, status="closed")
    with pytest.raises(Conflict, match="is closed; it cannot become active"):
        set_agency_status(PORTAL, cast.bravo, status="active")


def test_the_table_leads_from_the_directory_to_applying_and_to_closed_from_everywhere_else() -> (
    None
):
    others = set(AgencyStatus) - {AgencyStatus.DIRECTORY, AgencyStatus.CLOSED}
    assert {move.source for move in MOVES} == {*others, AgencyStatus.DIRECTORY}
    assert {move.source for move in MOVES if move.target == AgencyStatus.CLOSED} == others
    assert [move.event for move in MOVES if move.source == AgencyStatus.DIRECTORY] == ["apply"]
    assert len({(move.source, move.target) for move in MOVES}) == len(MOVES)


@pytest.mark.parametrize(
    ("source", "target", "event"),
    [
        ("applied", "verified", "verify"),
        ("active", "limited_access", "limit"),
        ("limited_access", "active", "reinstate"),
        ("pilot", "suspended", "suspend"),
    ],
)
def test_each_move_has_its_event(source: str, target: str, event: str) -> None:
    assert event_between(source, target) == event


@pytest.mark.parametrize(
    ("source", "target"), [("verified", "applied"), ("applied", "suspended"), ("active", "pilot")]
)
def test_other_moves_are_refused(source: str, target: str) -> None:
    with pytest.raises(Conflict, match="cannot become"):
        event_between(source, target)
