"""The directory of agencies that are known and not on board is brought up to date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction

from agencies.authority import By, require_administrator
from agencies.codes import AgencyStatus
from agencies.directory_file import BadRow, Entry, Row
from agencies.models import Agency
from ledger.services import record_event

BATCH = 2000
FIELDS = ("name", "kind", "state", "county")


@dataclass
class Outcome:
    """What an import did, or would do: counts, the bad rows, and who keeps a name of its own."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    errors: list[BadRow] = field(default_factory=list)
    own_names: list[tuple[str, str, str]] = field(default_factory=list)
    """(ORI, the name it keeps, the name in the file) of agencies on board."""


@transaction.atomic
def update_directory(by: By, rows: Iterable[Row], *, dry_run: bool = False) -> Outcome:
    """Enter agencies by ORI as known and not on board; renames update, nothing is ever doubled.

    Whoever is on board is left alone.  One event for all; none where nothing changes.
    """
    require_administrator(by)
    outcome = Outcome()
    known = {agency.ori.upper(): agency for agency in _known() if agency.ori}
    new: list[Agency] = []
    changed: list[Agency] = []
    for row in rows:
        if isinstance(row, BadRow):
            outcome.errors.append(row)
            continue
        agency = known.get(row.ori)
        if agency is None:
            new.append(Agency(ori=row.ori, status=AgencyStatus.DIRECTORY, **_values(row)))
            known[row.ori] = new[-1]
        elif _weigh(agency, row, outcome):
            changed.append(agency)
    outcome.created, outcome.updated = len(new), len(changed)
    if not dry_run and (new or changed):
        _write(by, new, changed, outcome)
    return outcome


def _known() -> Iterable[Agency]:
    return Agency.objects.exclude(ori=None).iterator(chunk_size=BATCH)


def _values(entry: Entry) -> dict[str, str]:
    return {name: getattr(entry, name) for name in FIELDS}


def _weigh(agency: Agency, entry: Entry, outcome: Outcome) -> bool:
    """Return whether *agency* was changed to what *entry* says; count it otherwise."""
    if agency.status != AgencyStatus.DIRECTORY:
        outcome.skipped += 1
        if agency.name != entry.name:
            outcome.own_names.append((entry.ori, agency.name, entry.name))
        return False
    if all(getattr(agency, name) == value for name, value in _values(entry).items()):
        outcome.unchanged += 1
        return False
    for name, value in _values(entry).items():
        setattr(agency, name, value)
    agency.version += 1
    return True


def _write(by: By, new: list[Agency], changed: list[Agency], outcome: Outcome) -> None:
    Agency.objects.bulk_create(new, batch_size=BATCH)
    Agency.objects.bulk_update(changed, [*FIELDS, "version"], batch_size=BATCH)
    record_event(
        by,
        "directory.updated",
        created=outcome.created,
        updated=outcome.updated,
        unchanged=outcome.unchanged,
        skipped=outcome.skipped,
        errors=len(outcome.errors),
    )
