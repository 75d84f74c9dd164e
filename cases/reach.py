"""Finding what an actor means to change, with the right answer where it may not."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from agencies.actors import NOBODY, Actor
from agencies.refusals import NotAllowed, NotVisible
from agencies.text_direction import isolated
from cases.models import Case, Item
from sharing.actions import Action
from sharing.sealed.queryset import SealedQuerySet
from sharing.shapes import Shape

T = TypeVar("T", Case, Item)


def _knowing(model: type[T]) -> Shape[T]:
    def build(seat: UUID, key: UUID) -> SealedQuerySet[T]:
        known = model.objects.permitting(Actor(NOBODY, seat), Action.KNOW)
        return known.select_related("record", "record__owner").filter(pk=key)

    return Shape(build, seat=UUID, key=UUID)


CASE, ITEM = _knowing(Case), _knowing(Item)


def case_to_change(actor: Actor, case_id: UUID) -> Case:
    """Return a case of the actor's own agency; NotVisible or NotAllowed for any other."""
    return _own(actor, CASE, case_id)


def item_to_change(actor: Actor, item_id: UUID) -> Item:
    """Return an item of the actor's own agency; NotVisible or NotAllowed for any other."""
    return _own(actor, ITEM, item_id)


def known_case(actor: Actor, case_id: UUID) -> Case:
    """Return a case that the actor may know of, whose ever it is; NotVisible for any other."""
    return _known(actor, CASE, case_id)


def _own(actor: Actor, shape: Shape[T], pk: UUID) -> T:
    """Return what is known if the actor's agency owns it: whoever knows of its own manages it."""
    found = _known(actor, shape, pk)
    if found.record.owner_id != actor.agency_id:
        raise NotAllowed(
            f"Only {isolated(found.record.owner.name)} changes this; "
            "tell its duty desk what is wrong.",
            code="not_owner",
        )
    return found


def _known(actor: Actor, shape: Shape[T], pk: UUID) -> T:
    found = None if actor.membership_id is None else shape.first(seat=actor.seat, key=pk)
    if found is None:
        raise NotVisible
    return found
