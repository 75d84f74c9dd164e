"""A case as others would see it: the rows that the rule would give them, for the owner's people.

Of what the owner's reader sees itself; nothing here is a reading by those others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from agencies.actors import Actor
from agencies.codes import Level
from cases.listing import RELATED
from cases.models import Case, Item
from cases.presentation import level_of
from sharing.actions import Action
from sharing.models import Record
from sharing.supposing import Supposition


@dataclass(frozen=True)
class Seen:
    """A case and its items as far as others get them; no case where they would find none."""

    case: Case | None
    items: Sequence[Item]

    @property
    def level(self) -> Level | None:
        """Return how much of the case they get."""
        return level_of(self.case) if self.case else None


def seen_by(actor: Actor, case_id: UUID, supposed: Supposition) -> Seen:
    """Return what *supposed* readers get of a case of which *actor* sees at least as much."""
    keys = _around(actor, case_id)
    case = (
        Case.objects.supposing(actor, supposed, Action.KNOW, keys)
        .select_related("record", "record__owner")
        .filter(pk=case_id)
        .first()
    )
    if case is None or level_of(case) < Level.SUMMARY:
        return Seen(case, ())
    items = (
        Item.objects.supposing(actor, supposed, Action.LIST, keys)
        .select_related(*RELATED)
        .filter(record__case_id=case_id)
    )
    return Seen(case, list(items.order_by("record__created_at", "pk")))


def own_items(actor: Actor, case_id: UUID) -> list[Item]:
    """Return the items of a case that the actor's agency could give."""
    items = Item.objects.permitting(actor, Action.PROPOSE).select_related(*RELATED)
    own = items.filter(record__case_id=case_id, record__owner_id=actor.agency_id)
    return list(own.order_by("record__created_at", "pk"))


def _around(actor: Actor, case_id: UUID) -> list[UUID]:
    """Return the case, its parts, and what covers them, as far as the actor may know of them."""
    parts = Record.objects.permitting(actor, Action.LIST).filter(case_id=case_id)
    pairs = parts.values_list("pk", "cover_id")
    return list({case_id, *(key for pair in pairs for key in pair)})
