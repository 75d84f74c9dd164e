"""To whom something went that left the portal: for whom a copy was printed, who was told."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from agencies.codetable import label
from ledger.models import Event
from sharing.audit.question import TOLD
from sharing.models import BriefingCopy, HandOver

PRINTED = "record.printed"


def given_to(events: Iterable[Event]) -> dict[UUID, str]:
    """Return, by the target of the event, to whom each print and each telling went."""
    targets: dict[str, set[UUID]] = {PRINTED: set(), TOLD: set()}
    for event in events:
        if event.kind in targets and event.target:
            targets[event.kind].add(event.target)
    copies = BriefingCopy.objects.in_bulk(targets[PRINTED])
    told = HandOver.objects.select_related("agency").in_bulk(targets[TOLD])
    return {
        **{key: copy.recipient for key, copy in copies.items()},
        **{key: _told(one) for key, one in told.items()},
    }


def _told(one: HandOver) -> str:
    whom = ", ".join(part for part in (one.recipient, one.agency and one.agency.name) if part)
    return f"{whom} ({label('disclosure_means', one.means).lower()})"
