"""Finding what an actor means to change, with the right answer where it may not."""

from __future__ import annotations

from uuid import UUID

from agencies.actors import Actor
from agencies.refusals import NotAllowed, NotVisible
from cases.models import Case, Item
from sharing.actions import Action


def case_to_change(actor: Actor, case_id: UUID) -> Case:
    """Return a case of the actor's own agency; NotVisible or NotAllowed for any other."""
    cases = Case.objects.permitting(actor, Action.KNOW).select_related("record", "record__owner")
    case = cases.filter(pk=case_id).first()
    if case is None:
        raise NotVisible
    if not Case.objects.permitting(actor, Action.EDIT).filter(pk=case_id).exists():
        raise NotAllowed(
            f"Only {case.record.owner.name} changes this case; tell its duty desk what is wrong.",
            code="not_owner",
        )
    return case


def item_to_change(actor: Actor, item_id: UUID) -> Item:
    """Return an item of the actor's own agency; NotVisible or NotAllowed for any other."""
    items = Item.objects.permitting(actor, Action.KNOW).select_related("record", "record__owner")
    item = items.filter(pk=item_id).first()
    if item is None:
        raise NotVisible
    if not Item.objects.permitting(actor, Action.EDIT).filter(pk=item_id).exists():
        raise NotAllowed(
            f"Only {item.record.owner.name} changes this item; tell its duty desk what is wrong.",
            code="not_owner",
        )
    return item
