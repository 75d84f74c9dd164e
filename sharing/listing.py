"""Pages of records: the newest that a reader may see, by key and never by number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from agencies.actors import Actor
from agencies.prepared import fetch
from sharing.actions import Action
from sharing.candidates import candidates, counted, divided, parameters
from sharing.cursors import Key
from sharing.filters import Filters
from sharing.models import Record
from sharing.sealed.model import SealedModel
from sharing.sealed.queryset import SealedQuerySet

__all__ = [
    "CAP",
    "Capped",
    "Facets",
    "Page",
    "count",
    "facets",
    "fill",
    "filled",
    "first_page",
    "page",
    "rows",
]

M = TypeVar("M", bound=SealedModel)
R = TypeVar("R", bound="Keyed")
Facets = dict[str, list[tuple[str, int]]]
"""How a list divides: by the name of a facet, its values and how often each comes."""

CAP = 1000
"""Where counts end: an exact total of a long list is never worth its time."""

LARGEST_STEP = 1000
SPARE, SPARE_COUNTED = 4, 8
"""One key in so many is read on top, for keys that several grants give; of a thousand fewer, since
chance evens out.
"""

NO_FILTERS = Filters()


class Keyed(Protocol):
    """A row that knows its key."""

    @property
    def pk(self) -> Any:
        """Return the id of the record."""


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
    return _bounded(found, size, place, backwards=backwards)


def rows(actor: Actor, queryset: SealedQuerySet[M], keys: Sequence[Key], kind: str = "") -> list[M]:
    """Return the rows of *keys*, which may all be of one *kind*, in their order, as far as the rule
    still lists them for *actor*.
    """
    wanted = [key.id for key in keys]
    by_id = {row.pk: row for row in queryset.among(actor, Action.LIST, wanted, kind=kind)}
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

    def read(keys: Sequence[Key]) -> list[M]:
        return rows(actor, queryset, keys, kind)

    return filled(actor, read, filters, kind=kind, after=after, before=before, size=size)


def filled(
    actor: Actor,
    read: Callable[[Sequence[Key]], list[R]],
    filters: Filters = NO_FILTERS,
    *,
    kind: str = Record.Kind.CASE,
    after: Key | None = None,
    before: Key | None = None,
    size: int = 50,
) -> tuple[list[R], Page]:
    """Return a page with what *read* returns of its keys: what the rule still lists, in order."""
    found = page(actor, filters, kind=kind, after=after, before=before, size=size)
    kept = read(found.keys)
    if before is not None and after is None:
        return kept, found
    last = found
    while len(kept) < size and last.next is not None:
        missing = size - len(kept)
        last = page(actor, filters, kind=kind, after=last.next, size=missing)
        kept += read(last.keys)
    there = {row.pk for row in kept}
    keys = [key for key in (*found.keys, *last.keys) if key.id in there]
    return kept, replace(found, keys=list(dict.fromkeys(keys)), next=last.next)


def count(
    actor: Actor, filters: Filters = NO_FILTERS, *, kind: str = Record.Kind.CASE, cap: int = CAP
) -> Capped:
    """Return how many records the list holds, counted up to *cap*."""
    if _sees_nothing(actor, filters):
        return Capped(count=0, capped=False)
    values = parameters(actor, filters, kind, None)
    for limit in _limits(cap + 1):
        ((found, read),) = fetch(counted(filters, kind, limit=limit), values)
        if found > cap or read < limit:
            break
    return Capped(count=min(found, cap), capped=found > cap)


def facets(actor: Actor, filters: Filters = NO_FILTERS, *, kind: str = Record.Kind.CASE) -> Facets:
    """Return how the newest 1000 of the list divide by status, type and class, commonest first."""
    return first_page(actor, filters, kind=kind, size=0)[1]


def first_page(
    actor: Actor, filters: Filters = NO_FILTERS, *, kind: str = Record.Kind.CASE, size: int = 50
) -> tuple[Page, Facets]:
    """Return the first page and the facets of a list, from one reading of its newest 1000."""
    if _sees_nothing(actor, filters):
        return Page(), _divided([])
    values = parameters(actor, filters, kind, None)
    for limit in _limits(CAP):
        found = fetch(divided(filters, kind, limit=limit, wanted=CAP, page=size + 1), values)
        keys = [Key(row[0], row[1]) for row in found if row[1] is not None]
        groups, read = found[len(keys) : -1], found[-1][-1]
        if read < limit or sum(group[-1] for group in groups) >= CAP:
            break
    return _bounded(keys, size, None, backwards=False), _divided(groups)


def _limits(wanted: int) -> Iterator[int]:
    """Yield how many candidates to read for *wanted* that may be listed: ever more, if need be."""
    limit = wanted + wanted // SPARE_COUNTED
    while True:
        yield limit
        limit *= 2


def _divided(groups: Sequence[tuple[Any, ...]]) -> Facets:
    """Return the facets of *groups*: class, type and status together, and how many there are."""
    found: Facets = {}
    for name, column in (("status", 4), ("type", 3), ("class", 2)):
        numbers: Counter[str] = Counter()
        for group in groups:
            numbers[group[column]] += group[-1]
        found[name] = numbers.most_common()
    return found


def _newest(
    actor: Actor,
    filters: Filters,
    kind: str,
    place: Key | None,
    *,
    wanted: int,
    backwards: bool = False,
) -> list[Key]:
    """Return the first *wanted* that may be listed; those that may not are made up for."""
    if _sees_nothing(actor, filters):
        return []
    kept: dict[Key, None] = {}
    limit, more = wanted + wanted // SPARE, True
    while more and len(kept) < wanted:
        statement = candidates(
            filters, kind, limit=limit, backwards=backwards, placed=place is not None
        )
        found = fetch(statement, parameters(actor, filters, kind, place))
        more = len(found) >= limit
        found = _settled(found) if more else found
        place = Key(*found[-1][:2]) if found else place
        kept.update(dict.fromkeys(Key(moment, key) for moment, key, is_open in found if is_open))
        limit = min(limit * 2, max(LARGEST_STEP, limit)) if found else limit * 2
    return list(kept)[:wanted]


def _settled(found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return *found* without a last key that was not opened: a further grant may yet open it."""
    last = found[-1][1]
    if any(is_open for _, key, is_open in found if key == last):
        return found
    return [one for one in found if one[1] != last]


def _sees_nothing(actor: Actor, filters: Filters) -> bool:
    """Return whether the answer is known without asking: no post, or words that find nothing."""
    return actor.membership_id is None or filters.impossible


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
