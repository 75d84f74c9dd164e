"""Where the documents of a search come from: some statements, none of which finds more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.codes import Level
from sharing.models import Record
from sharing.policy import BRANCHES
from sharing.search import Narrowed, index_record, search, suggest
from sharing.search.statement import statements_of
from tests.sharing import factory as make

NEAR = 2


@pytest.fixture
def world(db: None) -> make.World:
    return make.World()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have two documents be few and seven many, and three records be the newest that are looked
    through at first, five then.
    """
    monkeypatch.setattr("sharing.search.statement.CLOSE", 1)
    monkeypatch.setattr("sharing.search.statement.FEW", 2)
    monkeypatch.setattr("sharing.search.statement.MANY", 7)
    monkeypatch.setattr("sharing.search.statement.FURTHER", 1.5)
    monkeypatch.setattr("sharing.search.statement.FAR", 2.5)
    monkeypatch.setattr("sharing.search.finding.CAP", 2)
    statements_of.cache_clear()
    yield
    statements_of.cache_clear()


def named(record: Record) -> Record:
    index_record(record.pk, Level.SUMMARY, "Harbor")
    return record


def newest(number: int, world: make.World) -> list[UUID]:
    """Return so many records of the reader's own that are called alike, the newest first."""
    made = [named(make.a_record(world.bravo)).pk for _ in range(number)]
    return made[::-1]


def statements(queries: CaptureQueriesContext) -> int:
    return len([query for query in queries if query["sql"].startswith("EXECUTE")])


def test_every_way_of_the_rule_is_looked_for_among_the_newest(
    world: make.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "sharing.search.finding.statements_of",
        lambda match, **how: (statements_of(match, **how)[NEAR],),
    )
    own = named(make.a_record(world.bravo))
    given = named(make.a_record(world.alpha))
    covered = named(make.an_item(given))
    world.share(given)
    lone = named(make.an_item(make.a_record(world.alpha)))
    world.share(lone)
    opened = named(make.a_record(world.alpha, findability="listed"))
    inside = named(make.an_item(opened))
    make.a_standing_grant(world.alpha, world.bravo, world.agreement)
    named(make.a_record(world.alpha, findability="contact_only"))
    found = {hit.id for hit in search(world.bo, "harbor").hits}
    assert found == {one.pk for one in (own, given, covered, lone, opened, inside)}
    assert {branch.via for branch in BRANCHES} == {"own", "grant", "cover", "standing"}


def test_a_reader_who_reaches_nothing_takes_one_statement(world: make.World, small: None) -> None:
    for _ in range(4):
        named(make.a_record(world.alpha))
    with CaptureQueriesContext(connection) as queries:
        assert search(world.bo, "harbor").hits == []
    assert statements(queries) == 1


def test_few_documents_take_two_statements(world: make.World, small: None) -> None:
    made = newest(2, world)
    with CaptureQueriesContext(connection) as queries:
        assert [hit.id for hit in search(world.bo, "harbor").hits] == made
    assert statements(queries) == 2


def test_many_documents_of_which_a_reader_reaches_few_take_three(
    world: make.World, small: None
) -> None:
    for _ in range(4):
        named(make.a_record(world.alpha))
    (own,) = newest(1, world)
    with CaptureQueriesContext(connection) as queries:
        found = search(world.bo, "harbor")
    assert ([hit.id for hit in found.hits], found.count, found.capped) == ([own], 1, False)
    assert statements(queries) == 3


def test_of_many_the_newest_are_ranked_once_there_are_enough(
    world: make.World, small: None
) -> None:
    made = newest(6, world)
    with CaptureQueriesContext(connection) as queries:
        found = search(world.bo, "harbor", everything=False)
    assert [hit.id for hit in found.hits] == made[:2]
    assert (found.count, found.capped, statements(queries)) == (2, True, 3)


def test_where_the_newest_do_not_hold_the_word_the_rest_is_looked_through(
    world: make.World, small: None
) -> None:
    made = newest(3, world)
    for _ in range(4):
        make.a_record(world.bravo)
    with CaptureQueriesContext(connection) as queries:
        found = search(world.bo, "harbor", everything=False)
    assert [hit.id for hit in found.hits] == made[:2]
    assert (found.count, found.capped, statements(queries)) == (2, True, 4)


