"""Pages: exactly what the rule allows, each row once, in order, in a constant number of queries."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from agencies.actors import Actor
from agencies.codes import Level, Role, Sensitivity
from agencies.models import Agency, Membership
from agencies.refusals import Invalid
from sharing import listing
from sharing.actions import Action
from sharing.candidates import asked_again, candidates
from sharing.cursors import Key, decode, encode
from sharing.filters import Filters
from sharing.listing import count, facets, fill, page, rows
from sharing.models import Grant, Record
from sharing.policy import BRANCHES
from sharing.search import index_record
from tests.sharing import factory as make


@pytest.fixture
def world(db: None) -> make.World:
    return make.World()


NO_FILTERS = Filters()


def ids(actor: Actor, filters: Filters = NO_FILTERS, **kwargs: Any) -> list[UUID]:
    return [key.id for key in page(actor, filters, **kwargs).keys]


def walk(actor: Actor, size: int, **kwargs: Any) -> list[UUID]:
    """Return the ids of every page forwards, and assert that the way back shows the same."""
    pages, after = [], None
    while True:
        found = page(actor, after=after, size=size, **kwargs)
        pages.append([key.id for key in found.keys])
        if found.next is None:
            break
        last, after = found, found.next
    before = page(actor, after=None if len(pages) == 1 else last.next, size=size, **kwargs).previous
    for seen in reversed(pages[:-1]):
        found = page(actor, before=before, size=size, **kwargs)
        assert [key.id for key in found.keys] == seen
        before = found.previous
    assert before is None
    return [one for seen in pages for one in seen]


def by_rule(actor: Actor) -> set[UUID]:
    permitted = Record.objects.permitting(actor, Action.LIST)
    return set(permitted.filter(kind="case").values_list("pk", flat=True))


def test_a_list_holds_own_granted_and_standing_cases_and_no_others(world: make.World) -> None:
    own = make.a_record(world.bravo)
    granted = make.a_record(world.alpha)
    listed = make.a_record(world.alpha, findability="listed")
    make.a_record(world.alpha)
    world.share(granted)
    make.a_standing_grant(world.alpha, world.bravo, world.agreement)
    assert set(ids(world.bo)) == {own.pk, granted.pk, listed.pk} == by_rule(world.bo)


def test_a_pointer_is_in_no_list_and_a_summary_is(world: make.World) -> None:
    pointer, summary = make.a_record(world.alpha), make.a_record(world.alpha)
    world.share(pointer, level=Level.POINTER, scope="record")
    world.share(summary, level=Level.SUMMARY, scope="record")
    assert ids(world.bo) == [summary.pk]


def test_somebody_without_a_membership_lists_nothing_without_a_query(world: make.World) -> None:
    make.a_record(world.alpha)
    nobody = Actor(person_id=world.ana.person_id, is_administrator=True)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert ids(nobody) == []
        assert count(nobody).count == 0
    assert len(queries) == 0


def test_roles_that_read_no_cases_list_nothing_and_an_analyst_does(world: make.World) -> None:
    record = make.a_record(world.alpha)
    for role in (Role.AUDITOR, Role.COORDINATOR):
        assert ids(make.an_actor(world.alpha, "", role)) == []
    assert ids(make.an_actor(world.alpha, "", Role.ANALYST)) == [record.pk]


def test_a_record_above_the_ceiling_is_left_out_and_one_at_it_is_not(world: make.World) -> None:
    low = make.an_actor(world.bravo, "low", ceiling=Sensitivity.SENSITIVE)
    at, above = make.a_record(world.alpha), make.a_record(world.alpha)
    world.share(at), world.share(above)
    make.change(above, sensitivity=Sensitivity.CONFIDENTIAL)
    assert ids(low) == [at.pk]
    assert set(ids(world.bo)) == {at.pk, above.pk}


def test_each_record_is_listed_once_however_many_ways_lead_to_it(world: make.World) -> None:
    record = make.a_record(world.alpha, findability="listed")
    bo = Membership.objects.get(pk=world.bo.membership_id)
    other = make.an_agreement(world.alpha, world.bravo)
    world.share(record)
    world.share(record, bo)
    world.share(record, make.a_task_force(world.alpha, world.agreement, bo))
    make.a_grant(record, world.bravo, other)
    make.a_standing_grant(world.alpha, world.bravo, world.agreement)
    assert walk(world.bo, 1) == [record.pk]
    assert count(world.bo).count == 1


def test_a_walk_returns_each_once_in_order_though_the_clock_ties(world: make.World) -> None:
    force = make.a_task_force(
        world.alpha, world.agreement, Membership.objects.get(pk=world.bo.membership_id)
    )
    for number in range(40):
        record = make.a_record(world.alpha if number % 3 else world.bravo, findability="listed")
        if number % 3:
            world.share(record, world.bravo if number % 2 else force)
    Record.objects.unrestricted("a test ties the clock").update(touched_at=make.days(-1))
    make.a_standing_grant(world.alpha, world.bravo, world.agreement)
    ordered = sorted(by_rule(world.bo), reverse=True)
    assert len(ordered) == 40
    for size in (1, 3, 7, 40, 41):
        assert walk(world.bo, size) == ordered


@pytest.mark.parametrize("state", ["sealed_at", "expunged_at"])
def test_closed_records_are_made_up_for_and_lose_no_other(world: make.World, state: str) -> None:
    records = [make.a_record(world.alpha) for _ in range(12)]
    for record in records:
        world.share(record)
    for record in records[4:11]:
        make.change(record, **{state: Now()})
    opened = [record.pk for record in records if record not in records[4:11]]
    assert sorted(walk(world.bo, 2)) == sorted(opened)
    assert count(world.bo).count == 5


def test_conditions_asked_again_hold_in_every_branch() -> None:
    assert asked_again() == {
        "record is not sealed": "r.sealed_at IS NULL",
        "record is not expunged": "r.expunged_at IS NULL",
    }
    for branch in BRANCHES:
        assert asked_again().items() <= branch.conditions.items()


def test_rows_come_in_the_order_of_their_keys_and_only_while_permitted(world: make.World) -> None:
    records = [make.a_record(world.alpha) for _ in range(3)]
    grants = [world.share(record) for record in records]
    keys = page(world.bo).keys
    shown = rows(world.bo, Record.objects.all(), keys)
    assert [row.pk for row in shown] == [record.pk for record in reversed(records)]
    assert {row.access_level for row in shown} == {Level.VIEW}  # type: ignore[attr-defined]
    end(grants[1])
    assert [row.pk for row in rows(world.bo, Record.objects.all(), keys)] == [
        records[2].pk,
        records[0].pk,
    ]


def end(grant: Grant) -> None:
    Grant.objects.filter(pk=grant.pk).update(
        revoked_at=Now(), revoked_by=grant.issued_by, revoke_reason="error"
    )


def test_a_page_is_filled_where_the_rule_takes_rows_away_in_between(
    world: make.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [make.a_record(world.alpha) for _ in range(6)]
    grants = {record.pk: world.share(record) for record in records}
    first = listing.rows
    taken = records[5], records[4]

    def revoke_meanwhile(*args: Any) -> Any:
        for record in taken:
            end(grants[record.pk])
        return first(*args)

    monkeypatch.setattr(listing, "rows", revoke_meanwhile)
    kept, found = fill(world.bo, Record.objects.all(), size=3)
    assert [row.pk for row in kept] == [records[3].pk, records[2].pk, records[1].pk]
    assert [key.id for key in found.keys] == [row.pk for row in kept]
    assert ids(world.bo, after=found.next) == [records[0].pk]


def test_filters_narrow_by_what_the_record_says_now(world: make.World) -> None:
    own = make.a_record(world.bravo, type="fraud", status="closed", grouping="incident")
    theirs = make.a_record(world.alpha)
    world.share(theirs)
    for filters, expected in [
        (Filters(type="fraud"), {own.pk}),
        (Filters(type="robbery"), {theirs.pk}),
        (Filters(status="closed"), {own.pk}),
        (Filters(grouping="incident"), {own.pk}),
        (Filters(owner=world.alpha.pk), {theirs.pk}),
        (Filters(received=True), {theirs.pk}),
        (Filters(received=False), {own.pk}),
        (Filters(type="fraud", received=True), set()),
    ]:
        assert set(ids(world.bo, filters)) == expected, filters
        assert count(world.bo, filters).count == len(expected)
    make.change(theirs, type="fraud")
    assert set(ids(world.bo, Filters(type="fraud"))) == {own.pk, theirs.pk}


def test_text_matches_only_documents_of_a_level_the_reader_has(world: make.World) -> None:
    record = make.a_record(world.alpha)
    index_record(record.pk, Level.SUMMARY, "Harbor robbery")
    index_record(record.pk, Level.VIEW, "A brown dog")
    grant = world.share(record, level=Level.SUMMARY, scope="record")
    assert ids(world.bo, Filters(text="harbor")) == [record.pk]
    assert ids(world.bo, Filters(text="brown dog")) == []
    Grant.objects.filter(pk=grant.pk).update(level=Level.VIEW)
    assert ids(world.bo, Filters(text="brown dog")) == [record.pk]
    assert ids(world.ana, Filters(text="brown dog")) == [record.pk]
    assert ids(world.ana, Filters(text="cat")) == []
    assert ids(world.ana, Filters(text="--")) == []


def test_text_about_a_protected_item_needs_it_unmasked(world: make.World) -> None:
    case = make.a_record(world.alpha)
    victim = make.an_item(case, protected=True)
    index_record(victim.pk, Level.VIEW, "Jane Roe")
    grant = world.share(case, protected_until=make.FOREVER)
    wanted = {"filters": Filters(text="jane"), "kind": "item"}
    assert ids(world.bo, kind="item") == [victim.pk]
    assert ids(world.bo, **wanted) == []
    Grant.objects.filter(pk=grant.pk).update(unmask=True)
    assert ids(world.bo, **wanted) == [victim.pk]


def test_items_are_listed_through_what_covers_them(world: make.World) -> None:
    case = make.a_record(world.alpha, findability="listed")
    item = make.an_item(case)
    make.an_item(case, protected=True)
    make.a_standing_grant(world.alpha, world.bravo, world.agreement)
    assert ids(world.bo, kind="item") == [item.pk]
    world.share(case, protected_until=make.FOREVER)
    assert len(ids(world.bo, kind="item")) == 2


def test_counts_end_at_the_cap_and_say_so(world: make.World) -> None:
    for _ in range(4):
        world.share(make.a_record(world.alpha))
    assert (count(world.bo, cap=3).count, count(world.bo, cap=3).capped) == (3, True)
    assert (count(world.bo, cap=4).count, count(world.bo, cap=4).capped) == (4, False)


def test_facets_count_what_the_list_holds(world: make.World) -> None:
    make.a_record(world.bravo, type="fraud")
    world.share(make.a_record(world.alpha))
    world.share(make.a_record(world.alpha, status="closed"))
    make.a_record(world.alpha, type="arson")
    assert facets(world.bo) == {
        "status": [("open", 2), ("closed", 1)],
        "type": [("robbery", 2), ("fraud", 1)],
        "class": [("investigation", 3)],
    }


def test_a_page_is_one_query_and_its_rows_another_whatever_there_is(world: make.World) -> None:
    counts = set()
    for _ in range(2):
        for _ in range(8):
            world.share(make.a_record(world.alpha))
        with CaptureQueriesContext(connection) as queries:
            fill(world.bo, Record.objects.select_related("owner"), size=5)
        counts.add(len(queries))
    assert counts == {2}


def test_the_branch_of_grants_reads_no_record() -> None:
    ahead, _, found = candidates(Filters(), "case", limit=50).partition("found AS")
    granted = next(arm for arm in found.split("UNION") if "sharing_grant g" in arm)
    for sql in (ahead.partition("bound AS")[2], granted):
        assert "sharing_grant g" in sql
        assert "sharing_record" not in sql


def test_a_cursor_is_read_back_and_any_other_text_is_refused() -> None:
    key = Key(make.days(0), UUID(int=7))
    assert decode(encode(key)) == (key, None)
    assert decode(encode(key, backwards=True)) == (None, key)
    assert decode("") == (None, None)
    for bad in ("x", "🙂", "\ud800", "YXx4fHk=", encode(key)[:-6]):
        with pytest.raises(Invalid):
            decode(bad)


def test_an_ended_agency_status_empties_lists_and_a_restored_one_fills_them(
    world: make.World,
) -> None:
    record = make.a_record(world.alpha)
    world.share(record)
    for status, expected in [("suspended", []), ("limited_access", []), ("active", [record.pk])]:
        Agency.objects.filter(pk=world.alpha.pk).update(status=status)
        assert ids(world.bo) == expected
