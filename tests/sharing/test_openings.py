"""Who reads records without naming a reader, and who writes SQL over them: known places."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("portal", "cases", "sharing", "agencies", "ledger")
LISTED = Path(__file__).with_name("unrestricted.txt")
TABLES = (
    "sharing_record",
    "sharing_access",
    "sharing_searchdocument",
    "sharing_revision",
    "cases_case",
    "cases_item",
)
SQL = {
    "portal/bench/contents.py",
    "portal/bench/reading.py",
    "portal/bench/rivals.py",
    "portal/bench/sweeping.py",
    "portal/bench/world.py",
    "sharing/arms.py",
    "sharing/candidates.py",
    "sharing/models/access.py",
    "sharing/policy.py",
    "sharing/reached.py",
    "sharing/reconciler.py",
    "sharing/search/reach.py",
    "sharing/search/statement.py",
}
"""Files that name a table of records in SQL of their own; the bench fills them to measure."""


@cache
def sources() -> list[tuple[str, ast.Module]]:
    """Return every module of ours but migrations, by its path."""
    return [
        (str(path.relative_to(ROOT)), ast.parse(path.read_bytes()))
        for app in OURS
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def calls(tree: ast.Module, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            if called == name:
                yield node


def constants(tree: ast.Module) -> dict[str, str]:
    """Return the names that a module gives to texts."""
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value.value, str)
    }


def reason_of(call: ast.Call, named: dict[str, str]) -> str:
    """Return the reason that a call gives in so many words; empty if it is made up at run time."""
    given = call.args[0] if call.args else None
    if isinstance(given, ast.Name):
        return named.get(given.id, "")
    return given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else ""


def openings() -> list[str]:
    """Return every caller of ``unrestricted`` with its reason."""
    found = []
    for path, tree in sources():
        named = constants(tree)
        found += [f"{path}: {reason_of(call, named)}" for call in calls(tree, "unrestricted")]
    return sorted(found)


def test_every_reading_without_a_reader_is_known_with_its_reason() -> None:
    known = [line for line in LISTED.read_text().splitlines() if line]
    assert openings() == known, "read each again, then write them to tests/sharing/unrestricted.txt"


def test_every_such_reason_says_something() -> None:
    bare = [line for line in openings() if len(line.partition(": ")[2].split()) < 4]
    assert [line for line in bare if not line.startswith("sharing/records.py: ")] == []


def test_sql_over_records_is_written_in_known_places_only() -> None:
    found = {
        path
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and any(table in node.value.split() or f'"{table}"' in node.value for table in TABLES)
    }
    assert found == SQL


@pytest.mark.parametrize("name", ["raw", "extra", "QuerySet", "_base_manager", "_raw_delete"])
def test_no_other_door_is_used(name: str) -> None:
    assert [path for path, tree in sources() if any(calls(tree, name))] == []
