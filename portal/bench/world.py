"""A world of a given size, put into the database at hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from uuid import uuid4

from django.db import connections

from agencies.actors import Actor, acting_as
from agencies.codes import Level
from agencies.models import Agency
from portal.bench.authorities import (
    Authorities,
    authorities_at_hand,
    make_authorities,
    now,
)
from portal.bench.contents import copy_contents, draw_cases
from portal.bench.copying import bare, fresh, vacuum
from portal.bench.releases import GRANT, REQUEST, Releases
from portal.bench.sizes import CATEGORIES, Sizes
from portal.bench.stopwatch import Steps
from sharing.models import ShareRequest, StandingGrant

FILLED = (
    "sharing_searchdocument",
    "sharing_record",
    "cases_case",
    "cases_item",
    "sharing_grant",
    "sharing_sharerequest",
)
"""What is copied, in the order in which indexes are built: contents, then who is given them."""

NEXT_DOCUMENT = """SELECT setval(pg_get_serial_sequence('sharing_searchdocument', 'id'), max(id))
 FROM sharing_searchdocument"""
READERS = {
    "sees 29": "few",
    "sees 3.5 k": "some",
    "sees the most": "",
    "40 task forces": "forces",
    "stranger": "stranger",
}
"""The five readers, and the placed agency they sit in; the biggest for the one without."""


@dataclass
class World:
    """What was made, and who reads it."""

    sizes: Sizes
    made: Authorities
    readers: dict[str, Actor]


def make_world(cases: int, say: Callable[[str], None]) -> World:
    """Fill the database with a world of *cases* cases and return it."""
    sizes, chance = Sizes(cases), Random(cases)  # noqa: S311  (the same world every time)
    made = make_authorities(sizes, chance)
    contents = draw_cases(sizes, made, chance)
    step = Steps(say)
    step(f"{len(made.agencies)} agencies made, {cases} cases drawn")
    with bare(FILLED, say) as off:
        copy_contents(contents, chance)
        step("records and documents copied")
        off.filled(*FILLED[:4])
        _copy_releases(Releases(made, contents, chance), sizes)
        step("grants copied")
        off.filled(*FILLED[4:])
    step("what was not built beside them built")
    with connections["owner"].cursor() as cursor:
        cursor.execute(NEXT_DOCUMENT)
    _standing(made, chance)
    vacuum()
    step("standing grants given, everything analyzed")
    return World(sizes, made, _readers(made))


def _copy_releases(releases: Releases, sizes: Sizes) -> None:
    """Write the grants, and the decisions that drawing them took."""
    with fresh("sharing_grant"):
        GRANT.copy(releases.rows(sizes))
    with fresh("sharing_sharerequest"):
        REQUEST.copy(releases.requests())


def world_at_hand(cases: int) -> World:
    """Return the world that the database holds already."""
    made = authorities_at_hand()
    return World(Sizes(cases), made, _readers(made))


def _readers(made: Authorities) -> dict[str, Actor]:
    return {
        name: acting_as(made.officer(made.placed[place] if place else made.agencies[0]))
        for name, place in READERS.items()
    }


def _standing(made: Authorities, chance: Random) -> None:
    """Open the listed cases of some agencies to others, and to two of the readers."""
    for owner in made.agencies[4:24]:
        for recipient in chance.sample(made.agencies, 3):
            if recipient is not owner:
                open_category(made, owner, recipient, chance.choice(CATEGORIES))
    for name in ("some", "forces"):
        open_category(made, made.placed["lister"], made.placed[name], CATEGORIES[0])


def open_category(made: Authorities, owner: Agency, recipient: Agency, category: str) -> None:
    """Write a standing grant and the decision behind it."""
    request = ShareRequest.objects.create(
        number=uuid4().hex[:12],
        state="approved",
        direction="offer",
        owner=owner,
        roster_id=recipient.pk,
        category=category,
        level=Level.VIEW,
        purpose="criminal_justice",
        reason="Works the same series.",
        until=now() + timedelta(days=500),
        due_at=now(),
        decided_by=made.officer(owner),
        decided_at=now(),
        agreement=made.agreements[0],
    )
    StandingGrant.objects.create(
        owner=owner,
        roster_id=recipient.pk,
        category=category,
        level=Level.VIEW,
        purpose="criminal_justice",
        agreement=made.agreements[0],
        decision=request,
        until=now() + timedelta(days=500),
        issued_by=made.officer(owner),
    )
