"""Sharing requests as lists show them to one reader: the boxes, the lanes, what can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from agencies.actors import NOBODY, Actor
from agencies.recipients import Choices, roster_name
from agencies.text_direction import isolated
from sharing.actions import Action
from sharing.boxes import record_shown, requests_for, visible_requests
from sharing.lanes import flags_of
from sharing.models import Record, ShareRequest
from sharing.naming import Name, shown_names
from sharing.pending import as_seen
from sharing.services.undoing import MARGIN
from sharing.transitions import RELEASED

RELATED = (
    "owner",
    "recipient",
    "roster__agency",
    "roster__task_force",
    "roster__membership__person",
    "roster__membership__agency",
    "requested_by__person",
    "requested_by__agency",
    "decided_by__person",
    "agreement",
)
PAGE = 50
BOXES = {"inbox": "To decide", "sent": "Awaiting an answer", "decided": "Decided"}


@dataclass(frozen=True)
class Line:
    """One request as lists show it; ``name`` is the record as the reader may know it, or None.

    ``flags`` say why whoever decides should look closer.
    """

    request: ShareRequest
    name: Name | None
    is_ours: bool
    flags: Sequence[str] = ()

    @property
    def is_ask(self) -> bool:
        """Return whether the side that would receive asked."""
        return self.request.direction == ShareRequest.Direction.ASK

    @property
    def who(self) -> str:
        """Return whom the access is for."""
        return roster_name(self.request.roster)

    @property
    def what(self) -> str:
        """Return what is asked for or offered, as the reader may know it."""
        if self.name:
            return f"{self.name.number} {self.name.title}".strip()
        if self.request.category:
            return ""
        return self.request.own_number or self.request.description

    @property
    def mark(self) -> str:
        """Return the color in which the state is shown."""
        if self.request.state in RELEASED:
            return "good"
        return {"denied": "bad", "info_needed": "warn"}.get(self.request.state, "open")


def lines_of(
    actor: Actor, requests: Iterable[ShareRequest], *, flagged: bool = False
) -> list[Line]:
    """Return requests as lists show them, with all their names, and flags, read in one go."""
    found = [as_seen(actor, request) for request in requests]
    shown = {request.pk: record_shown(actor, request) for request in found}
    names = shown_names(actor, shown.values())
    flags = flags_of(actor, found) if flagged and found else {}
    return [
        Line(
            request,
            names.get(shown[request.pk]),  # type: ignore[arg-type]
            request.owner_id == actor.agency_id,
            flags.get(request.pk, ()),
        )
        for request in found
    ]


def boxed(actor: Actor, box: str | None) -> QuerySet[ShareRequest]:
    """Return the requests of a box with all that a line of a list needs."""
    return requests_for(actor, box).select_related(*RELATED)


def page_of(requests: QuerySet[ShareRequest], after: str) -> tuple[list[ShareRequest], UUID | None]:
    """Return the page behind the request *after*, and the id to go on from."""
    last = _at(requests, after)
    if last is not None:
        older = Q(created_at__lt=last.created_at) | Q(created_at=last.created_at, pk__lt=last.pk)
        requests = requests.filter(older)
    return _cut(requests)


def waiting_page(actor: Actor, after: str) -> tuple[list[ShareRequest], UUID | None]:
    """Return a page of what waits for a decision, what is due first in front."""
    requests = boxed(actor, "inbox").order_by("due_at", "pk")
    last = _at(requests, after)
    return _cut(requests.filter(_behind(last)) if last is not None else requests)


def next_waiting(actor: Actor, decided: ShareRequest) -> ShareRequest | None:
    """Return the request to decide after one: the next by when it is due, else the first.

    One's own requests are for somebody else, and one with a question waits for its answer.
    """
    waiting = requests_for(actor, "inbox").exclude(requested_by__person=actor.person_id)
    waiting = waiting.exclude(state=ShareRequest.State.INFO_NEEDED).exclude(pk=decided.pk)
    waiting = waiting.order_by("due_at", "pk")
    return waiting.filter(_behind(decided)).first() or waiting.first()


def undoable(actor: Actor) -> list[ShareRequest]:
    """Return what the actor approved and can still take back, the latest first."""
    mine = visible_requests(actor).filter(
        decided_by=actor.membership_id or NOBODY, effective_at__gt=Now() + MARGIN
    )
    found = list(mine.select_related(*RELATED).order_by("-effective_at")[:PAGE])
    for request in found:
        request.undo_until = request.effective_at - MARGIN  # type: ignore[attr-defined, operator]
    return found


def items_of_record(actor: Actor, record: UUID | None) -> Choices:
    """Return the items of a case that its owner may choose from."""
    parts = Record.objects.permitting(actor, Action.PROPOSE).filter(
        case_id=record, kind=Record.Kind.ITEM, owner_id=actor.agency_id
    )
    return [(str(part.pk), _chosen_label(part)) for part in parts.order_by("created_at", "pk")]


def _chosen_label(part: Record) -> str:
    held = " (held back)" if part.covers_itself else ""
    protected = f" ({part.label}, protected)" if part.protected else ""
    return f"{isolated(part.title)}{protected}{held}"


def _at(requests: QuerySet[ShareRequest], after: str) -> ShareRequest | None:
    try:
        return requests.filter(pk=UUID(after)).first() if after else None
    except ValueError:
        return None


def _behind(last: ShareRequest) -> Q:
    return Q(due_at__gt=last.due_at) | Q(due_at=last.due_at, pk__gt=last.pk)


def _cut(requests: QuerySet[ShareRequest]) -> tuple[list[ShareRequest], UUID | None]:
    found = list(requests[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None
