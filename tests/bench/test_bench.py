"""The benchmark in a small form: it runs, contestants agree on rows, and nothing of it is left."""

from __future__ import annotations

import json
import subprocess
import sys
from ast import literal_eval
from collections.abc import Callable
from functools import partial
from pathlib import Path

import django
import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import Agency
from portal.bench.bare import STACK, bare_client
from portal.bench.pages import in_this_process, signed_in
from portal.bench.reading import OURS, Race, RowsDiffer, agree, heats
from portal.bench.report import Line, growth, table
from portal.bench.sizes import Sizes
from portal.bench.stopwatch import Timing, race
from portal.bench.writing import taken_back
from tests.cast import two_agencies
from tests.databases import administration

ROOT = Path(__file__).resolve().parent.parent.parent
SMALL = ("--cases", "600", "--runs", "2")


def databases() -> set[str]:
    """Return the databases of benchmarks on the server."""
    with administration() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'liaison_bench_%'")
        return {name for (name,) in cursor.fetchall()}


def run(tmp_path: Path, *arguments: str) -> tuple[dict[str, list[dict[str, object]]], str]:
    """Run the command in a process of its own and return what it wrote and said."""
    written = tmp_path / "figures.json"
    done = subprocess.run(
        [sys.executable, "manage.py", "bench", *SMALL, *arguments, "--json", str(written)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(written.read_text()), done.stdout


def timed(median: float) -> Timing:
    return Timing(median, median, median, 1)


@pytest.mark.slow
def test_every_race_is_run_rows_agree_and_the_database_is_dropped(tmp_path: Path) -> None:
    before = databases()
    found, said = run(tmp_path)
    assert {line["name"] for line in found["lines"]} == {
        "first page",
        "page from the middle",
        "page with its rows",
        "capped count",
        "facets",
        "one check",
        "search for zamboni",
        "search for crowbar",
        "search for vehicle",
        "type-ahead",
        "list page",
        "list as data",
        "case page",
        "save a case",
        "add an item",
        "offer and approve a grant",
        "revoke a grant",
        "offer and approve a standing grant",
        "suspend an agency of nothing",
        "suspend the biggest agency",
        "end an agreement with a thirtieth of all grants",
        "first page before the sweep",
        "first page after the sweep",
        "first page when the sweep is vacuumed",
    }
    assert "targets missed" in said
    assert databases() <= before


@pytest.mark.slow
def test_one_run_measures_several_sizes_and_says_what_grew(tmp_path: Path) -> None:
    found, said = run(tmp_path, "--only", "first page", "--cases", "300", "400")
    assert {line["cases"] for line in found["lines"]} == {300, 400}
    assert "first page (sees 29):" in said
    assert "times as long as at 300." in said


@pytest.mark.django_db
def test_the_bare_view_is_behind_the_stack_of_a_new_project(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    template = Path(django.__file__).parent / "conf/project_template/project_name/settings.py-tpl"
    listed = template.read_text().split("MIDDLEWARE = ")[1].split("]")[0] + "]"
    assert literal_eval(listed) == STACK
    monkeypatch.setattr("portal.bench.bare.read", lambda *asked: [("now", 1, 2, 3, 4, 5)])
    with in_this_process():
        ana = two_agencies().actor("ana")
        browser = bare_client(signed_in(ana))
        shown = browser.get(f"/{ana.membership_id}/", secure=True)
        assert (shown.status_code, shown.content.count(b"<tr>")) == (200, 1)
        assert bare_client(Client()).get(f"/{ana.membership_id}/", secure=True).status_code == 302


def test_a_race_whose_rows_differ_is_refused() -> None:
    with pytest.raises(RowsDiffer):
        agree(Race("page", "a reader", {}, {OURS: list, "other": lambda: [None]}))  # type: ignore[list-item]
    agree(Race("page", "a reader", {}, {OURS: list, "other": list}))


def test_every_contestant_runs_as_often_and_once_to_warm_up() -> None:
    runs = {"a": 0, "b": 0}

    def counted(name: str) -> None:
        runs[name] += 1

    timings = race({"a": lambda: counted("a"), "b": lambda: counted("b")}, runs=4)
    assert runs == {"a": 5, "b": 5}
    assert {name: timing.runs for name, timing in timings.items()} == {"a": 4, "b": 4}


def test_a_slow_rival_runs_fewer_times_and_the_line_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("portal.bench.stopwatch.SLOW", 0.0)
    runs = {OURS: 0, "floor": 0, "rival": 0}

    def counted(name: str) -> None:
        runs[name] += 1

    one = Race("first page", "a", {name: partial(counted, name) for name in runs})
    assert one.rivals() == {("a", "rival")}
    taken = one.its(race(one.work(), runs=30, patience=one.rivals()))
    assert runs == {OURS: 31, "floor": 31, "rival": 11}
    sentence = Line(10, "first page", "a", "floor", taken).sentence
    assert "for rival (median of 10)" in sentence
    assert sentence.count("median of") == 1


def test_what_is_taken_back_has_the_savepoints_of_a_request_and_leaves_nothing(
    cloned_database: str,
) -> None:
    before = Agency.objects.count()

    @transaction.atomic
    def inner() -> None:
        Agency.objects.create(name="Kept nowhere", short_name="kept", kind="municipal")

    @transaction.atomic
    def outer() -> None:
        inner()

    def shaped(work: Callable[[], None]) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            taken_back(work)
        return [one["sql"].split()[0] for one in queries.captured_queries]

    assert shaped(inner) == ["BEGIN", "INSERT", "ROLLBACK"]
    assert shaped(outer) == ["BEGIN", "SAVEPOINT", "INSERT", "RELEASE", "ROLLBACK"]
    assert Agency.objects.count() == before


def test_who_does_the_same_for_every_reader_runs_once_for_all() -> None:
    def one(name: str, reader: str, *shared: str) -> Race:
        return Race(name, reader, {OURS: list, "other": list}, shared=shared)

    races = [one("page", "a"), one("page", "b")]
    races += [one("search", "a", "other"), one("search", "b", "other")]
    together = list(heats(races))
    assert [[race.reader for race in heat] for heat in together] == [["a"], ["b"], ["a", "b"]]
    work = {key: work for race in together[-1] for key, work in race.work().items()}
    assert set(work) == {("a", OURS), ("b", OURS), ("", "other")}
    taken = {key: timed(float(place)) for place, key in enumerate(sorted(work))}
    assert races[3].its(taken) == {OURS: timed(2.0), "other": timed(0.0)}


def test_what_is_missed_is_said_and_what_grows_is_said() -> None:
    slow = Line(100, "first page", "one", "floor", {OURS: timed(5.0), "floor": timed(1.0)})
    quick = Line(10, "first page", "one", "floor", {OURS: timed(1.5), "floor": timed(1.0)})
    forty = Line(10, "first page", "40 task forces", "floor", {OURS: timed(2.9), "floor": timed(1)})
    assert [slow.met, quick.met, forty.met] == [False, True, True]
    assert "**missed**" in list(table([slow]))[-1]
    assert "**missed**" not in list(table([quick]))[-1]
    assert list(growth([slow, quick])) == ["first page (one): 3.33 times as long as at 10."]


def test_larger_worlds_have_more_agencies() -> None:
    assert Sizes(1_000_000).agencies > Sizes(10_000).agencies
