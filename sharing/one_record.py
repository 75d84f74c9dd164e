"""One record by its id, if its reader may do what it is opened for."""

from __future__ import annotations

from functools import cache
from uuid import UUID

from agencies.actors import NOBODY, Actor
from sharing.actions import Action
from sharing.models import Record
from sharing.shapes import Shape


@cache
def _one(action: Action) -> Shape[Record]:
    return Shape(
        lambda seat, record: (
            Record.objects.permitting(Actor(NOBODY, seat), action)
            .select_related("owner", "originator")
            .filter(pk=record)
        ),
        seat=UUID,
        record=UUID,
    )


def record_for(actor: Actor, action: Action, pk: UUID) -> Record | None:
    """Return a record, with its agencies, to which *actor* may do *action*; None for any other."""
    return None if actor.membership_id is None else _one(action).first(seat=actor.seat, record=pk)
