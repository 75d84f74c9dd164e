"""What the strip offers after something was done: the same thing, seen from the other side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from agencies.actors import Actor
from agencies.codes import READING_ROLES, Role
from agencies.models import Membership, Roster
from ledger.models import Event
from sharing.models import Grant, ShareRequest, StandingGrant

JUST_NOW = timedelta(seconds=10)


@dataclass(frozen=True)
class Offer:
    """A line of the strip: what was done, and whom to be next to see what came of it."""

    said: str
    name: str
    post: str
    person: str
    membership: str
    next: str
    live_at: str = ""

    @classmethod
    def to(cls, post: Membership, *, said: str, next_: str) -> Offer:
        """Return the offer to be *post* and look at *next_*."""
        role = Role(post.roles[0]).label.lower()
        whose = f"{role}, {post.agency.name}"
        return cls(said, post.person.name, whose, str(post.person_id), str(post.pk), next_)

    def kept(self) -> dict[str, str]:
        """Return it as a session keeps it."""
        return asdict(self)


def offer_after(actor: Actor) -> Offer | None:
    """Return what to offer for what *actor* did last, if that was just now and has two sides."""
    done = (
        Event.objects.filter(
            agency=actor.agency_id,
            membership=actor.membership_id,
            outcome=Event.Outcome.DONE,
            at__gt=Now() - JUST_NOW,
            kind__in=SIDES,
        )
        .order_by("-seq")
        .first()
    )
    if done is None or done.target is None:
        return None
    said, find = SIDES[done.kind]
    found = find(actor, done.target)
    if found is None:
        return None
    offer = Offer.to(found[0], said=said, next_=found[1])
    return replace(offer, live_at=_live_at(done.target)) if done.kind == APPROVED else offer


def _live_at(request_id: UUID) -> str:
    """Return when an approval counts that can still be undone; empty for one that counts."""
    live_at = ShareRequest.objects.values_list("effective_at", flat=True).get(pk=request_id)
    return live_at.isoformat() if live_at else ""


def as_of_now(kept: Mapping[str, str]) -> dict[str, str]:
    """Return an offer as a session keeps it, saying how things stand by now."""
    if not kept.get("live_at"):
        return dict(kept)
    left = ceil((datetime.fromisoformat(kept["live_at"]) - timezone.now()).total_seconds())
    live = f"Live in {left} s." if left > 0 else "Live now."
    return {**kept, "said": f"{kept['said']} {live}"}


def offer_back(post: Membership, *, next_: str) -> Offer:
    """Return the offer to be again who one was."""
    return Offer.to(post, said="You changed sides.", next_=next_)


Side = tuple[Membership, str] | None
Finder = Callable[[Actor, UUID], Side]


def _first(posts: Q, *roles: str) -> Membership | None:
    found = Membership.objects.acting().filter(posts).holding(*roles)
    return found.select_related("person", "agency").order_by("started_at", "pk").first()


def _decider(actor: Actor, request_id: UUID) -> Side:
    """Return who decides a request: a release authority of the owner who did not ask."""
    request = ShareRequest.objects.get(pk=request_id)
    others = Q(agency=request.owner_id) & ~Q(person=actor.person_id)
    found = _first(others, Role.SUPERVISOR)
    return (found, reverse("request", args=[request_id])) if found else None


def _asker(actor: Actor, request_id: UUID) -> Side:
    """Return who asked or proposed, at the request."""
    request = ShareRequest.objects.get(pk=request_id)
    found = _first(Q(pk=request.requested_by_id) & ~Q(pk=actor.membership_id), *Role)
    return (found, reverse("request", args=[request_id])) if found else None


def _asker_or_reader(actor: Actor, request_id: UUID) -> Side:
    """Return who asked; for what the owner offered, somebody who receives it."""
    request = ShareRequest.objects.get(pk=request_id)
    if request.direction == ShareRequest.Direction.ASK:
        return _asker(actor, request_id)
    return _told(actor, request.roster_id)


def _reader(actor: Actor, grant_id: UUID) -> Side:
    """Return somebody who received an access, where they are told of what became of it."""
    grant = _access(grant_id)
    return _told(actor, grant.roster_id) if grant else None


def _told(actor: Actor, roster_id: UUID) -> Side:
    found = _reader_of(roster_id, but=actor.agency_id)
    return (found, reverse("notification_list")) if found else None


def _reader_of(roster_id: UUID, *, but: UUID | None) -> Membership | None:
    roster = Roster.objects.get(pk=roster_id)
    if roster.membership_id is not None:
        return _first(Q(pk=roster.membership_id), *READING_ROLES)
    if roster.task_force_id is None:
        return _first(Q(agency=roster_id), *READING_ROLES)
    seated = Q(secondments__task_force=roster_id, secondments__ended_at__isnull=True)
    return _first(seated & ~Q(agency=but), *READING_ROLES)


def _access(grant_id: UUID) -> Grant | StandingGrant | None:
    found = Grant.objects.filter(pk=grant_id).first()
    return found or StandingGrant.objects.filter(pk=grant_id).first()


def _issuer(actor: Actor, grant_id: UUID) -> Side:
    """Return who released an access, on the page that says who has it."""
    grant = _access(grant_id)
    found = _first(Q(pk=grant.issued_by_id), *Role) if grant else None
    if grant is None or found is None:
        return None
    record = grant.record_id if isinstance(grant, Grant) else None
    page = reverse("case_sharing", args=[record]) if record else reverse("standing_list")
    return found, page


APPROVED = "request.approved"
SIDES: dict[str, tuple[str, Finder]] = {
    "request.submitted": ("Sent.", _decider),
    "request.answered": ("Answered.", _decider),
    "request.question": ("Asked.", _asker),
    APPROVED: ("Approved.", _asker_or_reader),
    "request.approval_undone": ("Undone. Nobody was told.", _asker),
    "request.denied": ("Not approved.", _asker),
    "grant.revoked": ("Sharing stopped.", _reader),
    "grant.narrowed": ("Less is shared.", _reader),
    "grant.acknowledged": ("Acknowledged.", _issuer),
}
"""For each kind of event, what the strip says was done and who stands on the other side."""
