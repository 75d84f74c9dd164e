"""The plans of the hot queries on a world of twenty thousand: their structure, not their time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.actors import Actor
from cases.case_line import case_lines
from cases.item_groups import counted_in
from cases.listing import RELATED
from cases.models import Case
from portal.bench.contents import FOUND_BY_RARE
from portal.bench.world import World, make_world
from sharing.actions import Action
from sharing.asking import may
from sharing.candidates import candidates, counted, divided, parameters
from sharing.explanation import GIVEN
from sharing.filters import Filters
from sharing.listing import CAP, count, facets, fill, first_page, page
from sharing.models import Record
from sharing.reached import reached_ahead_of, reached_with
from sharing.search.reach import FURTHER
from sharing.search.statement import statements_of
from sharing.search.terms import terms_of
from tests import databases

CASES = 20_000
LARGE = {"sharing_record", "sharing_grant", "cases_case", "sharing_searchdocument"}
PAGE = 51
COUNTED = 1126
RANKED = 100

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Give a world of the benchmark's in a database of its own."""
    shared = str(databases.settings.DATABASES["default"]["NAME"])
    with django_db_blocker.unblock():
        name = databases.clone()
        databases.point_at(name)
        try:
            yield make_world(CASES, lambda text: None)
        finally:
            databases.point_at(shared)
            databases.drop(name)


READERS = ("sees 29", "sees 3.5 k", "sees the most", "40 task forces", "stranger")


