"""Readers of the page about whoever leaves: the cases of its own that a supervisor may name."""

from __future__ import annotations

from tests.truth.reader import Reader
from tests.truth.readers_on_pages import titles
from tests.truth.table import CASES, reached
from tests.truth.world import World

TAKES_OVER = "owner's supervisor"
LEAVES = "ana"


def handover(world: World, person: str) -> set[str]:
    """Return the cases that the page about whoever opened them names."""
    return titles(world, person, f"/posts/{world.cast.posts[LEAVES].pk}/handover/")


def left_behind(person: str) -> set[str]:
    """Return the owner's cases, for its release authority alone."""
    return reached(person, 5, CASES) if person == TAKES_OVER else set()


READERS = {"page: handover": Reader(handover, left_behind)}
