"""How far the history is sealed: what a report can say of its own completeness."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ledger.models import Event, Seal

MOST_COUNTED = 1000


@dataclass(frozen=True)
class Completeness:
    """Up to which event all are under a seal, since when and under which root; how many wait."""

    entry: int
    batch: int
    root: str
    sealed_at: datetime | None
    waiting: int

    @property
    def short_root(self) -> str:
        """Return the beginning of the root, enough to compare with a checkpoint by eye."""
        return self.root[:16]


def completeness() -> Completeness:
    """Return how far history is sealed now; at most 1000 waiting events are counted."""
    seal = Seal.objects.defer("events", "leaves").order_by("number").last()
    waiting = Event.objects.after(seal.last if seal else None)
    young = list(waiting.order_by("seq").values_list("pk", flat=True)[:MOST_COUNTED])
    if seal is None:
        return Completeness(0, 0, "", None, len(young))
    entry = min(seal.last_seq, young[0] - 1) if young else seal.last_seq
    return Completeness(entry, seal.number, seal.root, seal.sealed_at, len(young))
