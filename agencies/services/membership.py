"""Posts begin and end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from agencies.authority import By, is_administrator, is_portal, require_post
from agencies.charge import is_higher
from agencies.clock import database_time
from agencies.codes import Role, Sensitivity
from agencies.models import Agency, Membership, Person, Program
from agencies.posts import (
    ceiling_of,
    concerned_by,
    open_post,
    require_room,
    roles_of,
)
from agencies.refusals import Conflict, NotAllowed
from ledger.services import record_event

RESTRICTING = (Role.COORDINATOR, Role.SUPERVISOR, Role.LIAISON)


@transaction.atomic
def add_membership(
    by: By,
    person: Person,
    agency: Agency,
    *,
    roles: Iterable[str],
    ceiling: Sensitivity,
    started_at: datetime | None = None,
) -> Membership:
    """Give a person a post in an agency, with its roster.

    The portal's own commands do this, and nobody else: whoever is to have a post is nominated and
    accepts it.  Idempotent for the same post.
    """
    _require_portal(by)
    wanted = roles_of(roles)
    person = Person.objects.select_for_update().get(pk=person.pk)
    agency = Agency.objects.get(pk=agency.pk)
    _can_hold(person, agency, wanted)
    current = person.memberships.filter(agency=agency, ended_at__isnull=True).first()
    if current is not None:
        return _the_same(current, wanted, ceiling)
    return open_post(
        by, person, agency, roles=wanted, ceiling=ceiling_of(ceiling), started_at=started_at
    )


def _the_same(current: Membership, wanted: list[str], ceiling: Sensitivity) -> Membership:
    if (set(current.roles), current.ceiling) != (set(wanted), ceiling):
        raise Conflict(
            "This person has a post there with other roles or another ceiling; end it first.",
            code="membership_known",
        )
    return current


@transaction.atomic
def end_membership(by: By, membership: Membership, *, at: datetime | None = None) -> Membership:
    """End a post now, or at a later time that the coordinator sets.  Idempotent; never revives one.

    Anyone who restricts may end it now: coordinator, supervisor, duty desk, administrator.
    """
    _may_end(by, membership, later=at is not None)
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    now = database_time()
    if membership.ended_at is not None and membership.ended_at <= now:
        return membership
    end = max(at, now) if at else now
    _require_short(membership, end)
    if end != membership.ended_at:
        membership.ended_at = end
        membership.save(update_fields=["ended_at"])
        record_event(
            by,
            "membership.ended",
            membership,
            concerns=concerned_by(membership.agency_id, membership.arrangement),
            person=membership.person_id,
            ends=end,
        )
    return membership


def _require_short(post: Membership, end: datetime) -> None:
    if post.temporary and post.ended_at is not None and end > post.ended_at:
        raise Conflict("A temporary post ends within 72 hours; nominate the person for another.")


def _require_portal(by: By) -> None:
    if not is_portal(by):
        raise NotAllowed(
            "A post is nominated, accepted by the person and validated by a second.", code="second"
        )


def _may_end(by: By, membership: Membership, *, later: bool) -> None:
    if is_administrator(by) and (not later or is_portal(by) or is_higher(membership)):
        return
    if later:
        require_post(by, membership.agency_id, Role.COORDINATOR)
    else:
        require_post(by, membership.agency_id, *RESTRICTING)
    if is_higher(membership):
        raise NotAllowed("A coordinator's own post takes a portal administrator.", code="higher")


def _can_hold(person: Person, agency: Agency, roles: list[str]) -> None:
    require_room(agency)
    if Program.objects.filter(membership__person=person).exists():
        raise Conflict("A program has one post, and no other.", code="program")
    if person.is_staff and roles != [Role.COORDINATOR]:
        raise Conflict(
            "A portal administrator reads nothing and so holds no such post.", code="administrator"
        )
