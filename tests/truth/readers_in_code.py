"""Readers that other code calls: the rule itself, lists, counts, search and explanation."""

from __future__ import annotations

from functools import partial

from sharing import listing
from sharing.actions import Action
from sharing.cursors import Key
from sharing.filters import Filters
from sharing.models import Record
from sharing.search import search, suggest
from tests.truth.reader import (
    Reader,
    listed_cases,
    listed_contributions,
    listed_items,
    named,
    only,
)
from tests.truth.table import CASES, ITEMS, VEHICLES, VICTIMS, reached
from tests.truth.world import COMMON, World, own_number_of, plate_of, title_of

OWN_NUMBERS = " ".join(own_number_of(name) for name in CASES)
PLATES = " ".join(plate_of(name) for name in VEHICLES)


def permitted(world: World, person: str, action: Action) -> set[str]:
    """Return what the rule opens for an action."""
    found = Record.objects.permitting(world.actor(person), action)
    return world.names(found.values_list("pk", flat=True))


def able(person: str, action: Action) -> set[str]:
    """Return what a person may do an action to."""
    if action is Action.RELEASE and "supervisor" not in person:
        return set()
    return reached(person, int(action.level))


def paged(world: World, person: str, kind: str, size: int) -> set[str]:
    """Return all pages of a list, each key once and in order."""
    actor, after = world.actor(person), None
    keys: list[Key] = []
    while True:
        page = listing.page(actor, kind=kind, after=after, size=size)
        keys += page.keys
        if page.next is None:
            break
        after = page.next
    assert keys == sorted(set(keys), reverse=True)
    return world.names(key.id for key in keys)


def counted(world: World, person: str) -> set[str]:
    """Return the list's cases if its count and each of its facets agree with them, else what does
    not.
    """
    actor = world.actor(person)
    names = paged(world, person, Record.Kind.CASE, 50)
    sizes = {name: sum(n for _, n in rows) for name, rows in listing.facets(actor).items()}
    sizes["count"] = listing.count(actor).count
    return names | {f"{name} {size}" for name, size in sizes.items() if size != len(names)}


def narrowed(world: World, person: str, text: str) -> set[str]:
    """Return the cases in a list that is narrowed to a text, and as many must be counted."""
    actor, filters = world.actor(person), Filters(text=text)
    names = world.names(key.id for key in listing.page(actor, filters).keys)
    return names if listing.count(actor, filters).count == len(names) else {"miscounted"}


def searched(world: World, person: str, text: str) -> set[str]:
    """Return what search finds over all its pages; counts and facets must agree with it."""
    actor, after = world.actor(person), None
    ids: list[object] = []
    while True:
        page = search(actor, text, after=after, size=3)
        ids += [hit.id for hit in page.hits]
        allowed_words(person, " ".join(f"{hit.title} {hit.snippet}" for hit in page.hits))
        if page.next is None:
            break
        after = page.next
    sizes = {page.count, *(sum(sorts.values()) for sorts in page.facets.values())}
    assert sizes <= {len(ids)}
    return world.names(ids)


def suggested(world: World, person: str) -> set[str]:
    """Return what is suggested while a word is typed."""
    return world.names(hit.id for hit in suggest(world.actor(person), COMMON[:-2], n=50))


def allowed_words(person: str, text: str) -> None:
    """Fail unless every title in a text is one that the person may read."""
    shown = {name for name in (*CASES, *ITEMS) if title_of(name) in text}
    assert shown <= named(person)


READERS: dict[str, Reader] = {
    **{
        f"rule: {action.code}": Reader(
            partial(permitted, action=action), partial(able, action=action)
        )
        for action in Action
    },
    "page of cases": Reader(partial(paged, kind="case", size=50), listed_cases),
    "pages of two cases": Reader(partial(paged, kind="case", size=2), listed_cases),
    "pages of items": Reader(partial(paged, kind="item", size=3), listed_items),
    "page of contributions": Reader(
        partial(paged, kind="contribution", size=50), listed_contributions
    ),
    "counts and facets": Reader(counted, listed_cases),
    "list narrowed to words": Reader(partial(narrowed, text=COMMON), listed_cases),
    "list narrowed to numbers": Reader(partial(narrowed, text=OWN_NUMBERS), only(CASES, 3)),
    "search": Reader(partial(searched, text=COMMON), named),
    "search for victims": Reader(partial(searched, text="victim"), only(VICTIMS, 2)),
    "search by plates": Reader(partial(searched, text=PLATES), only(VEHICLES, 3)),
    "search by numbers": Reader(partial(searched, text=OWN_NUMBERS), only(CASES, 3)),
    "autocomplete": Reader(suggested, named),
}
