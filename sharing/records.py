"""The life of a record's envelope: registered and amended, each with its revision.

Lock order is always cover before covered, and record before grant.  What is registered or amended
is part of a change that has a transaction of its own, so that a failure here undoes all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from agencies.actors import Actor
from agencies.clock import database_time
from agencies.refusals import NotVisible, Stale
from ledger.doer import Doer
from sharing.inserting import insert_new
from sharing.models import Record, Revision
from sharing.shapes import Shape


@cache
def _locking(reason: str) -> Shape[Record]:
    return Shape(
        lambda record: (
            Record.objects.unrestricted(reason).select_for_update(no_key=True).filter(pk=record)
        ),
        record=UUID,
    )


def lock_record(pk: UUID, reason: str) -> Record:
    """Return a record locked against every other change until the transaction ends."""
    record = _locking(reason).first(record=pk)
    if record is None:
        raise NotVisible
    return record


@transaction.atomic(savepoint=False)
def register_record(
    actor: Doer,
    *,
    content: Mapping[str, Any],
    case: Record | None = None,
    cover: Record | None = None,
    owner_id: UUID | None = None,
    originator_id: UUID | None = None,
    **envelope: Any,
) -> Record:
    """Make the envelope of a new thing.  Without *cover* it covers itself; *owner_id* defaults to
    the actor's agency.

    *envelope* takes kind, title, category, findability and sensitivity, and submitted_by_id,
    protected, label, grouping, type, status, handling and restrictions.  A cover moves with what it
    covers.
    """
    key = uuid4()
    owner = owner_id or actor.agency_id
    if owner is None:
        raise NotVisible
    if cover is not None:
        touch(cover)
    record = Record(
        id=key,
        case_id=case.pk if case else None,
        cover_id=cover.pk if cover else key,
        owner_id=owner,
        originator_id=originator_id or owner,
        created_by=actor.membership_id,
        **envelope,
    )
    insert_new([record])
    keep_revision(actor, record, content)
    return record


def touch(cover: Record) -> None:
    """Say that something a record covers has changed."""
    Record.objects.unrestricted("a cover moves with what it covers").filter(pk=cover.pk).update(
        touched_at=Now(), version=F("version") + 1
    )


KEPT = (
    *("title", "type", "grouping", "status", "category", "findability", "sensitivity"),
    *("handling", "restrictions"),
)
"""What of an envelope people change, and a revision keeps."""


def envelope_of(record: Record) -> dict[str, Any]:
    """Return what a revision keeps of an envelope."""
    return {name: getattr(record, name) for name in KEPT}


def keep_revision(actor: Doer, record: Record, content: Mapping[str, Any]) -> None:
    """Keep what a record says at its present version."""
    revision = Revision(
        record_id=record.pk,
        version=record.version,
        content={**envelope_of(record), **content},
        saved_by_id=actor.membership_id,
    )
    insert_new([revision])


@transaction.atomic(savepoint=False)
def amend_record(
    actor: Actor, record: Record, *, version: int, content: Mapping[str, Any], **changes: Any
) -> Record:
    """Save changes to an envelope and a revision of its content; Stale unless *version* is the
    present one.
    """
    if not record.covers_itself:
        lock_record(record.cover_id, "a cover is locked before what it covers")
    locked = lock_record(record.pk, "a record is locked before it is amended")
    if locked.version != version:
        raise Stale(current=locked.version)
    if not locked.covers_itself:
        touch(Record(pk=locked.cover_id))
    changes |= {"version": version + 1, "touched_at": database_time()}
    for field, value in changes.items():
        setattr(locked, field, value)
    locked.save(update_fields=changes)
    keep_revision(actor, locked, content)
    return locked
