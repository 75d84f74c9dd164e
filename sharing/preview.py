"""What the other side would see, counted before it is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from agencies.actors import Actor
from agencies.clock import database_time
from agencies.codes import Level
from sharing.actions import Action
from sharing.models import Record, ShareRequest
from sharing.services.issuing import bounds
from sharing.services.offering import own_record
from sharing.terms import NEVER


class Headcount(NamedTuple):
    """How many people and how many programs; a program is nobody who reads."""

    people: int
    programs: int


@dataclass(frozen=True)
class Preview:
    """How many of a case's items would be seen, what is held back by label, and how many people
    and programs could open it; ``given`` are the items that would be seen.
    """

    total: int
    shown: int
    held_back: list[str]
    people: int
    programs: int = 0
    given: Sequence[Record] = ()


def preview(
    actor: Actor,
    record_id: UUID,
    *,
    roster_id: UUID,
    level: Level,
    items: Sequence[UUID] | None = None,
    later: str = ShareRequest.Later.EXCEPT_PROTECTED,
    unmask: bool = False,
) -> Preview:
    """Return what a roster would see of a record the actor may release, on these terms, today."""
    record = own_record(actor, record_id)
    case_id = record.case_id if record.kind == Record.Kind.CONTRIBUTION else record.pk
    parts = list(
        Record.objects.permitting(actor, Action.PROPOSE)
        .filter(case_id=case_id, kind=Record.Kind.ITEM, owner_id=record.owner_id)
        .order_by("created_at")
    )
    protected_until = bounds(later, unmask=unmask, now=database_time())[1]
    chosen = None if items is None else set(items)
    protected_too = protected_until != NEVER
    shown = [one for one in parts if _reached(record, one, level, chosen, protected_too)]
    held = [one for one in parts if one not in shown]
    return Preview(
        total=len(parts),
        shown=len(shown),
        held_back=[one.label or one.title for one in held],
        **readers_in(roster_id, record.sensitivity)._asdict(),
        given=shown,
    )


def _reached(
    record: Record, item: Record, level: Level, chosen: set[UUID] | None, protected_too: bool
) -> bool:
    if level < Level.SUMMARY:
        return False
    if chosen is not None:
        return item.pk in chosen
    covered = item.cover_id == record.pk and item.originator_id == item.owner_id
    return covered and (protected_too or not item.protected)


def readers_in(roster_id: UUID, sensitivity: int) -> Headcount:
    """Return how many of a roster could open a record of *sensitivity* today."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT s.person_id) FILTER (WHERE p.membership_id IS NULL),"
            " count(DISTINCT s.person_id) FILTER (WHERE p.membership_id IS NOT NULL)"
            " FROM agencies_seat s"
            " LEFT JOIN agencies_program p ON p.membership_id = s.membership_id"
            " WHERE s.roster_id = %s AND s.reads AND s.exchanging AND s.ceiling >= %s",
            [roster_id, sensitivity],
        )
        return Headcount(*cursor.fetchone())
