"""Whether what must be told is being told."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Min
from django.db.models.functions import Now

from ledger.models import Message

OLDEST_WELL = 60.0


@dataclass(frozen=True)
class Outbox:
    """How much waits, for how many seconds the oldest has, and how much was given up."""

    undelivered: int
    oldest_age_s: float
    dead_letters: int


def outbox() -> Outbox:
    """Return the state of the outbox now, on the database's clock."""
    waiting = Message.objects.filter(state=Message.State.WAITING)
    oldest = waiting.aggregate(age=Now() - Min("created_at"))["age"]
    return Outbox(
        undelivered=waiting.count(),
        oldest_age_s=round(oldest.total_seconds(), 1) if oldest else 0.0,
        dead_letters=Message.objects.filter(state=Message.State.DEAD).count(),
    )


def outbox_health() -> list[str]:
    """Return why the outbox is not well; nothing when it is."""
    state = outbox()
    reasons = []
    if state.dead_letters:
        reasons.append(f"outbox: dead letters: {state.dead_letters}")
    if state.oldest_age_s > OLDEST_WELL:
        reasons.append(f"outbox: the oldest message has waited {state.oldest_age_s:.0f} s")
    return reasons
