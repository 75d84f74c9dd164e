"""Proving the ledger: every hash taken again from the rows and compared with what was sealed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest

from django.db.models.expressions import RawSQL

from ledger.checkpoints import Checkpoint
from ledger.fields import TransactionIdField
from ledger.hashing import COLUMNS, DIGEST_SIZE, NO_ROOT, leaf_hash, root_hash, split_leaves
from ledger.models import Event, Position, Seal
from ledger.sealing import header_of

NAMED = 5
"""How many events of a bad batch are named."""


class LedgerBroken(Exception):
    """The ledger is not what was sealed; says where first, and how."""


@dataclass(frozen=True)
class Tally:
    """What was proved: events in sealed batches, and events too young to be in one."""

    sealed: int
    batches: int
    unsealed: int

    @property
    def events(self) -> int:
        """Return how many events there are."""
        return self.sealed + self.unsealed


def verify(checkpoints: Iterable[Checkpoint] = ()) -> Tally:
    """Recompute the whole ledger, oldest batch first; raise LedgerBroken at the first fault."""
    kept = {(one.number, one.root) for one in checkpoints}
    sealed, previous = 0, None
    for seal in Seal.objects.order_by("number").iterator(chunk_size=20):
        _verify_chain(previous, seal)
        _verify_kept(seal, kept)
        _verify_rows(previous.last if previous else None, seal)
        sealed += len(seal.events)
        previous = seal
    batches = previous.number if previous else 0
    for number, _ in sorted(kept):
        if number > batches:
            raise LedgerBroken(f"batch {number} was removed: a checkpoint names it")
    return Tally(sealed, batches, _count_unsealed(previous.last if previous else None))


def _verify_chain(previous: Seal | None, seal: Seal) -> None:
    number = previous.number + 1 if previous else 1
    if seal.number != number:
        raise LedgerBroken(f"batch {number} was removed")
    if seal.previous_root != (previous.root if previous else NO_ROOT):
        raise LedgerBroken(f"{_named(seal)}: it does not follow the batch before")
    if seal.form not in COLUMNS or len(seal.leaves) != DIGEST_SIZE * len(seal.events):
        raise LedgerBroken(f"{_named(seal)}: its seal was changed")
    if not seal.events or seal.root != root_hash(header_of(seal)):
        raise LedgerBroken(f"{_named(seal)}: its seal was changed")


def _verify_kept(seal: Seal, kept: set[tuple[int, str]]) -> None:
    roots = {root for number, root in kept if number == seal.number}
    if roots - {seal.root}:
        raise LedgerBroken(f"{_named(seal)}: its root is not the one of the checkpoint")


def _verify_rows(after: Position | None, seal: Seal) -> None:
    columns = COLUMNS[seal.form]
    seq = columns.index("seq")
    rows = list(Event.objects.after(after).until(seal.last).in_order().values_list(*columns))
    _verify_presence(seal.events, [row[seq] for row in rows])
    for row, leaf in zip(rows, split_leaves(bytes(seal.leaves)), strict=True):
        if leaf_hash(columns, row) != leaf:
            raise LedgerBroken(f"event {row[seq]} was changed: its content is not what was sealed")


def _verify_presence(sealed: list[int], present: list[int]) -> None:
    """Name the first event that came later, that is gone, or that stands in another place."""
    were, are = set(sealed), set(present)
    for was, now in zip_longest(sealed, present):
        if was == now:
            continue
        if now is not None and now not in were:
            raise LedgerBroken(f"event {now} was inserted into a batch already sealed")
        if was not in are:
            raise LedgerBroken(f"event {was} was removed")
        raise LedgerBroken(f"event {now} was changed: it stands in another place")


def _count_unsealed(after: Position | None) -> int:
    unsealed = Event.objects.after(after)
    counter = RawSQL(
        "pg_snapshot_xmax(pg_current_snapshot())", (), output_field=TransactionIdField()
    )
    forged = unsealed.filter(xid__gte=counter).in_order().first()
    if forged:
        raise LedgerBroken(f"event {forged.seq} bears a transaction that has not begun")
    return unsealed.count()


def _named(seal: Seal) -> str:
    events = ", ".join(map(str, seal.events[:NAMED]))
    more = f" and {len(seal.events) - NAMED} more" if len(seal.events) > NAMED else ""
    return f"batch {seal.number} (events {events}{more})"
