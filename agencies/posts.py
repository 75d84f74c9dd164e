"""Posts as they are made and compared; who may is said by the services."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from agencies.authority import By
from agencies.codes import AgencyStatus, Role, Sensitivity
from agencies.credentials import keep_credentials_until
from agencies.lines import one_of
from agencies.models import Agency, Arrangement, Membership, Person, Roster
from agencies.refusals import Conflict, Invalid
from ledger.services import record_event

WITHOUT_PEOPLE = (AgencyStatus.DIRECTORY, AgencyStatus.CLOSED)


def open_post(
    by: By,
    person: Person,
    agency: Agency,
    *,
    roles: Iterable[str],
    ceiling: int,
    started_at: datetime | None = None,
    ended_at: datetime | None = None,
    temporary: bool = False,
    arrangement: Arrangement | None = None,
) -> Membership:
    """Make a post with its roster, and write it; the caller holds the person's lock."""
    wanted = list(roles)
    begins: dict[str, Any] = {"started_at": started_at} if started_at else {}
    post = Membership.objects.create(
        person=person,
        agency=agency,
        roles=wanted,
        ceiling=ceiling,
        ended_at=ended_at,
        temporary=temporary,
        arrangement=arrangement,
        **begins,
    )
    Roster.objects.create(id=post.pk, kind=Roster.Kind.MEMBERSHIP, membership=post)
    keep_credentials_until(post=post.pk)
    facts: dict[str, Any] = {"ends": ended_at} if ended_at else {}
    facts |= {"arrangement": arrangement.pk} if arrangement else {}
    record_event(
        by,
        "membership.added",
        post,
        concerns=concerned_by(agency.pk, arrangement),
        person=person.pk,
        roles=wanted,
        ceiling=Sensitivity(ceiling).code,
        **facts,
    )
    return post


def concerned_by(agency: UUID, arrangement: Arrangement | None) -> list[UUID]:
    """Return the agencies that may read of a post: its own, and whose people hold it."""
    return [agency, arrangement.provider_id] if arrangement else [agency]


def unended() -> Q:
    """Return the condition of a post that has not ended, whether or not anyone can act under it."""
    return Q(ended_at__isnull=True) | Q(ended_at__gt=Now())


def posts_in(agency: UUID, person: UUID | None) -> QuerySet[Membership]:
    """Return the posts of a person in an agency that have not ended."""
    return Membership.objects.filter(unended(), agency=agency, person=person)


def other_agencies_of(person: Person | None, agency: UUID) -> list[Agency]:
    """Return the agencies besides one in which a person has a post that has not ended, by name."""
    held = Membership.objects.filter(unended(), person=person).values("agency")
    return list(Agency.objects.filter(pk__in=held).exclude(pk=agency).order_by("name", "pk"))


def roles_of(roles: Iterable[str]) -> list[str]:
    """Return roles without repetition; Invalid for none or one that is unknown."""
    wanted = [one_of("roles", role, Role.values) for role in dict.fromkeys(roles)]
    if not wanted:
        raise Invalid({"roles": "A post has at least one role."})
    return wanted


def ceiling_of(ceiling: int) -> Sensitivity:
    """Return a ceiling; Invalid for what is none."""
    try:
        return Sensitivity(ceiling)
    except ValueError as error:
        raise Invalid({"ceiling": "That is not a sensitivity."}) from error


def require_room(agency: Agency) -> None:
    """Raise Conflict where an agency has nobody's posts."""
    if agency.status in WITHOUT_PEOPLE:
        raise Conflict(f"{agency.name} is not on board; nobody has a post there.")


def agencies_of(person: UUID) -> list[UUID]:
    """Return the agencies in which a person has a post that has not ended."""
    posts = Membership.objects.filter(unended(), person=person)
    return list(posts.order_by("agency").values_list("agency", flat=True).distinct())


def agencies_ever_of(person: Person) -> list[UUID]:
    """Return those in which a person has or had a post: they may read what becomes of the account
    and of its ways of signing in.
    """
    posts = person.memberships.order_by("agency")
    return list(posts.values_list("agency", flat=True).distinct())
