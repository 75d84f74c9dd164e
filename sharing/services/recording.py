"""The history of an approval, and who is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from agencies.actors import Actor
from ledger.services import Tell, record_event
from sharing.models import Grant, ShareRequest, StandingGrant
from sharing.posts import supervisors
from sharing.services.issuing import Release


def record_approval(
    actor: Actor,
    request: ShareRequest,
    release: Release,
    grants: Sequence[Grant] | Sequence[StandingGrant],
) -> None:
    """Write the decision and what it issued, and tell the asker, the readers and their
    supervisor.
    """
    said: dict[str, Any] = {
        "tell_at": release.starts_at,
        "records": [one.record_id for one in grants if isinstance(one, Grant)],
        "concerns": _concerned(request, release),
        "level": release.level.code,
        "purpose": request.purpose,
        "basis": {"agreement": release.agreement.pk, "request": request.pk},
        "until": release.until,
    }
    tell = [Tell("request.approved", request.requested_by_id)] if request.requested_by_id else []
    record_event(actor, "request.approved", request, tell=tell, **said)
    told = [Tell("grant.issued", request.roster_id)]
    if request.recipient_id:
        told.append(supervisors("grant.acknowledge_needed", request.recipient_id))
    issued = [one.pk for one in grants]
    record_event(actor, "grant.issued", grants[-1], tell=told, grants=issued, **said)


def _concerned(request: ShareRequest, release: Release) -> list[UUID]:
    """Return who may read of a decision in the log: the owner alone of one it can still undo."""
    sides = (request.owner_id, request.recipient_id if release.starts_at is None else None)
    return [one for one in sides if one]
