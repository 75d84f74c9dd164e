"""How many can open something: people and programs are told apart wherever they are counted."""

from __future__ import annotations

import pytest

from agencies.actors import acting_as
from agencies.codes import Level, Sensitivity
from agencies.models import Program
from agencies.services import register_program, revoke_program
from ledger.services import record_event
from sharing.explanation import who_can_see
from sharing.holders import grouped, holders_of
from sharing.models import Record
from sharing.preview import preview, readers_in
from tests.cast import Cast, a_case, shared, two_agencies

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """Alpha, and Bravo with somebody who runs its people."""
    made = two_agencies()
    made.person("bea", "bravo", "coordinator")
    return made


def program_of(cast: Cast, **changes: int) -> Program:
    """Return a program of Bravo that reads, for which Bo answers."""
    values = {"ceiling": Sensitivity.SENSITIVE} | changes
    return register_program(
        cast.actor("bea"),
        name="RMS",
        answerable=cast.posts["bo"],
        roles=["analyst"],
        scopes=["read"],
        **values,
    )


def test_a_program_is_not_counted_among_the_people(cast: Cast) -> None:
    bravo = cast.id("bravo")
    assert readers_in(bravo, Sensitivity.SENSITIVE) == (2, 0)
    program = program_of(cast)
    assert readers_in(bravo, Sensitivity.SENSITIVE) == (2, 1)
    low = program_of(cast, ceiling=Sensitivity.ROUTINE)
    assert readers_in(bravo, Sensitivity.SENSITIVE) == (2, 1)
    assert readers_in(bravo, Sensitivity.ROUTINE) == (2, 2)
    for one in (program, low):
        revoke_program(cast.actor("bea"), one)
    assert readers_in(bravo, Sensitivity.ROUTINE) == (2, 0)


def test_what_an_offer_would_show_says_both(cast: Cast) -> None:
    program_of(cast)
    case = a_case(cast.actor("ana"))
    seen = preview(cast.actor("ana"), case.pk, roster_id=cast.id("bravo"), level=Level.VIEW)
    assert (seen.people, seen.programs) == (2, 1)


def counts(cast: Cast, case: Record) -> dict[str, tuple[int, int]]:
    """Return how many of each agency an explanation names."""
    reaches = who_can_see(cast.actor("ana"), case.pk)
    return {
        str(one.who["short_name"]): (one.who["people"], one.who["programs"])  # type: ignore[misc]
        for one in reaches
    }


def test_who_can_see_it_and_why_says_both(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    shared(cast, case)
    before = counts(cast, case)
    assert before["bravo"] == (2, 0)
    program = program_of(cast)
    assert counts(cast, case) == before | {"bravo": (2, 1)}
    revoke_program(cast.actor("bea"), program)
    assert counts(cast, case) == before


def test_who_opened_it_says_both(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    shared(cast, case)
    program = program_of(cast)
    readers = [cast.actor("bo"), cast.actor("stella"), acting_as(program.membership)]
    for reader in readers:
        record_event(reader, "record.opened", case, records=[case.pk], concerns=[])
    totals = grouped(holders_of(case))
    assert (totals["opened"], totals["by_people"], totals["by_programs"]) == (3, 2, 1)
