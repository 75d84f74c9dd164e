"""The actor: a person acting under one membership, now."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import models

from agencies.codes import READING_ROLES, Role, Sensitivity
from agencies.kept import Kept
from agencies.models import Membership, Person
from agencies.models.membership import awake
from agencies.own_way import vouched_alone

NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Actor:
    """Who asks.  Ids and copies for display only: whether the membership still holds is asked of
    the database each time.

    A person without a membership (a portal administrator) has None for membership and agency.
    """

    person_id: UUID
    membership_id: UUID | None = None
    agency_id: UUID | None = None
    roles: tuple[str, ...] = ()
    ceiling: int = Sensitivity.ROUTINE
    is_administrator: bool = False
    purpose: str = ""
    for_case: str = ""

    @property
    def seat(self) -> UUID:
        """Return the membership to compare with; the nil UUID, which is nobody's, without one."""
        return self.membership_id or NOBODY

    def holds(self, *roles: str) -> bool:
        """Return whether the membership has at least one of *roles*."""
        return any(role in self.roles for role in roles)

    @property
    def reads_cases(self) -> bool:
        """Return whether a role of the membership reads cases at all."""
        return self.holds(*READING_ROLES)

    @property
    def is_supervisor(self) -> bool:
        """Return whether the membership holds release authority."""
        return self.holds(Role.SUPERVISOR)


def acting_as(membership: Membership, *, purpose: str = "", for_case: str = "") -> Actor:
    """Return the actor that *membership* makes of its person; the person must be loaded or
    loadable.
    """
    return Actor(
        person_id=membership.person_id,
        membership_id=membership.pk,
        agency_id=membership.agency_id,
        roles=tuple(membership.roles),
        ceiling=membership.ceiling,
        is_administrator=membership.person.is_staff,
        purpose=purpose,
        for_case=for_case,
    )


def _posts(person: UUID, *, vouched: bool, **narrower: UUID) -> models.QuerySet[Membership]:
    """Return the posts in force of a person that a session may act under, the first one first."""
    acting = Membership.objects.acting().filter(person_id=person, **narrower)
    acting = acting if vouched else acting.exclude(vouched_alone())
    return acting.order_by("started_at", "pk")


def _named(*, vouched: bool) -> Kept[Membership]:
    def build(person: UUID, membership: UUID) -> models.QuerySet[Membership]:
        return _posts(person, vouched=vouched, pk=membership)

    return Kept(build, "person", "membership")


_in_force = Kept(lambda person: _posts(person, vouched=False)[:1], "person")
_by_sign_in = {vouched: _named(vouched=vouched) for vouched in (True, False)}


def administers(person: Person) -> bool:
    """Return whether *person* administers the portal now: neither disabled nor dormant."""
    if not (person.is_staff and person.is_active):
        return False
    return Person.objects.filter(awake(), pk=person.pk, is_active=True, is_staff=True).exists()


def actor_of(
    person: Person,
    membership_id: UUID | None = None,
    *,
    vouched: bool = False,
    purpose: str = "",
    for_case: str = "",
) -> Actor:
    """Return *person* acting under the membership named, or under the first in force.

    One that is named and no longer in force is not replaced by another: nobody changes hats
    unawares.  Then, and for whoever has no post, the actor has no membership.  *vouched* says that
    the agency of the post opened the session: some agencies' people come in so alone.
    """
    if membership_id is None:
        hats = _in_force(person=person.pk)
    else:
        hats = _by_sign_in[vouched](person=person.pk, membership=membership_id)
    chosen = next(iter(hats), None)
    if chosen is None:
        return Actor(person_id=person.pk, is_administrator=administers(person))
    chosen.person = person
    return acting_as(chosen, purpose=purpose, for_case=for_case)
