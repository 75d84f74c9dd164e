"""A reader: something that can show records, and what it must show to whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.truth.table import (
    CASES,
    CONTRIBUTIONS,
    ITEMS,
    OFFERED,
    PEOPLE,
    identified,
    reached,
    requests_of,
)
from tests.truth.world import World

KNOWN, LISTED, READ, ADDED_TO, OWNED = 1, 2, 3, 4, 5


@dataclass(frozen=True)
class Reader:
    """``read`` returns the names of what it showed, ``expected`` those of what it had to show."""

    read: Callable[[World, str], set[str]]
    expected: Callable[[str], set[str]]


def known(person: str) -> set[str]:
    """Return everything that a person may know of."""
    return reached(person, KNOWN)


def listed(person: str) -> set[str]:
    """Return everything of which a person may see the summary."""
    return reached(person, LISTED)


def listed_cases(person: str) -> set[str]:
    """Return the cases in a person's list."""
    return reached(person, LISTED, CASES)


def listed_contributions(person: str) -> set[str]:
    """Return the contributions in a person's list."""
    return reached(person, LISTED, CONTRIBUTIONS)


def listed_items(person: str) -> set[str]:
    """Return the items of which a person may see the summary."""
    return reached(person, LISTED, ITEMS)


def named(person: str) -> set[str]:
    """Return everything but contributions whose own title a person may read."""
    return identified(person, (*CASES, *ITEMS))


def only(sort: Iterable[str], rank: int) -> Callable[[str], set[str]]:
    """Return what a person reaches of a sort at a level."""
    return lambda person: reached(person, rank, tuple(sort))


def sample(person: str, names: tuple[str, ...], most: int = 2) -> tuple[str, ...]:
    """Return some of *names* that a person reaches and one that it does not, others for others.

    For readers that open one record at a time: every list has been compared whole.
    """
    turn = PEOPLE.index(person)
    known = reached(person)
    turned = names[turn % len(names) :] + names[: turn % len(names)]
    inside = [name for name in turned if name in known][:most]
    outside = [name for name in turned if name not in known][:1]
    return (*inside, *outside)


def sampled(names: tuple[str, ...], rank: int, most: int = 2) -> Callable[[str], set[str]]:
    """Return what of its sample a person reaches at a level."""
    return lambda person: reached(person, rank, sample(person, names, most))


def sample_of_requests(person: str) -> tuple[str, ...]:
    """Return a request that a person may know of, and one that it may not."""
    names = (*OFFERED, "standing to tango", "asked by number")
    turn = PEOPLE.index(person) % len(names)
    turned = names[turn:] + names[:turn]
    inside = [name for name in turned if name in requests_of(person)][:1]
    return (*inside, *[name for name in turned if name not in requests_of(person)][:1])


def grant_in_turn(person: str) -> str:
    """Return one of the three cases that Bravo was given, others for others."""
    return ("ordinary", "sensitive", "pointed")[PEOPLE.index(person) % 3]


def held_by_bravo(person: str) -> set[str]:
    """Return that case if the person gave or holds it."""
    side = person.startswith(("owner's", "granted partner"))
    return reached(person, KNOWN, (grant_in_turn(person),)) if side else set()
