"""Measures the auditor's question over a large ledger, in a database of its own."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.management import BaseCommand
from django.core.management.base import CommandParser

from portal.bench.place import own_database


class Command(BaseCommand):
    """Fills a ledger, asks who saw a case, as a page and as files, and drops it all."""

    help = "Measure the page and the files of who saw a case, over a ledger of many events."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what ``bench_audit`` may be told."""
        parser.add_argument("--events", type=int, default=500_000)
        parser.add_argument("--runs", type=int, default=5, help="runs behind each median")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the median time of each way of asking, for a busy and for a quiet case."""
        from portal.bench.auditing import WAYS, asked
        from portal.bench.ledger import BUSY, QUIET, LargeLedger
        from portal.bench.stopwatch import race

        with own_database(keep=False):
            auditor = LargeLedger(options["events"], self.say).auditor
            for number in (QUIET, BUSY):
                self.say(f"{number}: {asked(auditor, number).events().count()} events of the case")
                ways = {name: partial(act, auditor, number) for name, act in WAYS.items()}
                for name, taken in race(ways, runs=options["runs"]).items():
                    self.say(f"{number}, {name}: {taken.median:.0f} ms")

    def say(self, text: str) -> None:
        """Print at once, also into a pipe."""
        self.stdout.write(text)
        self.stdout.flush()