def test_while_somebody_types_the_newest_are_looked_through_before_the_words(
    world: make.World, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sharing.search.finding.SUGGESTED", 1)
    made = newest(6, world)
    with CaptureQueriesContext(connection) as queries:
        assert [hit.id for hit in suggest(world.bo, "harb")] == made[:1]
    assert statements(queries) == 4


def test_everything_is_ranked_where_that_is_asked(world: make.World, small: None) -> None:
    made = newest(6, world)
    with CaptureQueriesContext(connection) as queries:
        found = search(world.bo, "harbor", everything=True)
    assert [hit.id for hit in found.hits] == made
    assert (found.count, found.capped, statements(queries)) == (2, True, 4)


def test_of_documents_that_are_too_many_more_is_read_of_what_the_reader_reaches(
    world: make.World, small: None
) -> None:
    for _ in range(8):
        named(make.a_record(world.alpha))
    made = newest(3, world)
    for _ in range(2):
        make.a_record(world.bravo)
    with CaptureQueriesContext(connection) as queries:
        found = search(world.bo, "harbor", everything=False)
    assert [hit.id for hit in found.hits] == made[:2]
    assert (found.count, found.capped, statements(queries)) == (2, True, 5)


def test_where_that_is_not_enough_either_all_that_hold_the_word_are_asked_about(
    world: make.World, small: None
) -> None:
    for _ in range(8):
        named(make.a_record(world.alpha))
    made = newest(3, world)
    for _ in range(5):
        make.a_record(world.bravo)
    with CaptureQueriesContext(connection) as queries:
        found = search(world.bo, "harbor", everything=False)
    assert [hit.id for hit in found.hits] == made[:2]
    assert (found.count, found.capped, statements(queries)) == (2, True, 6)


@pytest.mark.parametrize(
    ("narrowed", "wanted"),
    [
        (Narrowed(status="closed"), {"closed", "closed elsewhere"}),
        (Narrowed(type="theft"), {"theft"}),
        (Narrowed(received=True), {"closed elsewhere", "covered", "opened", "inside"}),
        (Narrowed(received=False), {"closed", "theft"}),
    ],
)
def test_the_newest_that_are_looked_through_are_those_that_a_search_is_narrowed_to(
    world: make.World,
    small: None,
    monkeypatch: pytest.MonkeyPatch,
    narrowed: Narrowed,
    wanted: set[str],
) -> None:
    monkeypatch.setattr(
        "sharing.search.finding.statements_of",
        lambda match, **how: (statements_of(match, **how)[NEAR],),
    )
    given = named(make.a_record(world.alpha, status="closed"))
    opened = named(make.a_record(world.alpha, findability="listed"))
    make.a_standing_grant(world.alpha, world.bravo, world.agreement)
    made = {
        "closed elsewhere": given,
        "covered": named(make.an_item(given)),
        "opened": opened,
        "inside": named(make.an_item(opened)),
        "closed": named(make.a_record(world.bravo, status="closed")),
        "theft": named(make.a_record(world.bravo, type="theft")),
    }
    world.share(given)
    for _ in range(6):
        newer = named(make.a_record(world.alpha if narrowed.received is False else world.bravo))
        if narrowed.received is False:
            world.share(newer)
    assert {hit.id for hit in search(world.bo, "harbor", narrowed).hits} == {
        made[name].pk for name in wanted
    }


def test_what_a_named_owner_has_is_looked_through_where_it_is_little(
    world: make.World, small: None
) -> None:
    made = newest(3, world)
    for _ in range(8):
        make.a_record(world.bravo)
    for _ in range(3):
        world.share(named(make.a_record(world.alpha)))
    hidden = named(make.a_record(world.alpha))
    narrowed = Narrowed(owner=(world.alpha.short_name or "").upper())
    with CaptureQueriesContext(connection) as queries:
        found = {hit.id for hit in search(world.bo, "harbor", narrowed).hits}
    assert len(found) == 3
    assert found.isdisjoint({hidden.pk, *made})
    assert statements(queries) == 2
    for _ in range(4):
        named(make.a_record(world.alpha))
    with CaptureQueriesContext(connection) as queries:
        assert {hit.id for hit in search(world.bo, "harbor", narrowed).hits} == found
    assert statements(queries) > 2


@pytest.mark.parametrize("everything", [True, False])
def test_what_takes_too_long_is_given_up_and_says_so(
    world: make.World,
    small: None,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    everything: bool,
) -> None:
    settings.SEARCH_SECONDS = 0.2
    for _ in range(8):
        make.a_record(world.bravo)
    ours = newest(2, world)

    def endless(match: str, **how: Any) -> tuple[str, ...]:
        fewest, *_, far, every = statements_of(match, **how)[1:]
        return (fewest, far, every.replace("SELECT (SELECT", "SELECT pg_sleep(60), (SELECT", 1))

    monkeypatch.setattr("sharing.search.finding.statements_of", endless)
    monkeypatch.setattr("sharing.search.statement.FEW", 1)
    statements_of.cache_clear()
    found = search(world.bo, "harbor", everything=everything)
    assert [hit.id for hit in found.hits] == ours
    assert (found.given_up, found.capped) == (True, True)
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)
    monkeypatch.setattr("sharing.search.finding.statements_of", statements_of)
    whole = search(world.bo, "harbor", everything=everything)
    assert ([hit.id for hit in whole.hits], whole.given_up) == (ours, False)
