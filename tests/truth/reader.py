"""A reader: something that can show records, and what it must show to whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.truth.table import CASES, CONTRIBUTIONS, ITEMS, identified, reached
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
