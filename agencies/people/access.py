"""Whose people somebody may look at: coordinators and release authority their own agency's,
portal administrators everybody's, everyone themselves.
"""

from __future__ import annotations

from uuid import UUID

from agencies.actors import NOBODY, Actor
from agencies.authority import has_post, is_administrator
from agencies.charge import SECONDS
from agencies.codes import Role
from agencies.models import Membership, Person
from agencies.models.membership import MembershipQuerySet
from agencies.refusals import NotAllowed, NotVisible


def require_overview(actor: Actor) -> None:
    """Raise NotAllowed unless *actor* runs people, validates them or administers."""
    if not is_administrator(actor) and not has_post(actor, actor.agency_id or NOBODY, *SECONDS):
        raise NotAllowed("This page is for your agency's coordinator.", code="role")


def runs_people(actor: Actor) -> bool:
    """Return whether *actor* is a coordinator now."""
    return has_post(actor, actor.agency_id or NOBODY, Role.COORDINATOR)


def posts_seen(actor: Actor) -> MembershipQuerySet:
    """Return the posts of people that *actor* may look at, with person and agency."""
    posts = Membership.objects.people().select_related("person", "agency")
    if is_administrator(actor):
        return posts
    if has_post(actor, actor.agency_id or NOBODY, *SECONDS):
        return posts.filter(agency=actor.agency_id)
    return posts.filter(person=actor.person_id)


def person_seen(actor: Actor, pk: UUID) -> tuple[Person, list[Membership]]:
    """Return a person and those of their posts that *actor* may look at; NotVisible otherwise."""
    posts = list(posts_seen(actor).filter(person=pk).order_by("-started_at", "pk"))
    if posts:
        return posts[0].person, posts
    person = Person.objects.filter(pk=pk).first() if _sees(actor, pk) else None
    if person is None:
        raise NotVisible
    return person, []


def _sees(actor: Actor, pk: UUID) -> bool:
    """Return whether *actor* sees even somebody without a post."""
    return actor.person_id == pk or is_administrator(actor)


def post_seen(actor: Actor, pk: UUID) -> Membership:
    """Return a post that *actor* may look at; NotVisible otherwise."""
    post = posts_seen(actor).filter(pk=pk).first()
    if post is None:
        raise NotVisible
    return post
