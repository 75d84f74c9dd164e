"""What waits for an actor: of each queue, number and list come from one queryset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from agencies.actors import NOBODY, Actor
from agencies.codes import Level
from sharing.holdings import grants_for
from sharing.models import Grant, ShareRequest
from sharing.naming import Name, shown_names
from sharing.request_page import Line, boxed, lines_of

SHOWN = 8
ALL = 200
SOON = timedelta(days=14)
LATELY = timedelta(days=14)


@dataclass(frozen=True)
class Held:
    """A given or received access as lists show it."""

    grant: Grant
    name: Name | None
    is_ours: bool


@dataclass(frozen=True)
class Queue:
    """One sort of thing that waits; ``rows`` are requests or accesses, by ``kind``."""

    key: str
    title: str
    meaning: str
    kind: str
    rows: QuerySet[Any]
    actor: Actor
    limit: int = SHOWN

    @cached_property
    def count(self) -> int:
        """Return how many wait; asked of the database only where the list is cut."""
        shown = len(self.lines)
        return shown if shown < self.limit else self.rows.count()

    @cached_property
    def lines(self) -> Sequence[Line | Held]:
        """Return the first of them, with the names their reader may know."""
        found = list(self.rows[: self.limit])
        if self.kind == "requests":
            return lines_of(self.actor, found)
        names = shown_names(self.actor, [grant.record_id for grant in found])
        return [
            Held(grant, names.get(grant.record_id), grant.owner == self.actor.agency_id)
            for grant in found
        ]


def queues_of(actor: Actor, *, only: str = "", limit: int = SHOWN) -> list[Queue]:
    """Return the queues of *actor*'s roles, or the one named."""
    made = [*_requests(actor), *_accesses(actor)] if actor.reads_cases else []
    return [
        Queue(*parts, actor=actor, limit=limit) for parts in made if not only or parts[0] == only
    ]


def _requests(actor: Actor) -> list[tuple[str, str, str, str, QuerySet[Any]]]:
    inbox = boxed(actor, "inbox").order_by("due_at")
    sent = boxed(actor, "sent")
    asked = sent.filter(state=ShareRequest.State.INFO_NEEDED)
    found = []
    if actor.is_supervisor:
        found.append(("decide", "To decide", "Sharing requests to your agency", "requests", inbox))
    elif actor.holds("liaison"):
        desk = inbox.filter(record__isnull=True, category="")
        found.append(("desk", "For the duty desk", "Asked by number", "requests", desk))
    found.append(("answer", "Awaiting your answer", "The owner asked back", "requests", asked))
    others = sent.exclude(state=ShareRequest.State.INFO_NEEDED)
    found.append(("sent", "Awaiting others", "Sent and not yet decided", "requests", others))
    return found


def _accesses(actor: Actor) -> list[tuple[str, str, str, str, QuerySet[Any]]]:
    now = timezone.now()
    live = grants_for(actor, state="active").filter(kind="case")
    received = live.exclude(owner=actor.agency_id or NOBODY)
    lately = received.filter(issued_at__gte=now - LATELY)
    ending = live.filter(until__lte=now + SOON).order_by("until")
    found = [
        ("shared", "Shared with us lately", "In the last 14 days", "accesses", lately),
        ("ending", "Ending in 14 days", "Given or received", "accesses", ending),
    ]
    if actor.is_supervisor:
        open_ = received.filter(acknowledged_at__isnull=True, level=Level.CONTRIBUTE)
        found.append(("acknowledge", "To acknowledge", "Opens adding to it", "accesses", open_))
    return found
