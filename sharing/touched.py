"""What has happened to records since they were made, of what cannot be taken back in silence."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from ledger.models import Event
from sharing.holders import SHOWN
from sharing.models import BriefingCopy, Grant, HandOver, Recall, Record, ShareRequest


def touched_cases(owner_id: UUID, cases: Collection[UUID]) -> set[UUID]:
    """Return those of an agency's *cases* that were changed, added to, asked for, or let out.

    A part counts for its case.  For the owner's people; the caller asks who may.
    """
    parts = dict(
        Record.objects.unrestricted("whether a case was left as it was made")
        .filter(case_id__in=cases)
        .values_list("pk", "case_id")
    )
    keys = [*cases, *parts]
    found = _changed(owner_id, keys) | _let_out(keys) | _shown(owner_id, keys)
    return {parts.get(key, key) for key in found if key is not None} & set(cases)


def _changed(owner_id: UUID, keys: Collection[UUID]) -> set[UUID | None]:
    """Return what is not any more the first version of its owner, or is under a legal state."""
    records = Record.objects.unrestricted("whether a case was left as it was made")
    legal = Q(sealed_at__isnull=False) | Q(expunged_at__isnull=False) | Q(held_at__isnull=False)
    moved = Q(version__gt=1) | ~Q(owner_id=owner_id) | Q(kind=Record.Kind.CONTRIBUTION) | legal
    return set(records.filter(moved, pk__in=keys).values_list("pk", flat=True))


def _let_out(keys: Collection[UUID]) -> set[UUID | None]:
    """Return what was ever given, asked for, told, printed or called back."""
    found: set[UUID | None] = set()
    for model in (Grant, ShareRequest, HandOver, BriefingCopy, Recall):
        rows = model._default_manager.filter(record_id__in=keys)  # noqa: SLF001  (documented)
        found |= set(rows.values_list("record_id", flat=True))
    return found


def _shown(owner_id: UUID, keys: Collection[UUID]) -> set[UUID | None]:
    """Return what another agency was shown, as the log has it."""
    shown = Event.objects.filter(
        records__overlap=list(keys),
        kind__in=SHOWN,
        outcome=Event.Outcome.DONE,
        agency__isnull=False,
    ).exclude(agency=owner_id)
    return {key for records in shown.values_list("records", flat=True) for key in records}
