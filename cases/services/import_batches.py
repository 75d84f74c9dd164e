"""Importing a file from the screen: tried first, then imported, and taken back where it was wrong.

Rows that wait are those of the post that sent them, for an hour.  What became cases is taken back
by closing them: nothing that was ever a record is erased.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from agencies.actors import Actor
from agencies.codes import Role
from agencies.models import Membership
from agencies.refusals import Conflict, NotVisible
from cases.content import content_of_case
from cases.defaults import sensitivity_within
from cases.imports.incidents import Parsed, batches
from cases.imports.staged import as_incident, as_row
from cases.models import Case, ImportBatch, SeriesMember
from cases.services.importing import import_batch, known_ids
from cases.statuses import STEPS
from ledger.services import record_event
from sharing.bulk import amend_records
from sharing.models import Record
from sharing.posts import exchanging_post_of, post_of
from sharing.touched import touched_cases

IMPORTERS = (Role.ANALYST, Role.SUPERVISOR)
WAITS = timedelta(hours=1)
AT_ONCE = 500
"""Cases that one event names."""

CLOSED = "closed"
CLOSABLE = {CLOSED, *(step.source for step in STEPS if step.target == CLOSED)}

State = ImportBatch.State


def batches_for(actor: Actor) -> QuerySet[ImportBatch]:
    """Return the imports *actor* may open: its own, and with release authority those of its agency.

    One that is not imported yet is only its maker's, and gone when its time is.
    """
    acting = Membership.objects.acting().holding(*IMPORTERS).filter(pk=actor.seat)
    releasing = acting.holding(Role.SUPERVISOR).values("agency_id")
    mine = Q(made_by__in=acting.values("pk"))
    ours = Q(agency__in=releasing) & ~Q(state=State.STAGED)
    return (
        ImportBatch.objects.filter(mine | ours)
        .exclude(state=State.STAGED, until__lte=Now())
        .order_by("-staged_at", "pk")
    )


@transaction.atomic
def stage_import(actor: Actor, parsed: Parsed, *, source: str, file_name: str) -> ImportBatch:
    """Keep what a file would make until its sender says so; nothing is imported yet.

    What the sender had waiting is replaced.  Raises NotAllowed.
    """
    post = exchanging_post_of(actor, *IMPORTERS)
    Membership.objects.select_for_update(no_key=True, of=("self",)).get(pk=post.pk)
    ImportBatch.objects.filter(state=State.STAGED, made_by=post).delete()
    there = known_ids(post.agency, source, [one.source_id for one in parsed.incidents])
    new = [one for one in parsed.incidents if one.source_id not in there]
    batch = ImportBatch.objects.create(
        agency=post.agency,
        made_by=post,
        file_name=file_name,
        source=source,
        rows=[as_row(one) for one in new],
        errors=[[one.row, one.column, one.reason] for one in parsed.errors],
        unchanged=len(parsed.incidents) - len(new),
        repeated=parsed.repeated,
        until=Now() + WAITS,
    )
    record_event(actor, "import.staged", batch, concerns=[post.agency_id], rows=len(new))
    return batch


@transaction.atomic
def make_import(actor: Actor, batch_id: UUID) -> ImportBatch:
    """Make cases of what waits.  Idempotent: what is imported already is not imported again.

    Raises NotVisible and NotAllowed.
    """
    post = exchanging_post_of(actor, *IMPORTERS)
    batch = _locked(actor, batch_id)
    if batch.state != State.STAGED:
        return batch
    sensitivity = sensitivity_within(None, post.ceiling)
    for some in batches([as_incident(row) for row in batch.rows], AT_ONCE):
        done = import_batch(
            post.agency, some, source=batch.source, importer=actor, sensitivity=sensitivity
        )
        batch.made = [*batch.made, *done.made]
        batch.unchanged += done.unchanged
    batch.state, batch.rows, batch.imported_at = State.IMPORTED, [], Now()
    batch.save()
    record_event(actor, "import.made", batch, concerns=[post.agency_id], cases=len(batch.made))
    batch.refresh_from_db()
    return batch


@transaction.atomic
def undo_import(actor: Actor, batch_id: UUID) -> ImportBatch:
    """Take back the cases of an import that nobody changed, shared, asked for or was shown since.

    They are closed, found by nobody outside, and do not stand in the way of a new import.
    Idempotent.  Raises NotVisible, NotAllowed, and Conflict for what is not imported yet.
    """
    post = post_of(actor, *IMPORTERS)
    batch = _locked(actor, batch_id)
    if batch.state == State.STAGED:
        raise Conflict("This is not imported yet.", code="state")
    if batch.state == State.UNDONE:
        return batch
    records = _untouched(batch)
    _take_back(actor, records)
    batch.state, batch.undone_at, batch.taken_back = State.UNDONE, Now(), len(records)
    batch.save()
    record_event(
        actor,
        "import.undone",
        batch,
        records=[record.pk for record in records],
        concerns=[post.agency_id],
        cases=len(records),
        stayed=len(batch.made) - len(records),
    )
    batch.refresh_from_db()
    return batch


def drop_staged() -> int:
    """Forget what waited too long, and return how many files that were."""
    over = ImportBatch.objects.filter(state=State.STAGED, until__lte=Now())
    return over.delete()[0]


def _locked(actor: Actor, batch_id: UUID) -> ImportBatch:
    batch = batches_for(actor).filter(pk=batch_id).select_for_update(of=("self",)).first()
    if batch is None:
        raise NotVisible
    return batch


def _untouched(batch: ImportBatch) -> list[Record]:
    """Return the records of the cases of an import that are as it made them, locked."""
    locked = (
        Record.objects.unrestricted("what an import made is locked before it is taken back")
        .select_for_update(no_key=True)
        .filter(pk__in=batch.made)
        .order_by("pk")
    )
    records = list(locked)
    touched = touched_cases(batch.agency_id, batch.made)
    touched |= set(
        SeriesMember.objects.filter(member_id__in=batch.made).values_list("member_id", flat=True)
    )
    return [one for one in records if one.pk not in touched and one.status in CLOSABLE]


def _take_back(actor: Actor, records: list[Record]) -> None:
    """Close cases as administrative, silent, and free of the file that they came from."""
    keys = [record.pk for record in records]
    cases = Case.objects.unrestricted("what an import made is taken back").filter(pk__in=keys)
    cases.update(disposition="administrative", source="", source_id="")
    silent = Record.Findability.SILENT
    Record.objects.unrestricted("parts follow the envelope of their case").filter(
        case_id__in=keys
    ).update(findability=silent)
    contents = {case.pk: content_of_case(case) for case in cases}
    amend_records(actor, records, contents, status=CLOSED, findability=silent)
