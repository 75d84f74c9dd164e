"""What the strip offers after something was done: the same thing, seen from the other side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models.functions import Now
from django.urls import reverse

from agencies.actors import Actor
from agencies.codes import READING_ROLES, Role
from agencies.models import Membership, Roster
from ledger.models import Event
from sharing.models import Grant, ShareRequest

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
    return Offer.to(found[0], said=said, next_=found[1]) if found else None


def offer_back(post: Membership, *, next_: str) -> Offer:
    """Return the offer to be again who one was."""
    return Offer.to(post, said="You changed sides.", next_=next_)


Side = tuple[Membership, str] | None
Finder = Callable[[Actor, UUID], Side]


def _posts(agency_id: UUID, *roles: str) -> Membership | None:
    found = Membership.objects.acting().filter(agency=agency_id).holding(*roles)
    return found.select_related("person", "agency").order_by("started_at", "pk").first()


def _decider(actor: Actor, request_id: UUID) -> Side:
    """Return who decides a request: a release authority of the owner who did not ask."""
    request = ShareRequest.objects.get(pk=request_id)
    found = (
        Membership.objects.acting()
        .filter(agency=request.owner_id)
        .holding(Role.SUPERVISOR)
        .exclude(person=actor.person_id)
        .select_related("person", "agency")
        .order_by("started_at", "pk")
        .first()
    )
    return (found, reverse("request", args=[request_id])) if found else None


def _asker(actor: Actor, request_id: UUID) -> Side:
    """Return who asked; for an offer, somebody of the agency that receives."""
    request = ShareRequest.objects.select_related("requested_by__agency", "requested_by__person")
    asked = request.get(pk=request_id)
    page = reverse("request", args=[request_id])
    if asked.requested_by is not None and asked.requested_by_id != actor.membership_id:
        return asked.requested_by, page
    return None


def _reader(actor: Actor, grant_id: UUID) -> Side:
    """Return somebody who received an access, where they are told of what became of it."""
    grant = Grant.objects.filter(pk=grant_id).first()
    found = _reader_of(grant.roster_id) if grant else None
    return (found, reverse("notification_list")) if found else None


def _reader_of(roster_id: UUID) -> Membership | None:
    roster = Roster.objects.select_related("membership", "task_force").get(pk=roster_id)
    if roster.membership_id is not None:
        posts = Membership.objects.acting().select_related("person", "agency")
        return posts.filter(pk=roster.membership_id).first()
    if roster.task_force is not None:
        return _posts(roster.task_force.lead_id, *READING_ROLES)
    return _posts(roster_id, *READING_ROLES)


def _issuer(actor: Actor, grant_id: UUID) -> Side:
    """Return who released an access, on the case's list of who can see it."""
    grant = Grant.objects.filter(pk=grant_id).first()
    if grant is None:
        return None
    found = Membership.objects.acting().select_related("person", "agency")
    issuer = found.filter(pk=grant.issued_by_id).first()
    return (issuer, reverse("case_sharing", args=[grant.record_id])) if issuer else None


SIDES: dict[str, tuple[str, Finder]] = {
    "request.submitted": ("Sent.", _decider),
    "request.answered": ("Answered.", _decider),
    "request.question": ("Asked.", _asker),
    "request.approved": ("Approved.", _asker),
    "request.denied": ("Not approved.", _asker),
    "grant.revoked": ("Sharing stopped.", _reader),
    "grant.narrowed": ("Less is shared.", _reader),
    "grant.acknowledged": ("Acknowledged.", _issuer),
}
"""For each kind of event, what the strip says was done and who stands on the other side."""
