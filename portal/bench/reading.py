"""What readers do: pages, counts, checks and searches, each beside those that do the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import Any
from uuid import UUID

from agencies.actors import Actor
from cases.listing import RELATED
from cases.models import Case
from portal.bench.rivals import (
    BEYOND,
    FLOOR,
    DirectEnvelope,
    GenericEnvelope,
    by_guardian,
    by_owner_or_grants,
    read,
)
from portal.bench.stopwatch import Timing, Work
from portal.bench.words import COMMON, MIDDLING, RARE
from portal.bench.world import World
from sharing.actions import Action
from sharing.asking import may
from sharing.cursors import Key
from sharing.listing import count, facets, fill, page
from sharing.search import search, suggest

FIRST = FLOOR.format(beyond="")
BEHIND = FLOOR.format(beyond=BEYOND)
OURS, IDEAL, UNASKED = "ours", "floor", "no rule"
MIDDLE = """SELECT touched_at, record FROM bench_reach WHERE membership = %(membership)s
 ORDER BY touched_at DESC, record DESC
OFFSET (SELECT count(*) / 2 FROM bench_reach WHERE membership = %(membership)s) LIMIT 1"""
COUNTED = """SELECT count(*) FROM (SELECT FROM bench_reach WHERE membership = %(membership)s
 LIMIT 1001) c"""
DIVIDED = """SELECT status, type, count(*) FROM (SELECT status, type FROM bench_reach
 WHERE membership = %(membership)s ORDER BY touched_at DESC, record DESC LIMIT 1000) c
 GROUP BY GROUPING SETS (status, type)"""
BY_KEY = "SELECT id FROM sharing_record WHERE id = %(record)s"
UNRULED = """SELECT r.id FROM sharing_searchdocument d JOIN sharing_record r ON r.id = d.record_id
 WHERE d.vector @@ %(words)s::tsquery ORDER BY r.touched_at DESC, r.id DESC LIMIT 51"""


@dataclass(frozen=True)
class Race:
    """One act for one reader, and everyone who does it; *ids* says what each must return alike.

    Who is *shared* does the same whoever reads, and runs once for all readers.
    """

    name: str
    reader: str
    contestants: dict[str, Work]
    ids: dict[str, Callable[[], list[UUID]]] = field(default_factory=dict)
    against: str = IDEAL
    shared: tuple[str, ...] = ()
    note: str = ""

    def work(self) -> dict[tuple[str, str], Work]:
        """Return the contestants under the reader they run for, no reader for who is shared."""
        return {
            ("" if name in self.shared else self.reader, name): work
            for name, work in self.contestants.items()
        }

    def rivals(self) -> set[tuple[str, str]]:
        """Return who is neither ours nor what ours is held against."""
        return {key for key in self.work() if key[1] not in (OURS, IDEAL, self.against)}

    def its(self, taken: Mapping[tuple[str, str], Timing]) -> dict[str, Timing]:
        """Return the timings of the contestants among those of a heat."""
        return dict(zip(self.contestants, (taken[key] for key in self.work()), strict=True))


def heats(races: Iterable[Race]) -> Iterator[list[Race]]:
    """Yield races that run together: those of one act in which somebody is shared by readers."""
    for shares, found in groupby(races, key=lambda one: one.shared and one.name):
        together = list(found)
        yield from [together] if shares else ([one] for one in together)


class RowsDiffer(RuntimeError):
    """Two contestants returned different rows, so that comparing their times says nothing."""

    def __init__(self, race: Race, name: str, missing: int) -> None:
        super().__init__(f"{race.name}, {race.reader}: {name} differs in {missing} rows.")


def agree(race: Race) -> None:
    """Return if all contestants return the same rows; RowsDiffer names the first that does not."""
    wanted: list[UUID] | None = None
    for name, ids in race.ids.items():
        found = ids()
        if wanted is None:
            wanted = found
        if found != wanted:
            raise RowsDiffer(race, name, len(set(found) ^ set(wanted)))


def reading(world: World) -> Iterator[Race]:
    """Yield the races of every reader."""
    for name, actor in world.readers.items():
        yield _first_page(name, actor)
        yield from _middle(name, actor)
        yield _rows(name, actor)
        yield _counted(name, actor)
        yield _facets(name, actor)
        yield _check(name, actor)
    for word in (RARE, MIDDLING, COMMON):
        for name, actor in world.readers.items():
            yield _search(name, actor, word)
    for name, actor in world.readers.items():
        yield _suggestions(name, actor)


def _of(actor: Actor, **values: Any) -> dict[str, Any]:
    return {"membership": actor.membership_id, **values}


def _first_page(name: str, actor: Actor) -> Race:
    def guardian(model: Any) -> list[Any]:
        return list(by_guardian(actor, model).values_list("touched_at", "pk")[:50])

    rivals: dict[str, Callable[[], list[Any]]] = {
        IDEAL: lambda: read(FIRST, _of(actor))[:50],
        "guardian, generic": partial(guardian, GenericEnvelope),
        "guardian, direct": partial(guardian, DirectEnvelope),
        "owner or grants": partial(by_owner_or_grants, actor),
    }
    return Race(
        "first page",
        name,
        {OURS: partial(page, actor), **rivals},
        {OURS: lambda: [one.id for one in page(actor).keys]}
        | {rival: partial(_second, work) for rival, work in rivals.items()},
    )


def _second(work: Callable[[], list[Any]]) -> list[UUID]:
    return [row[1] for row in work()]


def _middle(name: str, actor: Actor) -> Iterator[Race]:
    found = read(MIDDLE, _of(actor))
    if not found:
        return
    touched_at, record = found[0]
    place = Key(touched_at, record)
    ours = partial(page, actor, after=place)
    ideal = partial(read, BEHIND, _of(actor, touched_at=touched_at, record=record))
    yield Race(
        "page from the middle",
        name,
        {OURS: ours, IDEAL: ideal},
        {OURS: lambda: [one.id for one in ours().keys], IDEAL: lambda: _second(ideal)[:50]},
    )


def _rows(name: str, actor: Actor) -> Race:
    """Return the page with everything a list shows of it, as instances, against the floor's."""
    cases = Case.objects.select_related(*RELATED)

    def ideal() -> list[Any]:
        keys = [row[1] for row in read(FIRST, _of(actor))[:50]]
        return list(cases.unrestricted("the floor of the benchmark").filter(pk__in=keys))

    return Race(
        "page with its rows",
        name,
        {OURS: lambda: fill(actor, cases), IDEAL: ideal},
        {
            OURS: lambda: sorted(case.pk for case in fill(actor, cases)[0]),
            IDEAL: lambda: sorted(case.pk for case in ideal()),
        },
    )


