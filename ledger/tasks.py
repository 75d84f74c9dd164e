"""The courier and the sealer in the background, each safe to run twice, late or side by side."""

from __future__ import annotations

from time import monotonic

from celery import shared_task

from ledger.checkpoints import keep_newest_root
from ledger.courier import deliver_batch
from ledger.sealing import seal_batch

LONGEST_ROUND = 20.0


@shared_task(ignore_result=True, acks_late=True)
def deliver_messages(batch: int = 50) -> int:
    """Deliver what is waiting, for at most some 20 seconds; the next sweep goes on."""
    started, delivered = monotonic(), 0
    while monotonic() - started < LONGEST_ROUND:
        count = deliver_batch(batch)
        delivered += count
        if not count:
            break
    return delivered


@shared_task(ignore_result=True, acks_late=True)
def seal_events() -> int:
    """Seal what is settled, for at most some 20 seconds, and keep the newest root elsewhere."""
    started, sealed = monotonic(), 0
    while monotonic() - started < LONGEST_ROUND:
        seal = seal_batch()
        if seal is None:
            break
        sealed += len(seal.events)
    if sealed:
        keep_newest_root()
    return sealed
