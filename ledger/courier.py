"""Delivering what waits in the outbox, once, however many couriers run and wherever one dies.

A message is claimed in a transaction of its own that counts the attempt, and delivered in the next,
which holds the row's lock.  So a courier killed by a message has used up one of its attempts, and
two couriers never deliver the same one.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from ledger.kinds import handler_of
from ledger.models import Message

logger = logging.getLogger(__name__)

BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (1, 4, 15, 60, 60))
MOST_ATTEMPTS = len(BACKOFF)


def deliver_batch(batch: int = 50) -> int:
    """Try at most *batch* due messages and return how many were delivered."""
    delivered = 0
    for _ in range(batch):
        claimed = _claim()
        if claimed is None:
            break
        delivered += _deliver(claimed)
    return delivered


def retry_dead_letters() -> int:
    """Let every dead letter be tried afresh, once its cause is mended; return how many."""
    return Message.objects.filter(state=Message.State.DEAD).update(
        state=Message.State.WAITING, attempts=0, next_attempt_at=Now()
    )


def _due() -> QuerySet[Message]:
    due = Message.objects.filter(state=Message.State.WAITING, next_attempt_at__lte=Now())
    return due.order_by("next_attempt_at").select_for_update(skip_locked=True)


@transaction.atomic
def _claim() -> Message | None:
    """Count an attempt at the next due message; bury what killed its last courier."""
    while (message := _due().first()) is not None:
        if message.attempts < MOST_ATTEMPTS:
            _postpone(message, message.attempts + 1)
            return message
        _bury(message, "never finished")
    return None


@transaction.atomic
def _deliver(claimed: Message) -> bool:
    """Deliver *claimed* unless another courier took it over; return whether it went out."""
    mine = Message.objects.filter(
        pk=claimed.pk, state=Message.State.WAITING, attempts=claimed.attempts
    )
    message = mine.select_for_update(skip_locked=True).first()
    if message is None:
        return False
    try:
        with transaction.atomic():
            handler_of(message.kind)(message)
    except Exception as error:  # noqa: BLE001  (only its class is safe to keep)
        _fail(message, type(error).__name__)
        return False
    mine.update(state=Message.State.DELIVERED, delivered_at=Now(), last_error="")
    return True


def _fail(message: Message, error: str) -> None:
    logger.warning(
        "message.failed",
        extra={"id": str(message.pk), "attempt": message.attempts, "error": error},
    )
    if message.attempts >= MOST_ATTEMPTS:
        _bury(message, error)
    else:
        _postpone(message, message.attempts, error=error)


def _postpone(message: Message, attempts: int, *, error: str | None = None) -> None:
    """Set when *message* is next due, reckoned from now by how often it was tried."""
    message.attempts = attempts
    Message.objects.filter(pk=message.pk).update(
        attempts=attempts,
        next_attempt_at=Now() + BACKOFF[attempts - 1],
        last_error=F("last_error") if error is None else error[:200],
    )


def _bury(message: Message, error: str) -> None:
    Message.objects.filter(pk=message.pk).update(state=Message.State.DEAD, last_error=error[:200])
