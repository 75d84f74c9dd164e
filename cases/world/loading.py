"""Loading a world file, whole or not at all."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from cases.world.acts import act
from cases.world.authorities import (
    load_agency,
    load_agreement,
    load_participation,
    load_person,
    load_task_force,
    settle_agency,
)
from cases.world.cast import Cast
from cases.world.contents import load_case, load_contributions, load_members
from cases.world.entries import Entry, as_entry
from cases.world.releases import load_grant, load_request

SECTIONS = {
    "agencies": load_agency,
    "people": load_person,
    "agreements": load_agreement,
    "task_forces": load_task_force,
    "cases": load_case,
    "grants": load_grant,
    "requests": load_request,
}


def load_world(data: object) -> dict[str, UUID]:
    """Load a world and return the ids of what it names; BrokenWorld loads nothing.

    What its people then did with it comes after, each act for itself: one that breaks leaves the
    world as it was before that act.
    """
    world = as_entry("the world", data)
    world.knows(*SECTIONS, "participation", "acts")
    acts = world.entries("acts")
    cast = _load(world)
    for entry in acts:
        act(cast, entry)
    return cast.answer()


@transaction.atomic
def _load(world: Entry) -> Cast:
    """Load what there is, whole or not at all.

    What partners contribute, and what a series is made of, comes after the grants that let them;
    an agency is suspended last.
    """
    cast = Cast()
    for section, load in SECTIONS.items():
        if section == "task_forces":
            load_participation(world)
        for entry in world.entries(section):
            load(cast, entry)
        cast.recall(section)
    for entry in world.entries("cases"):
        load_contributions(cast, entry)
        load_members(cast, entry)
    for entry in world.entries("agencies"):
        settle_agency(cast, entry)
    return cast
