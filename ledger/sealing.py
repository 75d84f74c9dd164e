"""Closing settled events into batches whose roots are chained, so that a later change shows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from ledger.hashing import COLUMNS, FORM, NO_ROOT, leaf_hash, root_hash, split_leaves, tree_hash
from ledger.models import Event, Seal

ONE_SEALER = 5_120_114_001
"""The advisory lock that a sealer holds."""


class YoungerCluster(RuntimeError):
    """The ledger came from a database whose transaction counter was ahead of this one's.

    Nothing can be sealed in order until the counter has passed the last sealed transaction: after a
    restore from a dump, stop the server and advance it with ``pg_resetwal -x`` and ``-e``.
    """


@transaction.atomic
def seal_batch(limit: int = 2000) -> Seal | None:
    """Seal at most *limit* settled events; None if there are none or another sealer is at work."""
    now, sealer = _clock_and_lock()
    if not sealer:
        return None
    previous = Seal.objects.order_by("number").last()
    _check_counter(previous)
    events = Event.objects.settled().after(previous.last if previous else None).in_order()
    rows = list(events.values_list(*COLUMNS[FORM])[:limit])
    return _seal(previous, rows, at=now) if rows else None


def header_of(seal: Seal) -> dict[str, object]:
    """Return what the root of *seal* is taken over."""
    return {
        "number": seal.number,
        "form": seal.form,
        "previous_root": seal.previous_root,
        "tree": tree_hash(list(split_leaves(bytes(seal.leaves)))).hex(),
        "last": list(seal.last),
        "events": seal.events,
        "sealed_at": seal.sealed_at,
    }


def _seal(previous: Seal | None, rows: list[tuple[Any, ...]], *, at: datetime) -> Seal:
    columns = COLUMNS[FORM]
    seqs = [row[columns.index("seq")] for row in rows]
    seal = Seal(
        number=previous.number + 1 if previous else 1,
        form=FORM,
        previous_root=previous.root if previous else NO_ROOT,
        last_xid=rows[-1][columns.index("xid")],
        last_seq=seqs[-1],
        events=seqs,
        leaves=b"".join(leaf_hash(columns, row) for row in rows),
        sealed_at=at,
    )
    seal.root = root_hash(header_of(seal))
    seal.save(force_insert=True)
    return seal


def _clock_and_lock() -> tuple[datetime, bool]:
    """Return the database's time, and whether this transaction is now the one sealer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp(), pg_try_advisory_xact_lock(%s)", [ONE_SEALER])
        now, sealer = cursor.fetchone()
    return now, sealer


def _check_counter(previous: Seal | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        (counter,) = cursor.fetchone()
    if previous and previous.last_xid >= counter:
        raise YoungerCluster(f"transaction {counter} now, {previous.last_xid} at the last seal")
