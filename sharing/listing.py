"""Pages of records: the newest that a reader may see, by key and never by number."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from agencies.actors import Actor
from agencies.refusals import Invalid
from sharing.actions import Action
from sharing.candidates import Filters, Key, candidates, parameters
from sharing.models import Record
from sharing.prepared import fetch
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
    "first_page",
    "page",
    "rows",
]

M = TypeVar("M", bound=SealedModel)

CAP = 1000
"""Where counts end: an exact total of a long list is never worth its time."""

LARGEST_STEP = 1000
SPARE = 4
"""One key in so many is read on top, for keys that several grants give."""

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
    found = _newest(actor, filters, kind, place, wanted=size + 1, backwards=backwards)
    return _bounded([one.key for one in found], size, place, backwards=backwards)


def rows(actor: Actor, queryset: SealedQuerySet[M], keys: Sequence[Key]) -> list[M]:
    """Return the rows of *keys* in their order, as far as the rule still lists them for *actor*."""
    wanted = [key.id for key in keys]
    by_id = {row.pk: row for row in queryset.among(actor, Action.LIST, wanted)}
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
    found = len(_newest(actor, filters, kind, None, wanted=cap + 1))
    return Capped(count=min(found, cap), capped=found > cap)


def facets(
    actor: Actor, filters: Filters = NO_FILTERS, *, kind: str = Record.Kind.CASE
) -> dict[str, list[tuple[str, int]]]:
    """Return how the newest 1000 of the list divide by status, type and class, commonest first."""
    return _divided(_newest(actor, filters, kind, None, wanted=CAP))


def first_page(
    actor: Actor, filters: Filters = NO_FILTERS, *, kind: str = Record.Kind.CASE, size: int = 50
) -> tuple[Page, dict[str, list[tuple[str, int]]]]:
    """Return the first page and the facets of a list, from one reading of its newest 1000."""
    seen = _newest(actor, filters, kind, None, wanted=CAP)
    return _bounded([one.key for one in seen], size, None, backwards=False), _divided(seen)


def _divided(seen: Sequence[_Found]) -> dict[str, list[tuple[str, int]]]:
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


def _newest(
    actor: Actor,
    filters: Filters,
    kind: str,
    place: Key | None,
    *,
    wanted: int,
    backwards: bool = False,
) -> list[_Found]:
    """Return the first *wanted* that may be listed; those that may not are made up for."""
    kept: dict[UUID, _Found] = {}
    limit, more = wanted + wanted // SPARE, True
    while more and len(kept) < wanted:
        found = _read(actor, filters, kind, place, limit=limit, backwards=backwards)
        more = len(found) == limit
        found = _settled(found) if more else found
        place = found[-1].key if found else place
        for one in found:
            if one.open:
                kept.setdefault(one.key.id, one)
        limit = min(limit * 2, max(LARGEST_STEP, limit)) if found else limit * 2
    return list(kept.values())[:wanted]


def _settled(found: list[_Found]) -> list[_Found]:
    """Return *found* without a last key that was not opened: a further grant may yet open it."""
    last = found[-1].key
    if any(one.open for one in found if one.key == last):
        return found
    return [one for one in found if one.key != last]


def _read(
    actor: Actor,
    filters: Filters,
    kind: str,
    place: Key | None,
    *,
    limit: int,
    backwards: bool,
) -> list[_Found]:
    if actor.membership_id is None or filters.impossible:
        return []
    statement = candidates(
        filters, kind, limit=limit, backwards=backwards, placed=place is not None
    )
    values = parameters(actor, filters, kind, place)
    return [_Found(Key(row[0], row[1]), *row[2:]) for row in fetch(statement, values)]


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
