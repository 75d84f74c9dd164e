"""The page of a reader whose newest grants are all dead, before and after they are put away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

from django.db import connections

from agencies.actors import Actor, acting_as
from agencies.codes import Level
from portal.bench.authorities import now
from portal.bench.copying import NULL, key, vacuum
from portal.bench.reading import OURS, Race
from portal.bench.releases import GRANT
from portal.bench.stopwatch import Work
from portal.bench.world import World
from sharing.listing import page

DEAD, ALIVE = 40_000, 60
"""Grants that are dead and not put away, and the older ones that are left when they are."""

SHARE = 0.4
"""Of a world too small for so many, the share of cases that dead grants name."""

BESIDE = "page of who sees 29"
NEWEST = """SELECT id, owner_id FROM sharing_record
 WHERE kind = 'case' AND sealed_at IS NULL AND owner_id <> %s
 ORDER BY touched_at DESC, id DESC LIMIT %s"""
PUT_AWAY = "UPDATE sharing_grant SET ended_at = now() WHERE roster_id = %s AND until < now()"
"""What the sweep stamps; it also writes an event for each, which no page reads."""


def sweeping(world: World) -> Iterator[Race]:
    """Yield the page before and after the sweep, and when its traces are gone, each beside one that
    nothing happens to.
    """
    reader = acting_as(world.made.officer(world.made.placed["flooded"]))
    dead = min(DEAD, int(world.sizes.cases * SHARE))
    with flooded(world, dead):
        yield _page("first page before the sweep", world, reader, dead)
        with connections["owner"].cursor() as cursor:
            cursor.execute(PUT_AWAY, [reader.agency_id])
        yield _page("first page after the sweep", world, reader, dead)
        vacuum(["sharing_grant"])
        yield _page("first page when the sweep is vacuumed", world, reader, dead)


def _page(name: str, world: World, reader: Actor, dead: int) -> Race:
    contestants: dict[str, Work] = {
        OURS: partial(page, reader),
        BESIDE: partial(page, world.readers["sees 29"]),
    }
    return Race(name, "", contestants, against=BESIDE, note=f"{dead:,} dead newest grants")


@contextmanager
def flooded(world: World, dead: int) -> Iterator[None]:
    """Give the flooded agency its grants, and take them away afterwards."""
    agency = world.made.placed["flooded"]
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT id FROM sharing_sharerequest LIMIT 1")
        decision = cursor.fetchone()[0]
        cursor.execute(NEWEST, [agency.pk, dead + ALIVE])
        newest = list(cursor.fetchall())
    GRANT.copy(_grants(world, newest, decision, dead))
    vacuum(["sharing_grant"])
    yield
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM sharing_grant WHERE roster_id = %s", [agency.pk])


def _grants(
    world: World, newest: list[tuple[UUID, UUID]], decision: UUID, dead: int
) -> Iterator[tuple[Any, ...]]:
    """Yield a grant of each record; what is copied of the record the database fills in."""
    made, chance = world.made, Random(dead)  # noqa: S311  (ids)
    officers = {one.pk: made.officer(one).pk for one in (*made.agencies, *made.placed.values())}
    begun = now() - timedelta(days=100)
    over, lasting = now() - timedelta(days=1), now() + timedelta(days=400)
    for place, (record, owner) in enumerate(newest):
        yield (
            key(chance), record, made.placed["flooded"].pk, int(Level.VIEW),
            made.agreements[0].pk, decision, officers[owner],
            over if place < dead else lasting, NULL, "", NULL,
            *([NULL] * 7), begun,
        )  # fmt: skip
