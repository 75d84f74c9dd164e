"""A case called back within one test: stopped, sent, and noted for the privacy officer."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from cases.services import stop_sharing
from sharing import services
from tests.cast import in_days
from tests.truth.world import World


def recalled(world: World, name: str = "ordinary") -> dict[str, UUID]:
    """Return the ids of a recall of a case of Alpha's, of one of its receipts, and of its note."""
    ana = world.cast.actor("ana")
    recall = stop_sharing(ana, world.records[name])
    services.send_recall(ana, recall.pk, due_at=in_days(3))
    note = services.write_incident_note(
        ana,
        recall.pk,
        what="A name of a victim",
        how="The role was not set",
        happened_on=date(2026, 3, 1),
        discovered_on=date(2026, 3, 2),
    )
    receipt = recall.receipts.filter(agency=world.cast.id("bravo")).latest("pk")
    return {"recall": recall.pk, "receipt": receipt.pk, "incident": note.pk}
