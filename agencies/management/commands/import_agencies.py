"""``import_agencies``: an ORI directory into the directory of agencies."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from agencies.directory_file import Unreadable, read_directory
from agencies.services.directory import Outcome, update_directory
from ledger.doer import Portal


class Command(BaseCommand):
    """Enter agencies as known and not on board.  Running it again changes nothing."""

    help = "Import an ORI directory (JSON by state, or CSV) as agencies known but not on board."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would change")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one JSON object; what needs a person's eye goes to standard error."""
        bar = tqdm(
            read_directory(options["file"]),
            unit=" agencies",
            file=sys.stderr,
            disable=options["verbosity"] == 0,
        )
        try:
            outcome = update_directory(Portal(), bar, dry_run=options["dry_run"])
        except Unreadable as error:
            raise CommandError(str(error)) from error
        self._report(outcome)
        self.stdout.write(
            json.dumps(
                {
                    "created": outcome.created,
                    "updated": outcome.updated,
                    "unchanged": outcome.unchanged,
                    "skipped": outcome.skipped,
                    "errors": len(outcome.errors),
                }
            )
        )

    def _report(self, outcome: Outcome) -> None:
        for bad in outcome.errors:
            self.stderr.write(f"{bad.row}: {bad.column}: {bad.reason}")
        for ori, kept, given in outcome.own_names:
            self.stderr.write(f"{ori} is on board and stays “{kept}” (the file says “{given}”)")
