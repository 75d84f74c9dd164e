"""Requests and grants as the two sides see them: which, in what state, and what may be done about
each.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable

from agencies.actors import NOBODY, Actor
from agencies.codes import READING_ROLES, Role
from agencies.codetable import code_table
from agencies.models import Membership, Secondment
from agencies.refusals import NotVisible
from sharing.actions import Action
from sharing.models import Grant, Record, ShareRequest
from sharing.pending import as_seen, pending, pending_column, released
from sharing.planned import planned
from sharing.policy import permits
from sharing.shapes import Shape
from sharing.transitions import RELEASED, WAITING, possible

State = ShareRequest.State
Direction = ShareRequest.Direction
DECIDED = (*RELEASED, State.DENIED, State.WITHDRAWN, State.LAPSED)
DESK = (Role.SUPERVISOR, Role.LIAISON)
ONLY_SAFE_REASON = "nothing_releasable"


def asking_agency(request: ShareRequest) -> UUID | None:
    """Return the agency that asked: the recipient's in an ask, the owner in an offer."""
    return request.recipient_id if request.direction == Direction.ASK else request.owner_id


def visible_requests(actor: Actor) -> QuerySet[ShareRequest]:
    """Return the requests that *actor* may know of, decided in the statement that fetches them.

    The owner's people see those about records they may manage, and their desk and whoever proposed
    it those about none.  The asking agency's see theirs.  Whom an offer would reach sees it once it
    is released.  What is above one's ceiling is known to whoever asked for it alone; of an ask by
    number, once it is released, so that nobody sees before that something was attached.
    """
    if actor.membership_id is None or actor.agency_id is None:
        return ShareRequest.objects.none()
    acting = Membership.objects.acting().filter(pk=actor.seat)
    reads = acting.holding(*READING_ROLES)
    desk = acting.holding(*DESK)
    manageable = Record.objects.unrestricted("narrowed by the rule in the same statement").filter(
        permits(actor, Action.EDIT), pk=OuterRef("record_id")
    )
    mine = Q(requested_by_id=actor.seat)
    owner_side = Q(owner_id=actor.agency_id) & (
        Exists(manageable) | (Q(record__isnull=True) & (Exists(desk) | mine))
    )
    below = _within_the_ceiling(acting)
    unanswered = ~released() & ~Q(own_number="", description="")
    asked = Q(recipient_id=actor.agency_id, direction=Direction.ASK) & (unanswered | mine | below)
    received = (Q(direction=Direction.OFFER) & released() & below) & (
        Q(roster_id=actor.agency_id)
        | Q(roster_id=actor.seat)
        | (Q(recipient_id=actor.agency_id) & Exists(acting.holding(Role.SUPERVISOR)))
        | Exists(
            Secondment.objects.filter(
                membership_id=actor.seat,
                task_force_id=OuterRef("roster_id"),
                ended_at__isnull=True,
            )
        )
    )
    found = ShareRequest.objects.filter(Exists(reads)).filter(owner_side | asked | received)
    return planned(found.annotate(is_pending=pending_column()))


def _within_the_ceiling(acting: QuerySet[Membership]) -> Combinable:
    """Return the condition that a request is about no record more sensitive than the post reads."""
    records = Record.objects.unrestricted("whether a request is above its reader's ceiling")
    ceiling = Subquery(acting.values("ceiling")[:1])
    below = records.filter(pk=OuterRef("record_id"), sensitivity__lte=ceiling)
    return Q(record__isnull=True) | Exists(below)


def requests_for(actor: Actor, box: str | None = None) -> QuerySet[ShareRequest]:
    """Return the requests of a box, newest first: ``inbox`` to decide, ``sent`` and open,
    ``decided``, or all.
    """
    requests = visible_requests(actor).order_by("-created_at", "-pk")
    mine = Q(direction=Direction.ASK, recipient_id=actor.agency_id) | Q(
        direction=Direction.OFFER, owner_id=actor.agency_id
    )
    hidden = pending() & ~Q(owner_id=actor.agency_id)
    if box == "inbox":
        return requests.filter(owner_id=actor.agency_id, state__in=WAITING)
    if box == "sent":
        return requests.filter(mine, Q(state__in=WAITING) | hidden)
    if box == "decided":
        return requests.filter(state__in=DECIDED).exclude(hidden)
    return requests


