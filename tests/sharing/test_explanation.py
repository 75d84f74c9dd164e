"""Who can see this, why and until when: exactly those whom the rule lets in."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from agencies.actors import Actor, acting_as
from agencies.codes import Level, Role, Sensitivity
from agencies.models import Membership, Party
from agencies.refusals import NotAllowed, NotVisible
from sharing.actions import Action
from sharing.explanation import visibility_summary, who_can_see
from sharing.models import Grant, Record
from tests.sharing import factory as make


def counted(people: int, programs: int = 0) -> dict[str, int]:
    """Return how an explanation counts readers."""
    return {"people": people, "programs": programs}


@pytest.fixture
def world(db: None) -> make.World:
    return make.World()


def explained(actor: Actor, record: Record) -> set[object]:
    members: set[object] = set()
    for reach in who_can_see(actor, record.pk):
        members |= reach.members
    return members


def given(actor: Actor, record: Record) -> set[object]:
    reaches = [reach for reach in who_can_see(actor, record.pk) if not reach.own]
    return {agency for reach in reaches for agency in reach.agencies}


def by_rule(record: Record) -> set[object]:
    return {
        post.pk
        for post in Membership.objects.select_related("person")
        if Record.objects.permitting(acting_as(post), Action.KNOW).filter(pk=record.pk).exists()
    }


def test_it_names_exactly_those_whom_the_rule_lets_in(world: make.World) -> None:
    case = make.a_record(world.alpha, findability="listed", sensitivity=Sensitivity.CONFIDENTIAL)
    item, victim = make.an_item(case), make.an_item(case, protected=True)
    for agency in (world.alpha, world.bravo, world.charlie):
        for roles in ([Role.ANALYST], [Role.SUPERVISOR], [Role.AUDITOR], [Role.COORDINATOR]):
            make.a_membership(agency, roles=roles)
            make.a_membership(agency, roles=roles, ceiling=Sensitivity.ROUTINE)
        make.a_membership(agency, ended_at=make.days(-0.5))
    member = make.a_membership(world.charlie)
    force = make.a_task_force(world.alpha, world.agreement, member)
    records = (case, item, victim)
    for step in (
        lambda: None,
        lambda: world.share(case, force),
        lambda: world.share(case, protected_until=make.FOREVER),
        lambda: world.share(victim, make.a_membership(world.charlie), scope="record"),
        lambda: make.a_standing_grant(world.alpha, world.charlie, world.agreement),
        lambda: Grant.objects.filter(record=victim.pk).update(
            revoked_at=Now(), revoke_reason="error"
        ),
        lambda: Party.objects.filter(agency=world.bravo).update(left_at=Now()),
    ):
        step()
        for record in records:
            assert explained(world.ana, record) == by_rule(record)
            assert visibility_summary(world.ana, record.pk).agencies == len(
                given(world.ana, record)
            )


def test_the_owner_comes_first_and_each_row_says_why(world: make.World) -> None:
    record = make.a_record(world.alpha)
    grant = world.share(record)
    other = make.a_membership(world.bravo)
    own, bravo = (reach.as_row() for reach in who_can_see(world.bo, record.pk))
    assert own == {
        "who": {"kind": "agency", "short_name": "alpha", "name": "Alpha Police", **counted(2)},
        "level": "manage",
        "why": None,
        "until": None,
        "state": "active",
    }
    assert other.agency_id == world.bravo.pk
    assert bravo == {
        "who": {"kind": "agency", "short_name": "bravo", "name": "Bravo Police", **counted(2)},
        "level": "view",
        "why": {
            "agreement": {
                "id": world.agreement.pk,
                "number": world.agreement.number,
                "title": "Sharing",
            },
            "request": grant.decision.number,
            "approved_by": grant.issued_by.person.name,
            "decided_at": grant.decision.decided_at,
            "purpose": "criminal_justice",
        },
        "until": grant.until,
        "state": "active",
    }


def test_task_forces_and_people_are_named_as_what_they_are(world: make.World) -> None:
    record = make.a_record(world.alpha)
    post = make.a_membership(world.bravo, "bea")
    force = make.a_task_force(world.alpha, world.agreement, make.a_membership(world.charlie))
    world.share(record, post)
    world.share(record, force)
    who = {reach.who["kind"]: reach.who for reach in who_can_see(world.ana, record.pk)}
    assert who["person"] == {"kind": "person", "name": "Bea", "agency": "bravo", **counted(1)}
    assert who["task_force"] == {
        "kind": "task_force",
        "short_name": force.short_name,
        "name": force.name,
        **counted(1),
    }


def test_who_may_not_see_the_record_is_told_nothing_of_its_readers(world: make.World) -> None:
    record = make.a_record(world.alpha)
    for key in (record.pk, uuid4(), "x"):
        with pytest.raises(NotVisible):
            who_can_see(world.bo, key)
    assert visibility_summary(world.bo, record.pk) == (0, None, 0)
    world.share(record)
    assert len(who_can_see(world.bo, record.pk)) == 2


def test_who_knows_only_whom_to_call_is_refused_with_a_reason(world: make.World) -> None:
    record = make.a_record(world.alpha)
    grant = world.share(record, level=Level.POINTER, scope="record")
    with pytest.raises(NotAllowed, match="whom to call"):
        who_can_see(world.bo, record.pk)
    assert visibility_summary(world.bo, record.pk) == (0, None, 0)
    Grant.objects.filter(pk=grant.pk).update(level=Level.SUMMARY)
    assert visibility_summary(world.bo, record.pk) == (1, grant.until, 1)


def test_the_summary_counts_other_agencies_and_finds_the_first_end(world: make.World) -> None:
    record = make.a_record(world.alpha)
    assert visibility_summary(world.ana, record.pk) == (0, None, 0)
    soon = world.share(record, until=make.days(3))
    make.a_membership(world.charlie)
    world.share(record, world.charlie)
    assert visibility_summary(world.ana, record.pk) == (2, soon.until, 1)


def test_it_takes_the_same_number_of_queries_however_many_reach_the_record(
    world: make.World,
) -> None:
    record = make.a_record(world.alpha)
    counts = []
    for _ in range(2):
        for _ in range(4):
            world.share(record, make.a_membership(world.bravo))
        with CaptureQueriesContext(connection) as queries:
            who_can_see(world.ana, record.pk)
        counts.append(len([q for q in queries if q["sql"].startswith("SELECT")]))
    assert counts[0] == counts[1]
