"""Who can be offered something: other agencies, task forces, one person found by name or e-mail."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from agencies.actors import NOBODY
from agencies.codes import EXCHANGING, READING_ROLES
from agencies.models import Agency, Membership, Roster, TaskForce
from agencies.models.membership import MembershipQuerySet

Choices = list[tuple[str, str]]
Groups = list[tuple[str, Choices]]

FOUND = 20
"""Most agencies, task forces or people that one search offers."""

SHORTEST = 2


def other_agencies(own: UUID | None) -> Choices:
    """Return the agencies that give and receive, without *own*, as choices by id."""
    others = Agency.objects.exchanging().exclude(pk=own or NOBODY).order_by("name")
    return [(str(agency.pk), agency.name) for agency in others]


def task_forces() -> Choices:
    """Return the task forces as choices by id."""
    return [(str(force.pk), force.name) for force in TaskForce.objects.order_by("name")]


def recipients(own: UUID | None, find: str = "") -> Groups:
    """Return who can be offered something, in groups; with words in *find*, people too.

    Each word must be in the name of the agency or the task force, of the person or its agency.
    """
    words = find.split()
    if len(find.strip()) < SHORTEST:
        found = [("Agencies", other_agencies(own)), ("Task forces", task_forces())]
    else:
        found = [
            ("Agencies", _matching(other_agencies(own), words)),
            ("Task forces", _matching(task_forces(), words)),
            ("People", _people(own, words)),
        ]
    return [(name, choices) for name, choices in found if choices]


def recipient_name(own: UUID | None, key: str) -> str | None:
    """Return whom a choice of ``recipients`` names; None for what nobody may choose now."""
    try:
        roster = Roster.objects.select_related(
            "agency", "task_force", "membership__person", "membership__agency"
        ).get(pk=UUID(key))
    except (ValueError, Roster.DoesNotExist):
        return None
    if roster.agency_id:
        offered = Agency.objects.exchanging().exclude(pk=own or NOBODY)
        return roster_name(roster) if offered.filter(pk=roster.agency_id).exists() else None
    if roster.membership_id and not _posts(own).filter(pk=roster.pk).exists():
        return None
    return roster_name(roster)


def _matching(choices: Choices, words: list[str]) -> Choices:
    folded = [word.casefold() for word in words]
    return [one for one in choices if all(word in one[1].casefold() for word in folded)][:FOUND]


def _posts(own: UUID | None) -> MembershipQuerySet:
    """Return the posts of other agencies that read cases and can be given one now."""
    posts = Membership.objects.acting().people().holding(*READING_ROLES)
    return posts.filter(agency__status__in=EXCHANGING).exclude(agency=own or NOBODY)


def _people(own: UUID | None, words: list[str]) -> Choices:
    posts = _posts(own).select_related("person", "agency")
    for word in words:
        posts = posts.filter(
            Q(person__name__icontains=word)
            | Q(person__email__iexact=word)
            | Q(agency__name__icontains=word)
        )
    found = posts.order_by("person__name", "pk")[:FOUND]
    return [(str(post.pk), f"{post.person.name}, {post.agency.name}") for post in found]


def roster_name(roster: Roster) -> str:
    """Return whom a roster lists, as screens say it."""
    if roster.agency:
        return roster.agency.name
    if roster.task_force:
        return roster.task_force.name
    if roster.membership:
        return f"{roster.membership.person.name}, {roster.membership.agency.name}"
    return ""