ONE_REQUEST: Shape[ShareRequest] = Shape(
    lambda seat, agency, request: (
        visible_requests(Actor(NOBODY, seat, agency))
        .select_related(
            "owner",
            "recipient",
            "roster",
            "requested_by__person",
            "decided_by__person",
            "agreement",
        )
        .filter(pk=request)
    ),
    seat=UUID,
    agency=UUID,
    request=UUID,
)


def open_share_request(actor: Actor, pk: UUID) -> ShareRequest:
    """Return a request that *actor* may know of; NotVisible otherwise."""
    if actor.membership_id is None or actor.agency_id is None:
        raise NotVisible
    request = ONE_REQUEST.first(seat=actor.seat, agency=actor.agency_id, request=pk)
    if request is None:
        raise NotVisible
    return request


def record_shown(actor: Actor, request: ShareRequest) -> UUID | None:
    """Return the record of a request as *actor* may know it.

    Whoever asked by number learns of a record only once it is released: until then the answer is
    the same whether there is one or not.
    """
    asked_blind = bool(request.own_number or request.description)
    if request.owner_id == actor.agency_id or not asked_blind:
        return request.record_id
    return request.record_id if as_seen(actor, request).state in RELEASED else None


def items_shown(actor: Actor, request: ShareRequest) -> list[UUID] | None:
    """Return the chosen items of a request as *actor* may know them; None for all.

    Whom an offer reached learns of those that it was given, not of those that were held back, and
    nobody of those above their ceiling.  What an ask named is its side's own words.
    """
    asks = request.direction == Direction.ASK and request.recipient_id == actor.agency_id
    if request.items is None or asks:
        return request.items
    known = within_the_ceiling(actor, request.items)
    if request.owner_id != actor.agency_id:
        given = Grant.objects.filter(decision=request, record_id__in=known).exclude(
            revoke_reason="undone"
        )
        known = set(given.values_list("record_id", flat=True))
    return [item for item in request.items if item in known]


def within_the_ceiling(actor: Actor, items: Iterable[UUID]) -> set[UUID]:
    """Return those of *items* that are no more sensitive than *actor*'s post reads now."""
    acting = Membership.objects.acting().filter(pk=actor.seat)
    records = Record.objects.unrestricted("which chosen items are above their reader's ceiling")
    ceiling = Subquery(acting.values("ceiling")[:1])
    below = records.filter(pk__in=list(items), sensitivity__lte=ceiling)
    return set(below.values_list("pk", flat=True))


def denial_codes(request: ShareRequest) -> list[str]:
    """Return the reasons that may be given for a denial without telling what the asker does not
    know.
    """
    silent = request.record_id is not None and (
        Record.objects.unrestricted("which reasons may be given without telling")
        .filter(pk=request.record_id, findability=Record.Findability.SILENT)
        .exists()
    )
    blind = bool(request.own_number or request.description)
    if silent or blind or (request.record_id is None and not request.category):
        return [ONLY_SAFE_REASON]
    return [value["code"] for value in code_table("denial_reasons")["values"]]


def allowed_on_request(actor: Actor, request: ShareRequest) -> list[str]:
    """Return what *actor* may do about a request now; each is checked again when it is done."""
    request = as_seen(actor, request)
    events = possible(request.state)
    own, asks = request.owner_id == actor.agency_id, asking_agency(request) == actor.agency_id
    asker = request.requested_by
    same_person = asker is not None and asker.person_id == actor.person_id
    decides = own and actor.is_supervisor and not same_person
    blind = bool(request.own_number or request.description)
    allowed = {
        "approve": decides and "approve" in events,
        "deny": decides and "deny" in events,
        "question": own and actor.holds(*DESK) and "question" in events,
        "attach": own and actor.holds(*DESK) and blind and "approve" in events,
        "answer": asks and actor.reads_cases and "answer" in events,
        "withdraw": asks
        and "withdraw" in events
        and (request.requested_by_id == actor.membership_id or actor.is_supervisor),
    }
    return [name for name, yes in allowed.items() if yes]