def _counted(name: str, actor: Actor) -> Race:
    contestants: dict[str, Work] = {
        OURS: partial(count, actor),
        IDEAL: partial(read, COUNTED, _of(actor)),
        "first page": partial(page, actor),
    }
    return Race("capped count", name, contestants, against="first page")


def _facets(name: str, actor: Actor) -> Race:
    contestants: dict[str, Work] = {
        OURS: partial(facets, actor),
        IDEAL: partial(read, DIVIDED, _of(actor)),
        "first page": partial(page, actor),
    }
    return Race("facets", name, contestants, against="first page")


def _check(name: str, actor: Actor) -> Race:
    keys = page(actor).keys
    record = keys[-1].id if keys else UUID(int=1)

    def ours() -> bool:
        return may(actor, Action.READ, record)

    def guardian() -> bool:
        return bool(by_guardian(actor, DirectEnvelope).filter(pk=record).exists())

    contestants: dict[str, Work] = {
        OURS: ours,
        "primary key": partial(read, BY_KEY, {"record": record}),
        "guardian, direct": guardian,
    }
    return Race("one check", name, contestants, against="primary key")


def _search(name: str, actor: Actor, word: str) -> Race:
    """Return the search of the page and the interface, with its facets."""
    contestants: dict[str, Work] = {
        OURS: partial(search, actor, word, everything=False),
        UNASKED: partial(read, UNRULED, {"words": f"'{word}'"}),
        "first page": partial(page, actor),
    }
    against = UNASKED if word == COMMON else "first page"
    return Race(f"search for {word}", name, contestants, against=against, shared=(UNASKED,))


def _suggestions(name: str, actor: Actor) -> Race:
    """Return what is offered while the common word is being typed."""
    typed = COMMON[:-2]
    contestants: dict[str, Work] = {
        OURS: partial(suggest, actor, typed),
        UNASKED: partial(read, UNRULED, {"words": f"'{typed}':*"}),
    }
    return Race("type-ahead", name, contestants, against=UNASKED, shared=(UNASKED,))
