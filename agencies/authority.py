"""Who may change agencies, people and agreements: asked of the database at each change.

The portal itself (its commands) may do everything; an administrator onboards and restricts; posts
do the rest, each for its own agency.
"""

from __future__ import annotations

from uuid import UUID

from agencies.actors import Actor
from agencies.codes import Role
from agencies.models import Membership, Person
from agencies.models.membership import MembershipQuerySet, awake
from agencies.refusals import NotAllowed
from ledger.doer import Portal

By = Actor | Portal


def is_portal(by: By) -> bool:
    """Return whether a command of the portal acts, not a person."""
    return isinstance(by, Portal)


def is_administrator(by: By) -> bool:
    """Return whether *by* is the portal or one of its administrators, now."""
    if isinstance(by, Portal):
        return True
    awake_staff = Person.objects.filter(awake(), is_active=True, is_staff=True)
    return awake_staff.filter(pk=by.person_id).exists()


def has_post(by: By, agency_id: UUID, *roles: Role) -> bool:
    """Return whether *by* acts, now, under a post of that agency with one of *roles*."""
    return _posts(by, *roles).filter(agency=agency_id).exists()


def is_coordinator(by: By) -> bool:
    """Return whether *by* acts, now, under a post that runs the people of some agency."""
    return _posts(by, Role.COORDINATOR).exists()


def _posts(by: By, *roles: Role) -> MembershipQuerySet:
    if by.person_id is None or by.membership_id is None:
        return Membership.objects.none()
    acting = Membership.objects.acting().holding(*roles)
    return acting.filter(pk=by.membership_id, person=by.person_id)


def require_administrator(by: By) -> None:
    """Raise NotAllowed unless *by* is the portal or one of its administrators."""
    if not is_administrator(by):
        raise NotAllowed("Only a portal administrator does this.", code="administrator")


def require_post(by: By, agency_id: UUID, *roles: Role) -> None:
    """Raise NotAllowed unless *by* is the portal or holds one of *roles* in that agency."""
    if not is_portal(by) and not has_post(by, agency_id, *roles):
        raise NotAllowed(_only(roles), code="role")


def require_administrator_or_post(by: By, agency_id: UUID, *roles: Role) -> None:
    """Raise NotAllowed unless *by* is an administrator or holds one of *roles* in that agency."""
    if not is_administrator(by) and not has_post(by, agency_id, *roles):
        raise NotAllowed(f"{_only(roles)[:-1]} or a portal administrator.", code="role")


def _only(roles: tuple[Role, ...]) -> str:
    names = " or ".join(role.label.lower() for role in roles)
    return f"This takes the {names} of that agency."
