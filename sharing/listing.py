"""Pages of records: the newest that a reader may see, by key and never by number."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection

from agencies.actors import Actor
from agencies.refusals import Invalid
from sharing.actions import Action
from sharing.candidates import Filters, Key, candidates, parameters
from sharing.models import Record
from sharing.sealed import SealedModel, SealedQuerySet

__all__ = [
    "CAP",
    "Capped",
    "Filters",
    "Key",
    "Page",
    "count",
    "decode",
    "encode",
    "facets",
    "fill",
    "page",
    "rows",
]

M = TypeVar("M", bound=SealedModel)

CAP = 1000
"""Where counts end: an exact total of a long list is never worth its time."""

LARGEST_STEP = 1000
NO_FILTERS = Filters()


@dataclass(frozen=True)
class Page:
    """The keys of one page in order, and from where the pages beside it go on."""

    keys: Sequence[Key] = ()
    next: Key | None = None
    previous: Key | None = None


@dataclass(frozen=True)
class Capped:
    """A count, and whether there are more than it says."""

    count: int
    capped: bool


@dataclass(frozen=True)
class _Found:
    key: Key
    open: bool
    grouping: str
    type: str
    status: str


def page(
    actor: Actor,
    filters: Filters = NO_FILTERS,
    *,
    kind: str = Record.Kind.CASE,
    after: Key | None = None,
    before: Key | None = None,
    size: int = 50,
) -> Page:
    """Return the page of *size* behind *after*, or the one in front of *before*, newest first.

    A key that is left out is made up for by the next, until the page is full or nothing is left.
    """
    backwards = before is not None and after is None
    place = before if backwards else after
    kept: dict[UUID, Key] = {}
    limit, edge, more = size + 1, place, True
    while more and len(kept) <= size:
        found = _read(actor, filters, kind, edge, limit=limit, backwards=backwards)
        more = len(found) == limit
        edge = found[-1].key if found else edge
        kept.update((one.key.id, one.key) for one in found if one.open and one.key.id not in kept)
        limit = min(limit * 2, LARGEST_STEP)
    return _bounded(list(kept.values()), size, place, backwards=backwards)


def rows(actor: Actor, queryset: SealedQuerySet[M], keys: Sequence[Key]) -> list[M]:
    """Return the rows of *keys* in their order, as far as the rule still lists them for *actor*."""
    wanted = [key.id for key in keys]
    found = queryset.permitting(actor, Action.LIST).with_access(actor).filter(pk__in=wanted)
    by_id = {row.pk: row for row in found}
    return [by_id[key] for key in wanted if key in by_id]


def fill(
    actor: Actor,
    queryset: SealedQuerySet[M],
    filters: Filters = NO_FILTERS,
    *,
    kind: str = Record.Kind.CASE,
    after: Key | None = None,
    before: Key | None = None,
    size: int = 50,
) -> tuple[list[M], Page]:
    """Return a page with its rows, full even where the rule has just taken some keys away."""
    found = page(actor, filters, kind=kind, after=after, before=before, size=size)
    kept = rows(actor, queryset, found.keys)
    if before is not None and after is None:
        return kept, found
    last = found
    while len(kept) < size and last.next is not None:
        missing = size - len(kept)
        last = page(actor, filters, kind=kind, after=last.next, size=missing)
        kept += rows(actor, queryset, last.keys)
    keys = [key for key in (*found.keys, *last.keys) if key.id in {row.pk for row in kept}]
    return kept, replace(found, keys=list(dict.fromkeys(keys)), next=last.next)


def count(
    actor: Actor, filters: Filters = NO_FILTERS, *, kind: str = Record.Kind.CASE, cap: int = CAP
) -> Capped:
    """Return how many records the list holds, counted up to *cap*."""
    found = _read(actor, filters, kind, None, limit=cap + 1)
    seen = {one.key.id for one in found if one.open}
    return Capped(count=min(len(seen), cap), capped=len(found) > cap)


def facets(
    actor: Actor, filters: Filters = NO_FILTERS, *, kind: str = Record.Kind.CASE
) -> dict[str, list[tuple[str, int]]]:
    """Return how the newest 1000 of the list divide by status, type and class, commonest first."""
    found = _read(actor, filters, kind, None, limit=CAP)
    seen = {one.key.id: one for one in found if one.open}.values()
    return {
        "status": Counter(one.status for one in seen).most_common(),
        "type": Counter(one.type for one in seen).most_common(),
        "class": Counter(one.grouping for one in seen).most_common(),
    }


def encode(key: Key, *, backwards: bool = False) -> str:
    """Return the cursor of a page behind *key*, or in front of it; opaque and without secrets."""
    plain = f"{'b' if backwards else 'a'}|{key.touched_at.isoformat()}|{key.id}"
    return urlsafe_b64encode(plain.encode()).decode()


def decode(cursor: str) -> tuple[Key | None, Key | None]:
    """Return the places *after* and *before* of a cursor, one of them None; Invalid if not ours."""
    if not cursor:
        return None, None
    try:
        way, moment, key = urlsafe_b64decode(cursor.encode()).decode().split("|")
        place = Key(datetime.fromisoformat(moment), UUID(key))
        if place.touched_at.tzinfo is None or way not in ("a", "b"):
            raise ValueError(cursor)
    except ValueError:
        raise Invalid({"cursor": "This is not a cursor of this list."}) from None
    return (place, None) if way == "a" else (None, place)


def _read(
    actor: Actor,
    filters: Filters,
    kind: str,
    place: Key | None,
    *,
    limit: int,
    backwards: bool = False,
) -> list[_Found]:
    if actor.membership_id is None or filters.impossible:
        return []
    statement = candidates(filters, kind, backwards=backwards, placed=place is not None)
    values: dict[str, Any] = {**parameters(actor, filters, kind, place), "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [_Found(Key(row[0], row[1]), *row[2:]) for row in cursor.fetchall()]


def _bounded(keys: list[Key], size: int, place: Key | None, *, backwards: bool) -> Page:
    """Return at most *size* of *keys* and where to go on; one more says that there is more."""
    more = len(keys) > size
    kept = keys[:size]
    if not kept:
        return Page()
    if backwards:
        kept.reverse()
        return Page(kept, next=kept[-1], previous=kept[0] if more else None)
    return Page(kept, next=kept[-1] if more else None, previous=kept[0] if place else None)
