"""Finding what an actor means to change, with the right answer where it may not."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from agencies.actors import Actor
from agencies.refusals import NotAllowed, NotVisible
from cases.models import Case, Item
from sharing.actions import Action
from sharing.sealed import SealedQuerySet

T = TypeVar("T", Case, Item)


def case_to_change(actor: Actor, case_id: UUID) -> Case:
    """Return a case of the actor's own agency; NotVisible or NotAllowed for any other."""
    return _own(actor, Case.objects.permitting(actor, Action.KNOW), case_id)


def item_to_change(actor: Actor, item_id: UUID) -> Item:
    """Return an item of the actor's own agency; NotVisible or NotAllowed for any other."""
    return _own(actor, Item.objects.permitting(actor, Action.KNOW), item_id)


def _own(actor: Actor, known: SealedQuerySet[T], pk: UUID) -> T:
    """Return what is known if the actor's agency owns it: whoever knows of its own manages it."""
    found = known.select_related("record", "record__owner").filter(pk=pk).first()
    if found is None:
        raise NotVisible
    if found.record.owner_id != actor.agency_id:
        raise NotAllowed(
            f"Only {found.record.owner.name} changes this; tell its duty desk what is wrong.",
            code="not_owner",
        )
    return found
