"""Who can be offered something: other agencies, task forces, one person by e-mail."""

from __future__ import annotations

from uuid import UUID

from agencies.actors import NOBODY
from agencies.models import Agency, Membership, Roster, TaskForce
from agencies.refusals import Invalid

Choices = list[tuple[str, str]]


def other_agencies(own: UUID | None) -> Choices:
    """Return the agencies that give and receive, without *own*, as choices by id."""
    others = Agency.objects.exchanging().exclude(pk=own or NOBODY).order_by("name")
    return [(str(agency.pk), agency.name) for agency in others]


def task_forces() -> Choices:
    """Return the task forces as choices by id."""
    return [(str(force.pk), force.name) for force in TaskForce.objects.order_by("name")]


def roster_for(*, who: str, email: str) -> UUID:
    """Return the roster of an agency or task force, or of the person named by e-mail.

    Raises Invalid, by field, when there is none or more than one.
    """
    if not email:
        if not who:
            raise Invalid({"who": "Choose who gets it, or give one person's e-mail."})
        return UUID(who)
    posts = Membership.objects.acting().filter(person__email__iexact=email)
    if who:
        posts = posts.filter(agency=UUID(who))
    found = list(posts.values_list("pk", flat=True)[:2])
    if len(found) == 1:
        return UUID(str(found[0]))
    if found:
        raise Invalid({"email": "This person has several posts; choose the agency too."})
    raise Invalid({"email": "Nobody on board there has this e-mail."})


def roster_name(roster: Roster) -> str:
    """Return whom a roster lists, as screens say it."""
    if roster.agency:
        return roster.agency.name
    if roster.task_force:
        return roster.task_force.name
    if roster.membership:
        return f"{roster.membership.person.name}, {roster.membership.agency.name}"
    return ""
