"""Every way of reading records, each beside what the oracle expects of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from guardian.shortcuts import get_objects_for_user

from agencies.actors import Actor
from agencies.models import Person
from agencies.prepared import fetch
from agencies.refusals import NotAllowed, NotVisible
from sharing.actions import Action
from sharing.cursors import Key
from sharing.explanation import who_can_see
from sharing.listing import Capped, count, page
from sharing.models import Record
from sharing.search import search
from tests.sharing.oracle import ACTIONS, Oracle, Post, Thing

SUMMARY_WORD, IDENTITY = "harbor", "lantern"
"""Words that every record can be found by: in its summary, and in its full text."""

KINDS = ("case", "item", "contribution")
PERMISSIONS = {
    "know": "know_record",
    "list": "list_record",
    "read": "view_record",
    "contribute": "contribute_record",
    "edit": "change_record",
    "release": "release_record",
}

EVERY_WAY = "SELECT membership_id, record_id, basis_id, level, unmask FROM sharing_access"

Difference = tuple[str, Any, Any]


def actor_for(post: Post) -> Actor:
    """Return whoever acts under *post*, whether or not it is still in force."""
    return Actor(
        person_id=post.person.key,
        membership_id=post.key,
        agency_id=post.agency.key,
        roles=tuple(sorted(post.roles)),
        ceiling=post.ceiling,
    )


def view_disagreements(oracle: Oracle) -> set[Difference]:
    """Return where the view of the rule, for every post at once, is not what is expected."""
    seen = set(fetch(EVERY_WAY, {}))
    expected = {
        (post.key, thing.key, *way)
        for post in oracle.posts
        for thing in oracle.things
        for way in oracle.ways(post, thing)
    }
    posts = {post.key: post for post in oracle.posts}
    things = {thing.key: thing for thing in oracle.things}
    return {
        (side, posts.get(row[0]), things.get(row[1]))
        for side, rows in (("too much", seen - expected), ("too little", expected - seen))
        for row in rows
    }


@dataclass(frozen=True)
class Reading:
    """One way for one post to read: what it gives, and what it is expected to give."""

    name: str
    given: Callable[[], object]
    expected: Callable[[], object]

    def differs(self) -> Difference | None:
        """Return the difference, if there is one."""
        given, expected = self.given(), self.expected()
        return (self.name, given, expected) if given != expected else None


def pages_of(oracle: Oracle, post: Post, *, size: int) -> list[Reading]:
    """Return every way in which *post* leafs through lists."""
    actor = actor_for(post)
    return [
        Reading(
            f"pages of {kind} {way.__name__}",
            partial(way, actor, kind, size),
            partial(_in_order_of, oracle, post, kind),
        )
        for kind in KINDS
        for way in (walk, walk_back)
    ]


def others_of(oracle: Oracle, post: Post, *, size: int) -> list[Reading]:
    """Return every other way in which *post* reads."""
    actor = actor_for(post)
    checks = [
        Reading(
            f"check {name}",
            partial(_permitted, actor, name),
            partial(oracle.permitted, post, name),
        )
        for name in ACTIONS
    ]
    counts = [
        Reading(
            f"count of {kind}",
            partial(count, actor, kind=kind),
            partial(_counted, oracle, post, kind),
        )
        for kind in KINDS
    ]
    searches = [
        Reading(
            f"search {word}",
            partial(found_by, actor, word, size),
            partial(oracle.found, post, by_identity=word == IDENTITY),
        )
        for word in (SUMMARY_WORD, IDENTITY)
    ]
    held = [
        Reading(
            f"guardian {codename}",
            partial(_held, post, actor, codename),
            partial(oracle.granted, post, name),
        )
        for name, codename in PERMISSIONS.items()
    ]
    explanations = [
        Reading(
            f"explanation of {thing.key}",
            partial(explained, actor, thing),
            partial(_to_be_told, oracle, post, thing),
        )
        for thing in oracle.things
    ]
    return [*checks, *counts, *searches, *held, *explanations]


def _permitted(actor: Actor, name: str) -> set[UUID]:
    return ids(Record.objects.permitting(actor, Action[name.upper()]))


def _counted(oracle: Oracle, post: Post, kind: str) -> Capped:
    return Capped(len(oracle.listed(post, kind)), capped=False)


def _in_order_of(oracle: Oracle, post: Post, kind: str) -> list[UUID]:
    return in_order(oracle.listed(post, kind))


def _held(post: Post, actor: Actor, codename: str) -> set[UUID]:
    """Return what guardian says the person may do, of what this post may know of."""
    person = Person.objects.get(pk=post.person.key)
    known = Record.objects.permitting(actor, Action.KNOW)
    return ids(get_objects_for_user(person, f"sharing.{codename}", klass=known))


def ids(records: Any) -> set[UUID]:
    return set(records.values_list("pk", flat=True))


def in_order(records: set[UUID]) -> list[UUID]:
    """Return records newest first, and by id where the clock ties."""
    opened = Record.objects.unrestricted("a test puts what it expects in order")
    newest = opened.filter(pk__in=records).order_by("-touched_at", "-pk")
    return list(newest.values_list("pk", flat=True))


def walk(actor: Actor, kind: str, size: int) -> list[UUID]:
    """Return every record of *kind*, page after page."""
    seen: list[UUID] = []
    found = page(actor, kind=kind, size=size)
    while True:
        seen += [key.id for key in found.keys]
        if found.next is None:
            return seen
        found = page(actor, kind=kind, size=size, after=found.next)


def walk_back(actor: Actor, kind: str, size: int) -> list[UUID]:
    """Return every record of *kind*, page before page from the last."""
    place = last_key(actor, kind)
    seen = [place.id] if place else []
    while place is not None:
        found = page(actor, kind=kind, size=size, before=place)
        seen = [key.id for key in found.keys] + seen
        place = found.previous
    return seen


def last_key(actor: Actor, kind: str) -> Key | None:
    found = page(actor, kind=kind, size=1000)
    while found.next is not None:
        found = page(actor, kind=kind, size=1000, after=found.next)
    return found.keys[-1] if found.keys else None


def found_by(actor: Actor, word: str, size: int) -> set[UUID]:
    """Return what a search finds on all its pages, each hit once and as many as it says."""
    hits: list[UUID] = []
    found = search(actor, word, size=size)
    while True:
        hits += [hit.id for hit in found.hits]
        if found.next is None:
            break
        found = search(actor, word, size=size, after=found.next)
    assert len(hits) == len(set(hits)) == found.count
    return set(hits)


def explained(actor: Actor, thing: Thing) -> object:
    """Return who can see a thing as *actor* is told: rows, or how the answer is refused."""
    try:
        told = who_can_see(actor, thing.key)
    except (NotVisible, NotAllowed) as refusal:
        return type(refusal)
    return {
        (one.basis.grant.pk if one.basis.grant else None, int(one.level), one.members)
        for one in told
    }


def _to_be_told(oracle: Oracle, post: Post, thing: Thing) -> object:
    level = oracle.level(post, thing)
    if not level:
        return NotVisible
    return NotAllowed if level < ACTIONS["list"][0] else oracle.reached_by(thing)
