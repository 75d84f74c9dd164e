"""Who runs an agency's people: its coordinator, of nobody higher and nobody else's."""

from __future__ import annotations

from uuid import UUID

from agencies.authority import By, has_post, is_administrator, is_portal
from agencies.codes import Role
from agencies.models import Membership, Person
from agencies.posts import unended
from agencies.refusals import NotAllowed, NotVisible

SECONDS = (Role.COORDINATOR, Role.SUPERVISOR)
"""Roles whose holders validate what a coordinator of theirs nominated."""


def is_higher(post: Membership) -> bool:
    """Return whether a post is one that no coordinator acts on: a coordinator's, or of whoever
    administers the portal.
    """
    return Role.COORDINATOR in post.roles or post.person.is_staff


def require_charge_of(by: By, post: Membership) -> None:
    """Raise unless *by* may change *post*: the agency's coordinator, an administrator for higher.

    Nobody changes a post of their own.  NotVisible for a post of another agency.
    """
    if by.person_id == post.person_id:
        raise NotAllowed("Nobody changes their own post.", code="self")
    if is_administrator(by):
        return
    require_own_people(by, post.agency_id)
    if is_higher(post):
        raise NotAllowed("A coordinator's own post takes a portal administrator.", code="higher")


def require_own_people(by: By, agency: UUID) -> None:
    """Raise unless *by* is the portal or runs the people of *agency*."""
    if is_portal(by) or has_post(by, agency, Role.COORDINATOR):
        return
    if by.agency_id != agency:
        raise NotVisible
    raise NotAllowed("This takes the coordinator of that agency.", code="role")


def require_charge_of_person(by: By, person: Person) -> None:
    """Raise unless *by* runs the people of an agency where *person* has a post that is not higher.

    Administrators may for anybody but themselves.
    """
    if by.person_id == person.pk:
        raise NotAllowed("Nobody does this for themselves.", code="self")
    if is_administrator(by):
        return
    posts = Membership.objects.filter(unended(), person=person, agency=by.agency_id)
    post = posts.select_related("person").first()
    if post is None or by.agency_id is None:
        raise NotVisible
    require_charge_of(by, post)
