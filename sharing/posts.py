"""The post an actor holds, read anew for each change: copies in the actor are for display only."""

from __future__ import annotations

from uuid import UUID

from agencies.actors import Actor
from agencies.codes import EXCHANGING, READING_ROLES, Role
from agencies.models import Membership, Roster
from agencies.refusals import NotAllowed, NotVisible
from ledger.services import Tell
from sharing.shapes import Shape

POST: Shape[Membership] = Shape(
    lambda seat: Membership.objects.acting().select_related("agency", "person").filter(pk=seat),
    seat=UUID,
)
ROSTER: Shape[Roster] = Shape(
    lambda roster: Roster.objects.select_related(
        "agency", "task_force", "membership__agency"
    ).filter(pk=roster),
    roster=UUID,
)


def post_of(actor: Actor, *roles: str) -> Membership:
    """Return the actor's membership if it is in force and holds one of *roles* (any that reads
    cases).

    Raises NotAllowed, naming the roles, when it does not.
    """
    wanted = roles or READING_ROLES
    post = POST.first(seat=actor.seat)
    if post is None:
        raise NotAllowed("You act under no membership that is in force.", code="no_membership")
    if not set(wanted) & set(post.roles):
        names = " or ".join(Role(role).label.lower() for role in wanted)
        raise NotAllowed(f"Only the {names} of an agency does this.", code="role")
    return post


def exchanging_post_of(actor: Actor, *roles: str) -> Membership:
    """Return the actor's membership as ``post_of`` does, if its agency now gives and receives."""
    post = post_of(actor, *roles)
    if post.agency.status not in EXCHANGING:
        raise NotAllowed("Your agency does not exchange records at present.", code="agency_status")
    return post


def roster_of(roster_id: UUID) -> Roster:
    """Return a roster with what it lists; NotVisible when there is none."""
    roster = ROSTER.first(roster=roster_id)
    if roster is None:
        raise NotVisible
    return roster


def receiving_agency(roster: Roster) -> UUID | None:
    """Return the agency whose people a roster lists; None for a task force, which has several."""
    if roster.agency_id:
        return roster.agency_id
    return roster.membership.agency_id if roster.membership else None


def supervisors(kind: str, agency: UUID) -> Tell:
    """Return the message of *kind* to the release authority of *agency*."""
    return Tell(kind, agency, role=Role.SUPERVISOR)


def duty_desk(kind: str, agency: UUID) -> Tell:
    """Return the message of *kind* to the duty desk of *agency*."""
    return Tell(kind, agency, role=Role.LIAISON)
