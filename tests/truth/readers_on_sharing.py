"""Readers in the browser around giving: what would be seen, as whom, and what was stopped."""

from __future__ import annotations

from functools import partial
from typing import Any

from sharing.models import Grant
from tests.cast import in_days
from tests.truth.reader import Reader, grant_in_turn, sample, sampled
from tests.truth.readers_on_pages import OPENED, refusal
from tests.truth.seeing import browser, seen
from tests.truth.table import reached
from tests.truth.world import World


def offered(world: World) -> dict[str, Any]:
    """Return the form of an offer to an agency that holds nothing."""
    return {
        "who": str(world.cast.id("golf")),
        "level": "view",
        "which": "all",
        "later": "except_protected",
        "until": in_days(20).date().isoformat(),
        "purpose": "criminal_justice",
        "reason": "Same pry marks",
    }


def panels(world: World, person: str, address: str) -> set[str]:
    """Return the cases of which is told what others would see; known ones of others say no."""
    client, found = browser(world, person), set()
    for name in sample(person, OPENED, most=1):
        path = address.format(world.records[name])
        answer = seen(world, person, client.post(path, offered(world)))
        if answer.status_code == 200:
            found.add(name)
        else:
            assert answer.status_code == (403 if name in reached(person) else refusal(person))
    return found


def as_bravo(world: World, person: str) -> set[str]:
    """Return the case that opens as Bravo sees it."""
    name = grant_in_turn(person)
    grant = Grant.objects.get(
        roster_id=world.cast.id("bravo"), record_id=world.records[name], revoked_at=None
    )
    path = f"/cases/{world.records[name]}/seen/{grant.pk}/"
    answer = seen(world, person, browser(world, person).get(path))
    refused = 403 if name in reached(person) else refusal(person)
    assert answer.status_code in (200, refused)
    return {name} if answer.status_code == 200 else set()


def owned_in_turn(person: str) -> set[str]:
    """Return that case if the person is of its owner and reads it."""
    return reached(person, 5, (grant_in_turn(person),))


READERS: dict[str, Reader] = {
    "form: what an offer would show": Reader(
        partial(panels, address="/cases/{}/share/panel/"), sampled(OPENED, 5, most=1)
    ),
    "form: as they would see it": Reader(
        partial(panels, address="/cases/{}/share/seen/"), sampled(OPENED, 5, most=1)
    ),
    "page: as they see it": Reader(as_bravo, owned_in_turn),
}
