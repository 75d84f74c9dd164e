"""Readers at home and in the list of cases: queues, files, series."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from agencies.models import Membership, Visit
from tests.truth.reader import Reader
from tests.truth.seeing import browser, names_told, seen
from tests.truth.table import CASES, reached
from tests.truth.world import World

LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
UNNAMED = ("reader of a standing grant",)
"""People whom no grant names, so that no access of theirs stands in a queue."""


def queue(world: World, person: str, key: str) -> set[str]:
    """Return the cases in a queue."""
    answer = seen(world, person, browser(world, person).get(f"/queues/{key}/"))
    return names_told(world, "number", answer)


def changed(world: World, person: str) -> set[str]:
    """Return the cases in which something changed for whoever was here long ago."""
    post = world.actor(person).membership_id
    if post and Membership.objects.filter(pk=post).exists():
        Visit.objects.create(membership_id=post, seen_at=LONG_AGO)
    return queue(world, person, "changed")


def received(person: str, rank: int = 1) -> set[str]:
    """Return the cases of others that a person reaches at a level."""
    return reached(person, rank, CASES) - reached(person, 5, CASES)


def received_by_name(person: str) -> set[str]:
    """Return the cases that a person received by an access to them."""
    return set() if person in UNNAMED else received(person)


def given(person: str) -> set[str]:
    """Return the cases that a person's agency gave, as far as the person manages them."""
    shared = {"ordinary", "sensitive", "pointed"}
    return shared & reached(person, 5, CASES)


def told_of(person: str) -> set[str]:
    """Return the cases that were shared with a person, and the own one that partners added to."""
    added_to = {"ordinary"} & reached(person, 5, CASES)
    return received(person, rank=2) | added_to


READERS: dict[str, Reader] = {
    "page: queue of what was shared with us": Reader(
        partial(queue, key="shared"), received_by_name
    ),
    "page: queue of what we shared": Reader(partial(queue, key="given"), given),
    "page: queue of what ends": Reader(partial(queue, key="ending"), lambda _: set()),
    "page: queue of what changed": Reader(changed, told_of),
}
