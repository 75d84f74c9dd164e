"""What leaves the portal in a file: one's own, and what was released with leave to export."""

from __future__ import annotations

from typing import TypeVar

from django.db import DatabaseError, transaction
from django.db.models import IntegerField, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce

from agencies.actors import Actor
from agencies.codes import Level
from ledger.services import record_event
from sharing.actions import Action
from sharing.disclosure import LedgerUnavailable
from sharing.models import Access, RecordPart
from sharing.sealed.queryset import SealedQuerySet

M = TypeVar("M", bound=RecordPart)


def exportable(actor: Actor, things: SealedQuerySet[M]) -> SealedQuerySet[M]:
    """Return those of *things* that *actor* may take out, each at the ``access_level`` of that
    leave: what is read in full and exported in summary leaves in summary.
    """
    leave = (
        Access.objects.filter(membership=actor.seat, record=OuterRef("pk"), export=True)
        .order_by()
        .values("membership")
        .annotate(highest=Max("level"))
        .values("highest")
    )
    level = Coalesce(Subquery(leave, output_field=IntegerField()), 0)
    listed = things.permitting(actor, Action.LIST)
    leaving: SealedQuerySet[M] = listed.annotate(access_level=level).filter(
        access_level__gte=Level.SUMMARY
    )
    return leaving


def take_out(actor: Actor, things: SealedQuerySet[M], *, channel: str) -> list[M]:
    """Return those of *things* that may leave in a file, which is on the ledger when this returns.

    One event names them all, their owners may read it, and it is written in the transaction that
    reads them: no log, no file.
    """
    try:
        with transaction.atomic(durable=True):
            taken = list(exportable(actor, things).select_related("record__owner"))
            if taken:
                _record(actor, taken, channel)
    except DatabaseError:
        raise LedgerUnavailable from None
    return taken


def _record(actor: Actor, taken: list[M], channel: str) -> None:
    records = [one.record for one in taken]
    record_event(
        actor,
        "record.exported",
        records=[record.pk for record in records],
        concerns=[
            agency for record in records for agency in (record.owner_id, record.originator_id)
        ],
        purpose=actor.purpose,
        for_case=actor.for_case,
        channel=channel,
    )
