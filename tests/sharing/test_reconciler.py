"""Copies that grants carry: kept on every path, also when insert and update race; and the sweep."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.db.models import F
from django.db.models.functions import Now

from agencies.actors import acting_as
from agencies.models import Agency, Agreement, Party
from ledger.models import Event, Message
from sharing.actions import Action
from sharing.models import Grant, Record
from sharing.reconciler import Drift, drift
from sharing.sweeping import announce_endings, put_away_ended
from sharing.tasks import sweep_grants
from tests.sharing import factory as make

ROUNDS = 100


@pytest.fixture
def world(db: None) -> make.World:
    return make.World()


def spoil(grant: Grant) -> None:
    """Change a copy behind the trigger's back, as nothing of ours does."""
    Grant.objects.filter(pk=grant.pk).update(type="arson", touched_at=make.days(-9))


def test_a_change_of_the_record_reaches_its_grants(world: make.World) -> None:
    record = make.a_record(world.alpha)
    grant = world.share(record)
    make.change(record, type="fraud", status="closed", sensitivity=3, touched_at=make.days(-2))
    make.change(record, owner=world.charlie, grouping="series", category="gang")
    grant.refresh_from_db()
    assert (grant.type, grant.status, grant.sensitivity) == ("fraud", "closed", 3)
    assert (grant.owner, grant.grouping, grant.category) == (world.charlie.pk, "series", "gang")
    assert drift() == []


def test_drift_is_found_reported_and_repaired(world: make.World) -> None:
    record = make.a_record(world.alpha)
    grant, other = world.share(record), world.share(make.a_record(world.alpha))
    spoil(grant)
    assert drift() == [Drift(grant.pk, record.pk, ("touched_at", "type"))]
    out = StringIO()
    with pytest.raises(CommandError, match="1 grants differ"):
        call_command("reconcile_grants", stdout=out)
    assert out.getvalue() == f"grant {grant.pk}: touched_at, type\n"
    call_command("reconcile_grants", "--repair", stdout=out)
    assert drift() == []
    call_command("reconcile_grants", stdout=out)
    assert Grant.objects.get(pk=other.pk).type == "robbery"


def test_an_ended_grant_is_not_compared(world: make.World) -> None:
    grant = world.share(make.a_record(world.alpha))
    spoil(grant)
    Grant.objects.filter(pk=grant.pk).update(ended_at=Now())
    assert drift() == []


def test_a_grant_inserted_beside_an_update_of_its_record_never_drifts(
    cloned_database: str,
) -> None:
    world = make.World()
    issuer = make.a_supervisor(world.alpha)
    records = [make.a_record(world.alpha) for _ in range(ROUNDS)]
    requests = [make.a_request(record, issuer) for record in records]
    posts = [make.a_membership(world.bravo) for _ in range(2)]
    gate = threading.Barrier(3)

    def insert(post: Any) -> None:
        for record, request in zip(records, requests, strict=True):
            gate.wait()
            world.share(record, post, decision=request, issued_by=issuer)
        connections.close_all()

    def update() -> None:
        for number, record in enumerate(records):
            gate.wait()
            make.change(record, type=f"t{number}", touched_at=Now(), version=F("version") + 1)
        connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        running = [pool.submit(insert, post) for post in posts] + [pool.submit(update)]
        for one in running:
            one.result()
    assert Grant.objects.count() == 2 * ROUNDS
    assert drift() == []


def seen(world: make.World) -> dict[UUID, set[UUID]]:
    """Return what each of Bravo's and Alpha's posts knows of."""
    posts = [*world.alpha.memberships.all(), *world.bravo.memberships.all()]
    known = {}
    for post in posts:
        permitted = Record.objects.permitting(acting_as(post), Action.KNOW)
        known[post.pk] = set(permitted.values_list("pk", flat=True))
    return known


def put_until(grant: Grant, *, ends: float, issued: float = -10) -> None:
    Grant.objects.filter(pk=grant.pk).update(issued_at=make.days(issued), until=make.days(ends))


def test_the_sweep_stamps_what_is_over_and_changes_nobodys_sight(world: make.World) -> None:
    other = make.an_agreement(world.alpha, world.bravo)
    left = make.an_agreement(world.alpha, world.bravo)
    gone = make.an_agreement(world.alpha, world.bravo)
    paused = make.an_agreement(world.alpha, world.bravo, suspended_at=make.days(-1))
    records = [make.a_record(world.alpha) for _ in range(7)]
    live, past, revoked = (world.share(record) for record in records[:3])
    terminated, parted, deserted, suspended = (
        make.a_grant(record, world.bravo, agreement)
        for record, agreement in zip(records[3:], (other, left, gone, paused), strict=True)
    )
    put_until(past, ends=-1)
    Grant.objects.filter(pk=revoked.pk).update(revoked_at=Now(), revoke_reason="misuse")
    Agreement.objects.filter(pk=other.pk).update(terminated_at=Now())
    Party.objects.filter(agreement=left, agency=world.alpha).update(left_at=Now())
    Party.objects.filter(agreement=gone, agency=world.bravo).update(left_at=Now())
    before = seen(world)
    assert put_away_ended() == 5
    assert seen(world) == before
    unended = Grant.objects.filter(ended_at__isnull=True).values_list("pk", flat=True)
    assert set(unended) == {live.pk, suspended.pk}
    told = Event.objects.filter(kind="grant.expired").values_list("target", flat=True)
    assert set(told) == {past.pk, terminated.pk, parted.pk, deserted.pk}
    assert put_away_ended() == 0
    Agreement.objects.filter(pk=paused.pk).update(suspended_at=None)
    assert records[6].pk in seen(world)[world.bo.seat]


def test_both_sides_are_told_once_of_a_decisions_end(world: make.World) -> None:
    record = make.a_record(world.alpha)
    item = make.an_item(record)
    first = world.share(record)
    second = world.share(item, decision=first.decision, issued_by=first.issued_by)
    for grant in (first, second):
        put_until(grant, ends=-1)
    sweep_grants()
    assert Event.objects.filter(kind="grant.expired").count() == 2
    rosters = Message.objects.filter(kind="grant.expired").values_list("roster", flat=True)
    assert set(rosters) == {world.alpha.pk, world.bravo.pk}
    assert len(rosters) == 2


def test_an_end_is_announced_once_three_days_ahead(world: make.World) -> None:
    soon, later, short = (world.share(make.a_record(world.alpha)) for _ in range(3))
    put_until(soon, ends=2.9)
    put_until(later, ends=3.1)
    put_until(short, ends=2, issued=-0.5)
    assert announce_endings() == 1
    assert announce_endings() == 0
    assert [event.target for event in Event.objects.filter(kind="grant.expiring")] == [soon.pk]
    put_until(later, ends=2.9)
    assert announce_endings() == 1


def test_a_suspended_agencys_grants_are_kept_for_its_return(world: make.World) -> None:
    world.share(make.a_record(world.alpha))
    Agency.objects.filter(pk=world.alpha.pk).update(status="suspended")
    assert sweep_grants() == 0
