"""Who has access to a case, on which grant, and what the reader may do about each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from agencies.actors import Actor
from sharing.actions import Action
from sharing.explanation import Reach, who_can_see
from sharing.holders import hand_overs_of
from sharing.holdings import allowed_on_grant, grant_states, grants_for, owner_of
from sharing.models import Grant, Record
from sharing.services.releasing import waiting_items

TOLD = 100
"""Hand-overs that the page lists."""


def accesses(actor: Actor, pk: UUID) -> dict[str, Any]:
    """Return who reaches a case now, and what was given and is not in force."""
    reaches = who_can_see(actor, pk)
    grants = list(grants_for(actor, record=pk))
    states = grant_states(grants)
    rows = {grant.pk: _row(actor, grant, states[grant.pk]) for grant in grants}
    managed = Record.objects.permitting(actor, Action.RESTRICT).filter(pk=pk).first()
    return {
        "reaches": [{"reach": one, **_taken(actor, one, rows)} for one in reaches],
        "ended": list(rows.values()),
        "manages": managed is not None,
        "told": hand_overs_of(managed)[:TOLD] if managed else [],
    }


def _row(actor: Actor, grant: Grant, state: str) -> dict[str, Any]:
    own = grant.owner == actor.agency_id
    return {
        "grant": grant,
        "state": state,
        "allowed": allowed_on_grant(actor, grant, state),
        "waiting": len(waiting_items(actor, grant)) if own and state == "active" else 0,
    }


def _taken(actor: Actor, reach: Reach, rows: dict[UUID, dict[str, Any]]) -> dict[str, Any]:
    """Return the row of the grant that a way of reaching rests on, out of *rows* if it is there.

    A standing grant is not among them; its owner may still stop it.
    """
    grant = reach.basis.grant
    if grant is None:
        return {"grant": None, "allowed": []}
    if grant.pk in rows:
        return rows.pop(grant.pk)
    own = owner_of(grant) == actor.agency_id
    return {"grant": grant, "allowed": allowed_on_grant(actor, grant, "active") if own else []}
