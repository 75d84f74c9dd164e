"""Which queues an actor has, by the roles of the post acted under."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from agencies.actors import Actor
from agencies.codes import Level, Role
from agencies.services.visit import last_visit
from cases.changes import Change, changes_since
from portal.queues import sorts
from portal.queues.queue import PAGE, Queue
from portal.queues.sorts import Sort
from sharing.cursors import decode
from sharing.holdings import grants_for
from sharing.models import Grant, Record, ShareRequest
from sharing.naming import shown_names
from sharing.pending import stands
from sharing.request_page import boxed
from sharing.transitions import WAITING

SOON = timedelta(days=14)
Rows = QuerySet[Any] | list[Change]
ASKED_BACK = ShareRequest.State.INFO_NEEDED
UNANSWERED = [state for state in WAITING if state != ASKED_BACK]


@dataclass(frozen=True)
class _Kept:
    """A sort, who has it, what its rows are and the field they are ordered by."""

    sort: Sort
    rows: Callable[[Actor], Rows]
    by: str
    roles: tuple[Role, ...] = ()


def queues_of(actor: Actor) -> list[Queue]:
    """Return the queues of *actor*'s roles, the most pressing first."""
    if not actor.reads_cases:
        return []
    return [
        Queue(actor, kept.sort, kept.rows(actor), by=kept.by)
        for kept in KEPT
        if not kept.roles or actor.holds(*kept.roles)
    ]


def queue_of(actor: Actor, key: str, *, cursor: str = "") -> Queue | None:
    """Return a page of one of *actor*'s queues; None where it has none of that name."""
    for kept in KEPT if actor.reads_cases else ():
        if kept.sort.key == key and (not kept.roles or actor.holds(*kept.roles)):
            rows, (after, _) = kept.rows(actor), decode(cursor)
            size = len(rows) if isinstance(rows, list) else PAGE
            return Queue(actor, kept.sort, rows, by=kept.by, size=size, after=after)
    return None


def named_queues(actor: Actor, queues: Iterable[Queue]) -> None:
    """Give *queues* the names of what they show, read and logged once for all of them."""
    asked = list(queues)
    names = shown_names(actor, [record for queue in asked for record in queue.records])
    for queue in asked:
        queue.names = names


def _decidable(actor: Actor) -> QuerySet[ShareRequest]:
    """Return what waits for the release authority; nobody decides what they asked for."""
    return boxed(actor, "inbox").exclude(requested_by__person=actor.person_id)


def _asked_by_number(actor: Actor) -> QuerySet[ShareRequest]:
    return boxed(actor, "inbox").filter(record__isnull=True, category="")


def _asked_back(actor: Actor) -> QuerySet[ShareRequest]:
    return boxed(actor, "sent").filter(stands(actor, [ASKED_BACK]))


def _open(actor: Actor) -> QuerySet[ShareRequest]:
    """Return what was sent and waits for somebody else; whoever decides it has it there."""
    sent = boxed(actor, "sent").filter(stands(actor, UNANSWERED))
    if actor.is_supervisor:
        others = ~Q(owner=actor.agency_id) | Q(requested_by__person=actor.person_id)
        return sent.filter(others)
    return sent


def _late(actor: Actor) -> QuerySet[ShareRequest]:
    ours = Q(owner=actor.agency_id) | Q(recipient=actor.agency_id)
    return boxed(actor, None).filter(ours, stands(actor, WAITING), due_at__lt=Now())


def _live(actor: Actor) -> QuerySet[Grant]:
    return grants_for(actor, state="active").filter(kind=Record.Kind.CASE)


def _received(actor: Actor) -> QuerySet[Grant]:
    return grants_for(actor, direction="received", state="active").filter(kind=Record.Kind.CASE)


def _given(actor: Actor) -> QuerySet[Grant]:
    return grants_for(actor, direction="given", state="active").filter(kind=Record.Kind.CASE)


def _unacknowledged(actor: Actor) -> QuerySet[Grant]:
    return _received(actor).filter(acknowledged_at__isnull=True, level=Level.CONTRIBUTE)


def _ending(actor: Actor) -> QuerySet[Grant]:
    return _live(actor).filter(until__lte=Now() + SOON)


def _changed(actor: Actor) -> list[Change]:
    return changes_since(actor, last_visit(actor))


KEPT = (
    _Kept(sorts.DECIDE, _decidable, "due_at", (Role.SUPERVISOR,)),
    _Kept(sorts.DESK, _asked_by_number, "due_at", (Role.LIAISON,)),
    _Kept(sorts.ANSWER, _asked_back, "due_at"),
    _Kept(sorts.ACKNOWLEDGE, _unacknowledged, "issued_at", (Role.SUPERVISOR,)),
    _Kept(sorts.OVERDUE, _late, "due_at"),
    _Kept(sorts.CHANGED, _changed, ""),
    _Kept(sorts.ENDING, _ending, "until"),
    _Kept(sorts.SENT, _open, "due_at"),
    _Kept(sorts.SHARED, _received, "-issued_at"),
    _Kept(sorts.GIVEN, _given, "-issued_at"),
)
