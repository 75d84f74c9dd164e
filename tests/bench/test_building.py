"""A world that was copied in is the database that the services would have made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from portal.bench.world import FILLED, World, make_world
from sharing.models import Grant, Record
from tests import databases

STANDING = """
SELECT 'index', indexrelid::regclass::text, pg_get_indexdef(indexrelid), indisvalid
  FROM pg_index WHERE indrelid = ANY (%(t)s::regclass[])
UNION ALL
SELECT 'constraint', conrelid::regclass::text || conname, pg_get_constraintdef(oid), convalidated
  FROM pg_constraint
 WHERE conrelid = ANY (%(t)s::regclass[]) OR confrelid = ANY (%(t)s::regclass[])
UNION ALL
SELECT 'trigger', tgrelid::regclass::text || tgname, pg_get_triggerdef(oid), tgenabled = 'O'
  FROM pg_trigger WHERE tgrelid = ANY (%(t)s::regclass[]) AND NOT tgisinternal
"""
CASES = 600

pytestmark = pytest.mark.slow


def standing() -> set[tuple[Any, ...]]:
    """Return every index, constraint and trigger of the tables that are filled."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING, {"t": list(FILLED)})
        return set(cursor.fetchall())


@pytest.fixture(scope="module")
def built(
    django_db_setup: None, django_db_blocker: Any
) -> Iterator[tuple[set[tuple[Any, ...]], World, list[str]]]:
    """Give what stood before a world was built, the world, and what building said."""
    shared = str(databases.settings.DATABASES["default"]["NAME"])
    with django_db_blocker.unblock():
        name = databases.clone()
        databases.point_at(name)
        said: list[str] = []
        try:
            before = standing()
            yield before, make_world(CASES, said.append), said
        finally:
            databases.point_at(shared)
            databases.drop(name)


def test_indexes_constraints_and_triggers_stand_as_before(built: Any) -> None:
    before, _, _ = built
    assert standing() == before
    assert {valid for *_, valid in before} == {True}


def test_grants_carry_what_their_records_say(built: Any) -> None:
    told = ["kind", "touched_at", "owner", "sensitivity", "category", "grouping", "type", "status"]
    records = {
        record.pk: [getattr(record, "owner_id" if name == "owner" else name) for name in told]
        for record in Record.objects.unrestricted("a test compares copies")
    }
    grants = list(Grant.objects.all())
    assert len(grants) > 2 * CASES
    assert all([getattr(one, name) for name in told] == records[one.record_id] for one in grants)


def test_every_step_says_how_long_it_took(built: Any) -> None:
    *_, said = built
    indexed = {line.split()[2] for line in said if line.startswith("indexes of ")}
    assert indexed == set(FILLED)
    assert all(line.split()[-1] == "s" for line in said)
