"""Posts begin and end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from agencies.authority import By, has_post, is_administrator, is_portal, require_post
from agencies.clock import database_time
from agencies.codes import AgencyStatus, Role, Sensitivity
from agencies.lines import one_of
from agencies.models import Agency, Membership, Person, Program, Roster
from agencies.refusals import Conflict, Invalid, NotAllowed
from ledger.services import record_event

RESTRICTING = (Role.COORDINATOR, Role.SUPERVISOR, Role.LIAISON)
WITHOUT_PEOPLE = (AgencyStatus.DIRECTORY, AgencyStatus.CLOSED)


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

    An agency's coordinator does this, never for themselves; an administrator appoints coordinators
    only, because whoever appoints readers in effect reads.  Idempotent for the same post.
    """
    wanted = _roles(roles)
    _may_appoint(by, person, agency, wanted)
    person = Person.objects.select_for_update().get(pk=person.pk)
    agency = Agency.objects.get(pk=agency.pk)
    _can_hold(person, agency, wanted)
    current = person.memberships.filter(agency=agency, ended_at__isnull=True).first()
    if current is not None:
        return _the_same(current, wanted, ceiling)
    begins = {"started_at": started_at} if started_at else {}
    post = Membership.objects.create(
        person=person, agency=agency, roles=wanted, ceiling=_ceiling(ceiling), **begins
    )
    Roster.objects.create(id=post.pk, kind=Roster.Kind.MEMBERSHIP, membership=post)
    record_event(
        by,
        "membership.added",
        post,
        concerns=[agency.pk],
        person=person.pk,
        roles=wanted,
        ceiling=Sensitivity(ceiling).code,
    )
    return post


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
    if end != membership.ended_at:
        membership.ended_at = end
        membership.save(update_fields=["ended_at"])
        record_event(
            by,
            "membership.ended",
            membership,
            concerns=[membership.agency_id],
            person=membership.person_id,
            ends=end,
        )
    return membership


def _may_appoint(by: By, person: Person, agency: Agency, roles: list[str]) -> None:
    if is_portal(by):
        return
    if by.person_id == person.pk:
        raise NotAllowed("Nobody gives themselves a post.", code="self")
    if has_post(by, agency.pk, Role.COORDINATOR):
        return
    if not is_administrator(by):
        raise NotAllowed("This takes the agency's own coordinator.", code="role")
    if roles != [Role.COORDINATOR]:
        raise NotAllowed(
            "An administrator appoints coordinators; they appoint the others.", code="role"
        )


def _may_end(by: By, membership: Membership, *, later: bool) -> None:
    if later:
        require_post(by, membership.agency_id, Role.COORDINATOR)
    elif not is_administrator(by):
        require_post(by, membership.agency_id, *RESTRICTING)


def _can_hold(person: Person, agency: Agency, roles: list[str]) -> None:
    if agency.status in WITHOUT_PEOPLE:
        raise Conflict(f"{agency.name} is not on board; nobody has a post there.")
    if Program.objects.filter(membership__person=person).exists():
        raise Conflict("A program has one post, and no other.", code="program")
    if person.is_staff and roles != [Role.COORDINATOR]:
        raise Conflict(
            "A portal administrator reads nothing and so holds no such post.", code="administrator"
        )


def _roles(roles: Iterable[str]) -> list[str]:
    wanted = [one_of("roles", role, Role.values) for role in dict.fromkeys(roles)]
    if not wanted:
        raise Invalid({"roles": "A post has at least one role."})
    return wanted


def _ceiling(ceiling: int) -> Sensitivity:
    try:
        return Sensitivity(ceiling)
    except ValueError as error:
        raise Invalid({"ceiling": "That is not a sensitivity."}) from error
