"""Who looks after whose account: the coordinator of an agency of theirs, or an administrator."""

from __future__ import annotations

from uuid import UUID

from agencies.authority import By, has_post, is_administrator
from agencies.codes import Role
from agencies.models import Person
from agencies.posts import unended
from agencies.refusals import NotAllowed, NotVisible

RESTRICTING = (Role.COORDINATOR, Role.SUPERVISOR, Role.LIAISON)
"""Roles that may shut somebody out at once."""


def looks_after(by: By, person: Person, *roles: Role) -> bool:
    """Return whether *by* may act on the account of *person*, now: never on a higher role's.

    An administrator may; so may whoever acts under a post with one of *roles*, a coordinator's
    where none is named, in an agency where the person has a post.
    """
    if is_administrator(by):
        return True
    if person.is_staff or by.agency_id is None:
        return False
    has_one_there = person.memberships.filter(unended(), agency=by.agency_id).exists()
    return has_one_there and has_post(by, by.agency_id, *(roles or (Role.COORDINATOR,)))


def require_looks_after(by: By, person: Person, *roles: Role) -> None:
    """Raise NotVisible unless *by* looks after *person*, NotAllowed for one's own account."""
    if not looks_after(by, person, *roles):
        raise NotVisible
    if by.person_id == person.pk:
        raise NotAllowed("Nobody does this to their own account; ask somebody else.", code="self")


def one_of_two(by: By) -> UUID:
    """Return who it is; NotAllowed for the portal, which is nobody."""
    if by.person_id is None:
        raise NotAllowed("This takes two people.")
    return by.person_id
