"""Stopping what was shared by mistake: at once, by any of the owner's members, for everybody."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from agencies.actors import Actor
from agencies.refusals import NotAllowed, NotVisible
from agencies.text_direction import isolated
from cases.models import Item
from cases.services.amending import amend_case
from cases.services.changing import amend_item
from sharing.actions import Action
from sharing.holders import parts_with
from sharing.models import Recall, Record
from sharing.records import lock_record
from sharing.services.recalling import ERROR, begin_recall
from sharing.services.revoking import end_grants_on


@transaction.atomic
def stop_sharing(actor: Actor, record_id: UUID) -> Recall:
    """Take a case or an item away from everybody outside who has it; nobody need approve.

    An item is held back; every access to a case ends, and a listed one is found by contact only.
    Idempotent; the recall that it begins is sent in a step of its own.  Raises NotVisible and
    NotAllowed.
    """
    seen = own_to_stop(actor, record_id)
    lock_record(seen.cover_id, "a cover is locked before what it covers")
    record = lock_record(seen.pk, "what is stopped is locked first")
    recall = begin_recall(actor, record)
    if record.kind == Record.Kind.ITEM:
        _hold_back(actor, record)
    else:
        _close(actor, record)
    return recall


def own_to_stop(actor: Actor, record_id: UUID) -> Record:
    """Return a case or an item of the actor's own agency; NotVisible or NotAllowed otherwise."""
    known = Record.objects.permitting(actor, Action.KNOW).select_related("owner")
    record = known.filter(pk=record_id).exclude(kind=Record.Kind.CONTRIBUTION).first()
    if record is None:
        raise NotVisible
    if record.owner_id != actor.agency_id:
        raise NotAllowed(
            f"Only {isolated(record.owner.name)} stops this; call its duty desk at once.",
            code="not_owner",
        )
    return record


def _hold_back(actor: Actor, record: Record) -> None:
    end_grants_on(actor, record, reason_code=ERROR)
    item = (
        Item.objects.permitting(actor, Action.RESTRICT).select_related("record").get(pk=record.pk)
    )
    if not item.withheld:
        amend_item(actor, item.pk, version=item.record.version, withheld=True)


def _close(actor: Actor, record: Record) -> None:
    for key in parts_with(record):
        end_grants_on(
            actor, lock_record(key, "a record is locked before its grants"), reason_code=ERROR
        )
    if record.findability == Record.Findability.LISTED:
        amend_case(actor, record.pk, version=record.version, findability="contact_only")
