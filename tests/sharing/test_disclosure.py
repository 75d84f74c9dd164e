"""Logged before shown: each opening, each list and each refusal, with what it rests on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from agencies.actors import Actor
from agencies.refusals import NotVisible
from cases.models import Case
from ledger.models import Event
from sharing import disclosure
from sharing.actions import Action
from sharing.disclosure import LedgerUnavailable, list_records, open_record, require
from sharing.models import Record
from tests.sharing import factory as make


@pytest.fixture
def world(db: None) -> make.World:
    return make.World()


def last() -> Event:
    return Event.objects.get()


def test_opening_returns_the_thing_with_its_record_and_how_far_it_is_reached(
    world: make.World,
) -> None:
    case = make.a_case(world.alpha)
    world.share(case.record)
    opened = open_record(world.bo, Case, case.pk)
    with CaptureQueriesContext(connection) as queries:
        assert (opened.pk, opened.record.owner.name) == (case.pk, "Alpha Police")
    assert len(queries) == 0
    assert (opened.access_level, opened.access_unmask) == (3, False)  # type: ignore[attr-defined]


def test_a_partners_opening_is_logged_with_its_basis_and_the_grants_purpose(
    world: make.World,
) -> None:
    case = make.a_case(world.alpha)
    grant = world.share(case.record)
    open_record(world.bo, Case, str(case.pk), channel="api")
    event = last()
    assert (event.kind, event.outcome, event.level) == ("record.opened", "done", "view")
    assert (event.target_kind, event.target, event.records) == ("case", case.pk, [case.pk])
    assert (event.person, event.membership) == (world.bo.person_id, world.bo.membership_id)
    assert (event.agency, event.concerns) == (world.bravo.pk, [world.alpha.pk])
    assert (event.purpose, event.for_case) == ("criminal_justice", "BR-77")
    assert event.facts == {"channel": "api"}
    assert event.basis == {
        "grant": str(grant.pk),
        "request": str(grant.decision_id),
        "agreement": str(world.agreement.pk),
        "agreement_version": world.agreement.version,
        "approved_by": str(grant.issued_by_id),
        "via": "grant",
    }


def test_what_the_reader_states_goes_before_what_the_grant_says(world: make.World) -> None:
    case = make.a_case(world.alpha)
    world.share(case.record)
    open_record(replace(world.bo, purpose="public_safety", for_case="BR-99"), Case, case.pk)
    assert (last().purpose, last().for_case) == ("public_safety", "BR-99")


def test_reading_ones_own_is_logged_too(world: make.World) -> None:
    case = make.a_case(world.alpha)
    open_record(world.ana, Case, case.pk)
    assert (last().level, last().basis, last().concerns) == (
        "manage",
        {"via": "own"},
        [world.alpha.pk],
    )


def test_the_originator_may_read_who_read_what_it_collected(world: make.World) -> None:
    case = make.a_case(world.alpha, originator=world.charlie)
    open_record(world.ana, Case, case.pk)
    assert last().concerns == [world.alpha.pk, world.charlie.pk]


def test_a_standing_grant_is_a_basis_too(world: make.World) -> None:
    case = make.a_case(world.alpha, findability="listed")
    standing = make.a_standing_grant(world.alpha, world.bravo, world.agreement)
    open_record(world.bo, Case, case.pk)
    assert (last().basis["grant"], last().basis["via"]) == (str(standing.pk), "standing")


def test_an_attempt_on_what_is_invisible_is_logged_for_its_owner(world: make.World) -> None:
    case = make.a_case(world.alpha)
    with pytest.raises(NotVisible):
        open_record(world.bo, Case, case.pk)
    event = last()
    assert (event.kind, event.outcome) == ("record.refused", "refused")
    assert (event.target, event.records) == (case.pk, [case.pk])
    assert (event.concerns, event.agency) == ([world.alpha.pk], world.bravo.pk)


def test_an_attempt_on_what_never_existed_is_logged_for_nobody(world: make.World) -> None:
    key = uuid4()
    with pytest.raises(NotVisible):
        open_record(world.bo, Case, key)
    assert (last().target, last().records, last().concerns) == (key, [], [])


@pytest.mark.parametrize("bad", ["", "x", "1", "\x00", "\ud800", "00" * 99, 7, None])
def test_a_malformed_id_is_an_absent_one(world: make.World, bad: Any) -> None:
    with pytest.raises(NotVisible):
        open_record(world.bo, Case, bad)
    assert (last().kind, last().target) == ("record.refused", None)


def test_absent_invisible_and_malformed_run_the_same_statements(world: make.World) -> None:
    case = make.a_case(world.alpha)
    counts = set()
    for key in (case.pk, uuid4(), "x"):
        with CaptureQueriesContext(connection) as queries, pytest.raises(NotVisible):
            open_record(world.bo, Case, key)
        counts.add(tuple(query["sql"].split()[0] for query in queries))
    assert len(counts) == 1


def test_a_level_below_what_the_action_takes_is_refused(world: make.World) -> None:
    case = make.a_case(world.alpha)
    world.share(case.record, level=2, scope="record")
    with pytest.raises(NotVisible):
        open_record(world.bo, Case, case.pk, action=Action.READ)
    assert open_record(world.bo, Case, case.pk, action=Action.LIST).pk == case.pk


def test_somebody_without_a_membership_is_refused_and_logged(world: make.World) -> None:
    case = make.a_case(world.alpha)
    nobody = Actor(person_id=world.bo.person_id, is_administrator=True)
    with pytest.raises(NotVisible):
        open_record(nobody, Case, case.pk)
    assert (last().person, last().membership) == (world.bo.person_id, None)


def break_ledger(*args: Any, **kwargs: Any) -> None:
    raise DatabaseError("the ledger is full")


def test_nothing_is_shown_where_the_ledger_cannot_be_written(
    world: make.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make.a_case(world.alpha)
    world.share(case.record)
    monkeypatch.setattr(disclosure, "record_event", break_ledger)
    for attempt in (
        lambda: open_record(world.bo, Case, case.pk),
        lambda: open_record(world.bo, Case, uuid4()),
        lambda: list_records(world.bo, [case]),
        lambda: require(world.bo, uuid4()),
    ):
        with pytest.raises(LedgerUnavailable) as refused:
            attempt()
        assert refused.value.status == 503
    assert not Event.objects.exists()


def test_a_list_is_one_event_with_the_ids_of_others_alone(world: make.World) -> None:
    own = make.a_case(world.bravo)
    theirs, third = make.a_case(world.alpha), make.a_case(world.charlie)
    list_records(world.bo, [own, theirs.record, third], channel="api")
    event = last()
    assert (event.kind, event.records) == ("record.listed", [theirs.pk, third.pk])
    assert event.concerns == [world.alpha.pk, world.charlie.pk]


def test_a_list_of_ones_own_is_no_event(world: make.World) -> None:
    list_records(world.ana, [make.a_case(world.alpha)])
    list_records(world.ana, [])
    assert not Event.objects.exists()


def test_require_names_a_visible_record_and_logs_only_the_refusal(world: make.World) -> None:
    record = make.a_record(world.alpha)
    assert require(world.ana, str(record.pk)) == record.pk
    assert not Event.objects.exists()
    with pytest.raises(NotVisible):
        require(world.bo, record.pk)
    assert last().kind == "record.refused"


def test_what_is_shown_was_logged_in_a_transaction_that_nothing_outside_can_undo(
    cloned_database: str,
) -> None:
    world = make.World()
    case = make.a_case(world.alpha)
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        open_record(world.ana, Case, case.pk)
    open_record(world.ana, Case, case.pk)
    assert Event.objects.count() == 1
    assert Record.objects.permitting(world.ana, Action.KNOW).count() == 1
