"""One truth table, every reader.  Whatever can show a record shows exactly these and no others."""

from __future__ import annotations

import pytest

from tests.truth import readers_in_code, readers_in_interface
from tests.truth.reader import Reader
from tests.truth.table import PEOPLE
from tests.truth.world import World

READERS: dict[str, Reader] = {**readers_in_code.READERS, **readers_in_interface.READERS}


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("name", READERS)
def test_a_reader_shows_exactly_what_the_rule_allows(world: World, name: str, person: str) -> None:
    reader = READERS[name]
    assert reader.read(world, person) == reader.expected(person)
