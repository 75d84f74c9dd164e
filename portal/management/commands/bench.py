"""Measures the portal beside what others do, on a world of its own in a database of its own."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import django
from django.core.management import BaseCommand
from django.core.management.base import CommandParser
from django.db import connection

from portal.bench.place import kept_database, own_database


class Command(BaseCommand):
    """Builds a world, runs every race in it, prints ratios and sentences, and drops it."""

    help = (
        "Measure lists, checks, searches, pages and changes; ratios within one run are what counts."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what ``bench`` may be told."""
        parser.add_argument("--cases", type=int, nargs="+", default=[10_000], help="sizes, in turn")
        parser.add_argument(
            "--only", metavar="NAME", nargs="+", default=[""], help="races whose name holds one"
        )
        parser.add_argument("--runs", type=int, default=30, help="runs behind each median")
        parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
        parser.add_argument("--on", metavar="DATABASE", help="measure in one that was kept")
        parser.add_argument("--keep", action="store_true", help="leave the databases in place")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run every size and print what was found."""
        from portal.bench.report import Line, as_data, growth, table

        lines: list[Line] = []
        for cases in options["cases"]:
            lines += self.measured(cases, options)
        self.say(self.machine())
        for row in (*table(lines), "", *(line.sentence for line in lines), *growth(lines)):
            self.say(row)
        missed = sum(not line.met for line in lines)
        self.say(f"{len(lines)} races, {missed} targets missed.")
        if options["json"]:
            text = json.dumps({"machine": self.machine(), "lines": as_data(lines)}, default=str)
            options["json"].write_text(text, encoding="utf-8")

    def measured(self, cases: int, options: dict[str, Any]) -> list[Any]:
        """Return the lines of one size."""
        from portal.bench.pages import in_this_process, pages
        from portal.bench.reading import heats, reading
        from portal.bench.rivals import make_rivals
        from portal.bench.sweeping import sweeping
        from portal.bench.world import make_world, world_at_hand
        from portal.bench.writing import writing

        kept = options["on"]
        place = kept_database(kept) if kept else own_database(keep=options["keep"])
        with place as name, in_this_process():
            began = time.monotonic()
            self.say(f"{cases} cases in {name}")
            world = world_at_hand(cases) if kept else make_world(cases, self.say)
            self.say(f"built in {time.monotonic() - began:.0f} s; rivals next")
            make_rivals([one.seat for one in world.readers.values()])
            self.say(f"rivals ready after {time.monotonic() - began:.0f} s")
            lines: list[Any] = []
            races = chain(reading(world), pages(world), writing(world), sweeping(world))
            for heat in heats(races):
                if any(name in heat[0].name for name in options["only"]):
                    lines += self.run_heat(cases, heat, options["runs"])
            return lines

    def run_heat(self, cases: int, heat: list[Any], runs: int) -> Iterator[Any]:
        """Yield the lines of races that share somebody, all run in turns."""
        from portal.bench.reading import agree
        from portal.bench.report import line_of
        from portal.bench.stopwatch import race

        for one in heat:
            agree(one)
        taken = race(
            {key: work for one in heat for key, work in one.work().items()},
            runs=runs,
            patience=set[tuple[str, str]]().union(*(one.rivals() for one in heat)),
        )
        for one in heat:
            line = line_of(cases, one, one.its(taken))
            self.say(line.sentence)
            yield line

    def machine(self) -> str:
        """Return what the figures were taken on."""
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            server = cursor.fetchone()[0]
        return (
            f"{time.strftime('%d %B %Y')}, PostgreSQL {server.split()[0]}, Django"
            f" {django.get_version()}, Python {platform.python_version()}"
        )

    def say(self, text: str) -> None:
        """Print at once, also into a pipe."""
        self.stdout.write(text)
        self.stdout.flush()
