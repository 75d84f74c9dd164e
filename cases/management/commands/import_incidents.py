"""The command that imports a file of incidents."""

from __future__ import annotations

import csv
import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from agencies.codes import AgencyStatus
from agencies.models import Agency
from cases.imports.incidents import Parsed, RowError, batches, parse
from cases.imports.mapping import BadMapping, ColumnMapping, built_in, find_mapping
from cases.imports.sheets import BadSheet, read_sheet
from cases.services.importing import import_batch, known_ids

BATCH = 500
"""Rows of a transaction: a killed import loses at most these and is run again."""

SHOWN = 10
"""Errors that are named on screen where no file takes them."""


class Command(BaseCommand):
    """Prints a JSON summary; a row in error costs only itself, a second run changes nothing."""

    help = "Imports incidents from a CSV or XLSX file as an agency's cases."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and whose it is."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--agency", required=True, help="short name of the owner")
        parser.add_argument("--submitted-by", help="short name of the agency that enters them")
        parser.add_argument("--mapping", help=f"{', '.join(built_in())}, or a JSON or TOML file")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done")
        parser.add_argument("--errors", type=Path, help="where rows in error are listed (CSV)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, map and import the file."""
        owner = _agency(options["agency"])
        submitter = _agency(options["submitted_by"]) if options["submitted_by"] else None
        try:
            sheet = read_sheet(options["file"])
            mapping = find_mapping(options["mapping"], sheet.header)
        except (BadSheet, BadMapping) as error:
            raise CommandError(str(error)) from error
        parsed = parse(sheet, mapping, zone=owner.time_zone)
        self._report(parsed.errors, options["errors"])
        created, unchanged = self._import(owner, submitter, mapping, parsed, options["dry_run"])
        summary = {
            "rows": len(sheet.rows),
            "created": created,
            "unchanged": unchanged,
            "repeated": parsed.repeated,
            "errors": len(parsed.errors),
            "not_placed": sum(not one.is_placed for one in parsed.incidents),
            "mapping": mapping.name,
            "dry_run": options["dry_run"],
        }
        self.stdout.write(json.dumps(summary))

    def _import(
        self,
        owner: Agency,
        submitter: Agency | None,
        mapping: ColumnMapping,
        parsed: Parsed,
        dry_run: bool,
    ) -> tuple[int, int]:
        created = unchanged = 0
        with tqdm(total=len(parsed.incidents), unit="row", file=sys.stderr) as progress:
            for batch in batches(parsed.incidents, BATCH):
                if dry_run:
                    there = known_ids(owner, mapping.source, [one.source_id for one in batch])
                    made, found = len(batch) - len(there), len(there)
                else:
                    done = import_batch(owner, batch, source=mapping.source, submitted_by=submitter)
                    made, found = done.created, done.unchanged
                created, unchanged = created + made, unchanged + found
                progress.update(len(batch))
        return created, unchanged

    def _report(self, errors: Sequence[RowError], path: Path | None) -> None:
        """List rows in error in a file, or the first of them on screen."""
        if path is not None:
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(["row", "column", "reason"])
                writer.writerows([one.row, one.column, one.reason] for one in errors)
            return
        for one in errors[:SHOWN]:
            self.stderr.write(f"row {one.row}, {one.column}: {one.reason}")
        if len(errors) > SHOWN:
            self.stderr.write(f"and {len(errors) - SHOWN} more; --errors FILE lists them all")


def _agency(short_name: str) -> Agency:
    agency = Agency.objects.filter(short_name__iexact=short_name).first()
    if agency is None or agency.status in (AgencyStatus.DIRECTORY, AgencyStatus.CLOSED):
        raise CommandError(f"There is no agency {short_name} on board.")
    return agency
