"""What the history says of a grant: its record, both sides and what it rests on, always alike."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from agencies.authority import By
from ledger.services import Tell, record_event
from sharing.holdings import AnyGrant, owner_of
from sharing.models import Grant
from sharing.posts import receiving_agency


def record_grant_event(
    by: By,
    kind: str,
    grant: AnyGrant,
    *,
    tell: Iterable[Tell],
    tell_at: datetime | None = None,
    also: UUID | None = None,
    level: str = "",
    purpose: str = "",
    **facts: Any,
) -> None:
    """Write what became of a grant, for the agencies of both sides and for that of *also*."""
    sides = (owner_of(grant), receiving_agency(grant.roster), also)
    record_event(
        by,
        kind,
        grant,
        tell=tell,
        tell_at=tell_at,
        records=[grant.record_id] if isinstance(grant, Grant) else [],
        concerns=[one for one in sides if one],
        level=level,
        purpose=purpose,
        basis={"agreement": grant.agreement_id, "request": grant.decision_id},
        **facts,
    )