def explained(statement: str, values: Any) -> list[dict[str, Any]]:
    """Return every node of the plan that *statement* was run by."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", values)
        found = cursor.fetchone()[0]
    plan = json.loads(found) if isinstance(found, str) else found
    return list(nodes(plan[0]["Plan"]))


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from nodes(child)


def plan_of_page(actor: Actor) -> list[dict[str, Any]]:
    statement = candidates(Filters(), "case", limit=PAGE)
    return explained(statement, parameters(actor, Filters(), "case", None))


def scanned_whole(plan: list[dict[str, Any]]) -> list[str]:
    """Return the large tables that a plan reads from end to end."""
    return [
        node["Relation Name"]
        for node in plan
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in LARGE
    ]


@pytest.mark.parametrize("name", READERS)
def test_a_page_reads_no_large_table_whole_and_grants_by_their_index(
    world: World, name: str
) -> None:
    plan = plan_of_page(world.readers[name])
    assert scanned_whole(plan) == []
    grants = {
        (node["Node Type"], node["Index Name"])
        for node in plan
        if node.get("Relation Name") == "sharing_grant"
    }
    assert grants == {("Index Only Scan", "grant_access")}


@pytest.mark.parametrize("name", READERS)
def test_a_page_sorts_no_more_than_its_branches_give(world: World, name: str) -> None:
    plan = plan_of_page(world.readers[name])
    rosters = 50 if name.startswith("40") else 6
    sorted_rows = [
        child["Actual Rows"]
        for node in plan
        if node["Node Type"] == "Sort"
        for child in node["Plans"]
    ]
    assert max(sorted_rows) <= PAGE * rosters


@pytest.mark.parametrize(
    ("name", "bound"),
    [
        ("sees 29", 700),
        ("sees 3.5 k", 1000),
        ("sees the most", 1000),
        ("40 task forces", 1500),
        ("stranger", 200),
    ],
)
def test_a_page_touches_a_bounded_number_of_buffers(world: World, name: str, bound: int) -> None:
    top = plan_of_page(world.readers[name])[0]
    assert top["Shared Hit Blocks"] + top["Shared Read Blocks"] <= bound


def entries_read(plan: list[dict[str, Any]], table: str) -> int:
    """Return how many entries of a table's indexes a plan passed."""
    return sum(
        int(node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        for node in plan
        if node.get("Relation Name") == table
    )


def test_many_rosters_are_read_hardly_further_than_the_page_goes(world: World) -> None:
    plan = plan_of_page(world.readers["40 task forces"])
    assert 10 * PAGE > entries_read(plan, "sharing_grant") > PAGE


@pytest.mark.parametrize("statement_of", [counted, divided])
def test_of_what_an_agency_owns_a_count_or_a_facet_reads_only_what_it_counts(
    world: World, statement_of: Any
) -> None:
    actor = world.readers["sees the most"]
    sizes = {} if statement_of is counted else {"wanted": CAP, "page": PAGE}
    statement = statement_of(Filters(), "case", limit=COUNTED, **sizes)
    plan = explained(statement, parameters(actor, Filters(), "case", None))
    own = [node for node in plan if node.get("Index Name") == "record_own"]
    assert [node["Actual Rows"] for node in own] == [COUNTED]
    assert entries_read(plan, "sharing_grant") < 2 * COUNTED
    assert all(
        child["Actual Rows"] <= 4 * COUNTED
        for node in plan
        if node["Node Type"] == "Sort"
        for child in node["Plans"]
    )


@pytest.mark.parametrize("name", READERS)
def test_signatures_are_looked_up_once_and_joined(world: World, name: str) -> None:
    actor = world.readers[name]
    plan = explained(
        counted(Filters(), "case", limit=COUNTED), parameters(actor, Filters(), "case", None)
    )
    assert scanned_whole(plan) == []
    loops = [
        node["Actual Loops"]
        for node in plan
        if node["Node Type"] == "CTE Scan" and node["CTE Name"] == "signed"
    ]
    assert len(loops) == 1
    assert max(loops) <= 1


@pytest.mark.parametrize("name", ["sees 3.5 k", "40 task forces"])
def test_whether_some_items_are_reached_is_asked_by_what_covers_them(
    world: World, name: str
) -> None:
    actor = world.readers[name]
    items = Record.objects.unrestricted("a test of plans").filter(kind="item")
    keys = list(items.values_list("pk", flat=True)[:PAGE])
    values = reached_with(actor, Action.LIST, keys)
    plan = explained(f"{reached_ahead_of()}SELECT * FROM reached", values)
    assert scanned_whole(plan) == []
    assert entries_read(plan, "sharing_record") <= 10 * PAGE


@pytest.mark.parametrize("name", READERS)
def test_the_rule_for_some_records_looks_each_up_by_key(world: World, name: str) -> None:
    actor = world.readers[name]
    keys = [one.id for one in page(world.readers["sees the most"]).keys]
    found = Record.objects.among(actor, Action.LIST, keys)
    statement, values = found.query.get_compiler("default").as_sql()
    plan = explained(statement, values)
    assert scanned_whole(plan) == []
    gist = [node for node in plan if node.get("Index Name") == "grant_once_at_a_time"]
    assert gist == []


def test_who_was_given_a_case_is_found_from_its_grants_and_not_from_everybody(world: World) -> None:
    key = page(world.readers["sees 3.5 k"]).keys[0].id
    plan = explained(GIVEN, {"record": key})
    assert scanned_whole(plan) == []
    assert entries_read(plan, "agencies_membership") <= 200
    assert entries_read(plan, "sharing_grant") <= 50


@pytest.mark.parametrize("name", READERS)
def test_pages_counts_and_facets_are_few_queries(world: World, name: str) -> None:
    actor = world.readers[name]
    cases = Case.objects.select_related(*RELATED)
    found = page(actor).keys
    for work, most in [
        (lambda: page(actor), 2),
        (lambda: fill(actor, cases), 3),
        (lambda: case_lines(actor, found), 1),
        (lambda: count(actor), 1),
        (lambda: facets(actor), 1),
        (lambda: first_page(actor), 1),
        (lambda: may(actor, Action.READ, found[0].id if found else UUID(int=1)), 1),
    ]:
        with CaptureQueriesContext(connection) as queries:
            work()
        assert len(queries) <= most


CLOSE, NEAR, FEW, MANY, FAR, EVERY = range(6)
"""The statements of a search, in the order in which they are tried."""


def plan_of_search(
    actor: Actor, word: str, which: int, *, everything: bool = False
) -> list[dict[str, Any]]:
    """Return the plan of one of the statements of a search; no large table is read whole by it."""
    terms = terms_of(word)
    values = {
        **terms.parameters,
        **dict.fromkeys(("kinds", "received", "closeness", "touched_at", "id")),
        **dict.fromkeys(("status", "type", "owner"), ""),
        "membership": actor.membership_id,
        "limit": PAGE,
    }
    statement = statements_of(terms.nearly, cap=RANKED, everything=everything)[which]
    plan = explained(statement, values)
    assert "sharing_searchdocument" not in scanned_whole(plan)
    return plan


def asked_of_the_rule(plan: list[dict[str, Any]]) -> int:
    """Return of how many documents the rule was asked, by the plan."""
    reached = [node for node in plan if node["Node Type"] == "Aggregate"]
    return max(int(node["Actual Loops"]) for node in reached if node["Actual Rows"] <= 1)


def test_a_common_word_asks_the_rule_of_little_more_than_is_ranked(world: World) -> None:
    actor = world.readers["sees the most"]
    whole = asked_of_the_rule(plan_of_search(actor, "vehicle", EVERY, everything=True))
    newest = asked_of_the_rule(plan_of_search(actor, "vehicle", EVERY))
    assert whole > CASES / 2
    assert 2 * RANKED < newest < whole / 5


@pytest.mark.parametrize("name", READERS)
def test_a_common_word_is_looked_for_in_what_the_reader_reaches(world: World, name: str) -> None:
    plan = plan_of_search(world.readers[name], "vehicle", NEAR)
    assert scanned_whole(plan) == []
    assert "search_words" not in {node.get("Index Name") for node in plan}
    looked_up = [n for n in plan if n.get("Relation Name") == "sharing_searchdocument"]
    assert max(int(node["Actual Loops"]) for node in looked_up) <= 2 * FURTHER * RANKED
    assert asked_of_the_rule(plan) <= 5 * RANKED


@pytest.mark.parametrize("name", READERS)
def test_a_rare_word_is_found_by_its_index_and_asked_about_where_it_is(
    world: World, name: str
) -> None:
    plan = plan_of_search(world.readers[name], "zamboni", FEW)
    assert scanned_whole(plan) == []
    assert "search_words" in {node.get("Index Name") for node in plan}
    assert asked_of_the_rule(plan) <= FOUND_BY_RARE * 2


@pytest.mark.parametrize("name", READERS[:-1])
def test_the_items_of_a_case_are_counted_without_the_rest_of_what_is_reached(
    world: World, name: str
) -> None:
    actor = world.readers[name]
    (case,) = page(actor, size=1).keys
    with CaptureQueriesContext(connection) as queries:
        counted_in(actor, case.id)
    plan = explained(queries[-1]["sql"], None)
    assert entries_read(plan, "sharing_grant") + entries_read(plan, "sharing_record") < 200
