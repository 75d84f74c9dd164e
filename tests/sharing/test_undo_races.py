"""Undoing raced a hundred times: against itself, a stop, a withdrawal and a newer decision."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest

from agencies.refusals import Conflict
from ledger.models import Message
from sharing import services
from sharing.models import Grant, ShareRequest
from tests.cast import Cast, a_case
from tests.sharing.test_concurrency import (
    ROUNDS,
    Race,
    cast,
    events,
    offers,
    outcomes,
    race,
    readable,
)

__all__ = ["cast", "race"]

pytestmark = pytest.mark.slow

GRACE = timedelta(minutes=10)
TOLD = ("request.approved", "grant.issued", "grant.acknowledge_needed")


def approved(cast: Cast, rounds: int = ROUNDS) -> list[ShareRequest]:
    """Return approvals, each of a case of its own, that can still be undone."""
    ana, sam = cast.actor("ana"), cast.actor("sam")
    keys = offers(cast, [a_case(ana).pk for _ in range(rounds)])
    return [services.approve_request(sam, key, grace=GRACE) for key in keys]


def waiting() -> Counter[str]:
    found = Message.objects.filter(state=Message.State.WAITING, kind__in=TOLD)
    return Counter(found.values_list("kind", flat=True))


def test_two_undo_once(cast: Cast, race: Race) -> None:
    sam = cast.actor("sam")
    requests = approved(cast)
    for request in requests:
        undo = partial(services.undo_approval, sam, request.pk)
        assert outcomes(race(undo, undo)) == {ShareRequest, Conflict}
    assert set(ShareRequest.objects.values_list("state", "version")) == {("submitted", 1)}
    assert events("request.approval_undone") == Counter(request.pk for request in requests)
    assert set(Grant.objects.values_list("revoke_reason", flat=True)) == {"undone"}
    assert waiting() == Counter()


def test_undoing_and_stopping_leave_one_end(cast: Cast, race: Race) -> None:
    sam, ana = cast.actor("sam"), cast.actor("ana")
    ends = Counter[str]()
    for request in approved(cast):
        grant = Grant.objects.get(decision=request)
        undone, stopped = race(
            partial(services.undo_approval, sam, request.pk),
            partial(services.revoke_grant, ana, grant.pk, reason_code="need_ended"),
        )
        request.refresh_from_db()
        grant.refresh_from_db()
        ends[grant.revoke_reason] += 1
        won = isinstance(undone, ShareRequest)
        assert grant.revoke_reason == ("undone" if won else "need_ended")
        assert request.state == ("submitted" if won else "approved")
        assert isinstance(stopped, Grant)
        assert readable(cast, "bo") == set()
    assert events("grant.revoked").total() == ends["need_ended"]
    assert events("request.approval_undone").total() == ends["undone"]
    assert set(waiting().values()) <= {ends["need_ended"]}


def test_undoing_and_a_newer_decision_leave_what_the_newer_gave(cast: Cast, race: Race) -> None:
    case = a_case(cast.actor("ana"))
    sam, sue = cast.actor("sam"), cast.actor("sue")
    keys = offers(cast, [case.pk] * ROUNDS)
    for first, second in zip(keys[::2], keys[1::2], strict=True):
        older = services.approve_request(sam, first, grace=GRACE)
        undone, newer = race(
            partial(services.undo_approval, sam, older.pk),
            partial(services.approve_request, sue, second),
        )
        assert isinstance(newer, ShareRequest)
        older.refresh_from_db()
        won = isinstance(undone, ShareRequest)
        assert older.state == ("submitted" if won else "approved")
        (live,) = Grant.objects.filter(revoked_at=None)
        assert live.decision_id == second
        assert readable(cast, "bo") == {case.pk}
