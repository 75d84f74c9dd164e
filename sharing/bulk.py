"""Making and changing many envelopes at once: the same rows as one by one, in fewer statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from ledger.doer import Doer
from sharing.inserting import insert_rows
from sharing.models import Record, Revision
from sharing.records import envelope_of


@transaction.atomic
def register_records(
    actor: Doer, records: Sequence[Record], contents: Mapping[UUID, Mapping[str, Any]]
) -> None:
    """Insert new envelopes with their first revisions; *contents* by the id of the record.

    For what is new with its cover: nothing that was there before is touched.
    """
    for record in records:
        record.created_by = actor.membership_id
    insert_rows(records)
    _keep_revisions(actor, records, contents)


@transaction.atomic
def amend_records(
    actor: Doer,
    records: Sequence[Record],
    contents: Mapping[UUID, Mapping[str, Any]],
    **changes: Any,
) -> None:
    """Give envelopes that cover themselves the same *changes*, each with a revision of its content.

    For records that the caller has locked, and has asked the rule about.
    """
    for record in records:
        for field, value in changes.items():
            setattr(record, field, value)
        record.version += 1
    Record.objects.unrestricted("its caller has locked what it changes").filter(
        pk__in=[record.pk for record in records]
    ).update(**changes, version=F("version") + 1, touched_at=Now())
    _keep_revisions(actor, records, contents)


def _keep_revisions(
    actor: Doer, records: Sequence[Record], contents: Mapping[UUID, Mapping[str, Any]]
) -> None:
    insert_rows(
        [
            Revision(
                record_id=record.pk,
                version=record.version,
                content={**envelope_of(record), **contents[record.pk]},
                saved_by_id=actor.membership_id,
            )
            for record in records
        ]
    )
