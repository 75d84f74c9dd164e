"""Reports, and on request repairs, grants whose copies differ from their records."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sharing.reconciler import drift, repair


class Command(BaseCommand):
    """Exits with 1 while there is drift that was not repaired."""

    help = "Compare what grants carry of their records with the records."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take ``--repair``."""
        parser.add_argument("--repair", action="store_true", help="copy the records anew")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each drift and how many there were."""
        found = drift()
        for one in found:
            self.stdout.write(f"grant {one.grant}: {', '.join(one.columns)}")
            if options["repair"]:
                repair(one)
        if found and not options["repair"]:
            raise CommandError(f"{len(found)} grants differ from their records.")
        self.stdout.write(f"{len(found)} grants differed from their records.")
