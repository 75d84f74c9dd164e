"""One truth table, every reader.  Whatever can show a record shows exactly these and no others."""

from __future__ import annotations

from typing import Any

import pytest
from guardian.shortcuts import get_users_with_perms

from agencies.models import Membership
from sharing.explanation import who_can_see
from tests.truth.readers import READERS
from tests.truth.readers_of_permissions import record
from tests.truth.table import PEOPLE, RECORDS, SIDES, readers_of
from tests.truth.world import World

OWNERS = {"alpha": "ana", "bravo": "bo", "victor": "vic", "golf": "gus"}


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("name", READERS)
def test_a_reader_shows_exactly_what_the_rule_allows(world: World, name: str, person: str) -> None:
    reader = READERS[name]
    assert reader.read(world, person) == reader.expected(person)


@pytest.mark.parametrize("name", RECORDS)
def test_who_else_reads_a_record_is_told_alike_by_all_who_tell(world: World, name: str) -> None:
    users: Any = get_users_with_perms(record(world, name))
    assert world.people(user.pk for user in users) == readers_of(name)
    side = next(agency for agency, records in SIDES.items() if name in records)
    if side not in OWNERS:
        return
    reaches = who_can_see(world.cast.actor(OWNERS[side]), world.records[name])
    posts = Membership.objects.filter(pk__in={post for one in reaches for post in one.members})
    assert world.people(posts.values_list("person_id", flat=True)) == readers_of(name)
