"""The rule asked about records that nobody fetches: whether, and how far, as of the statement.

The same as ``permitting(…).exists()``, by a statement that is neither built nor planned again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from agencies.actors import Actor
from agencies.prepared import fetch
from sharing.actions import Action
from sharing.reached import REACHED, reached_with

ASKED = f"{REACHED}SELECT record_id, level, unmask FROM reached"  # noqa: S608  (fragments of the policy)


class Reach(NamedTuple):
    """How far a record is reached: its level, and whether with identities unmasked."""

    level: int
    unmask: bool


def may(actor: Actor, action: Action, record: UUID) -> bool:
    """Return whether *actor* may do *action* to *record*."""
    return bool(reach(actor, action, [record]))


def reach(actor: Actor, action: Action, records: Sequence[UUID]) -> dict[UUID, Reach]:
    """Return to which of *records* *actor* may do *action*, and how far each is reached."""
    if actor.membership_id is None or not records:
        return {}
    found: list[tuple[Any, ...]] = fetch(ASKED, reached_with(actor, action, records))
    return {record: Reach(level, unmask) for record, level, unmask in found}
