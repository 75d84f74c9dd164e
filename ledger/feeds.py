"""Following the ledger by cursor without ever missing an event that commits late."""

from __future__ import annotations

from ledger.models import Event, EventQuerySet, Position


def events_after(cursor: Position | None) -> EventQuerySet:
    """Return the settled events behind *cursor* in final order; the last's position is the next.

    What an open transaction has written, and all that was written since it began, waits for its
    end.
    """
    return Event.objects.settled().after(cursor).in_order()
