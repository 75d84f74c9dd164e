"""Whose people somebody may look at: coordinators and release authority their own agency's,
portal administrators everybody's, everyone themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from agencies.actors import Actor
from agencies.authority import is_administrator
from agencies.charge import SECONDS
from agencies.codes import Role
from agencies.models import Membership, Person
from agencies.models.membership import MembershipQuerySet
from agencies.refusals import NotAllowed, NotVisible


@dataclass(frozen=True)
class Office:
    """In what office somebody looks at people, asked of the database once for a page."""

    actor: Actor
    roles: frozenset[str]
    administers: bool

    @property
    def runs(self) -> bool:
        """Return whether they are a coordinator."""
        return Role.COORDINATOR in self.roles

    @property
    def looks(self) -> bool:
        """Return whether they look at people besides themselves."""
        return self.administers or bool(self.roles & set(SECONDS))


def office_of(actor: Actor) -> Office:
    """Return in what office *actor* looks, now."""
    held = Membership.objects.acting().filter(pk=actor.seat, person=actor.person_id)
    roles = held.values_list("roles", flat=True).first() or []
    administers = actor.is_administrator and is_administrator(actor)
    return Office(actor, frozenset(roles), administers)


def overseer(actor: Actor) -> Office:
    """Return *actor*'s office; NotAllowed unless they run people, validate them or administer."""
    office = office_of(actor)
    if not office.looks:
        raise NotAllowed("This page is for your agency's coordinator.", code="role")
    return office


def posts_in_sight(office: Office) -> MembershipQuerySet:
    """Return the posts of people that may be looked at, with person and agency."""
    posts = Membership.objects.people().select_related("person", "agency", "arrangement__provider")
    if office.administers:
        return posts
    if office.looks:
        return posts.filter(agency=office.actor.agency_id)
    return posts.filter(person=office.actor.person_id)


def person_in_sight(office: Office, pk: UUID) -> Person:
    """Return a person of whom a post may be looked at, or oneself; NotVisible otherwise."""
    posts = posts_in_sight(office).filter(person=pk)
    person = Person.objects.filter(pk=pk).first()
    known = office.administers or office.actor.person_id == pk or posts.exists()
    if person is None or not known:
        raise NotVisible
    return person


def post_seen(actor: Actor, pk: UUID) -> Membership:
    """Return a post that *actor* may look at; NotVisible otherwise."""
    post = posts_in_sight(office_of(actor)).filter(pk=pk).first()
    if post is None:
        raise NotVisible
    return post
