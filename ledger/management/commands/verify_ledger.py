"""``verify_ledger``: prove that history is what was sealed."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ledger.checkpoints import Checkpoint, append_checkpoint, newest_checkpoint, read_checkpoints
from ledger.verification import LedgerBroken, verify


class Command(BaseCommand):
    """Exit 0 with a count when the ledger is whole, 1 naming the first bad row when it is not."""

    help = "Prove the ledger against its seals, and against checkpoints kept elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the files of roots to compare with and to append to."""
        parser.add_argument(
            "--checkpoint", type=Path, metavar="FILE", help="compare with its roots"
        )
        parser.add_argument(
            "--write-checkpoint", type=Path, metavar="FILE", help="append the newest root if whole"
        )

    def handle(self, *args: object, **options: Any) -> None:
        """Print the count, or the first fault."""
        try:
            tally = verify(_read(options["checkpoint"]))
        except LedgerBroken as broken:
            self.stdout.write(str(broken))
            raise CommandError("The ledger is broken.") from None
        self.stdout.write(
            f"{tally.events} events whole: {tally.sealed} sealed in {tally.batches} batches,"
            f" {tally.unsealed} not sealed yet"
        )
        newest = newest_checkpoint()
        if options["write_checkpoint"] and newest:
            append_checkpoint(options["write_checkpoint"], newest)


def _read(path: Path | None) -> list[Checkpoint]:
    if path is None:
        return []
    try:
        with path.open(encoding="utf-8") as lines:
            return read_checkpoints(lines)
    except (OSError, ValueError) as error:
        raise CommandError(f"The checkpoints cannot be read: {error}") from None
