"""Changing an item: its own agency's people save a new version, hold it back or put it in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from agencies.actors import Actor
from agencies.codes import Role
from agencies.models import Membership
from cases import envelope
from cases.content import content_of_item
from cases.fields import DERIVED, clean_fields, named
from cases.finding import index
from cases.labels import next_label
from cases.models import Case, Item
from cases.reach import item_to_change
from cases.services.adding import Place, checked_role, held_at, place_in
from cases.services.amending import refuse_to_lift
from cases.standing import protect_again, standing_of
from ledger.services import record_event
from sharing.models import Record
from sharing.posts import post_of
from sharing.records import amend_record, lock_record
from sharing.services.withholding import release_record, withhold_record

CHECKS = {
    "title": envelope.title,
    "role": lambda role: role,
    "fields": lambda fields: fields,
    "withheld": envelope.flag,
    "sensitivity": lambda wish: wish,
    "restrictions": envelope.several("restrictions"),
}


LIFTING = {"role", "fields", "restrictions"}
"""Changes that can show somebody to need no protection."""


@transaction.atomic
def amend_item(actor: Actor, item_id: UUID, *, version: int, **changes: Any) -> Item:
    """Save *changes* to an item of one's own agency; ``fields`` are merged, null takes one away.

    ``withheld`` takes it out from under its cover or puts it there from now on.  Raises NotVisible,
    NotAllowed, Invalid and Stale.
    """
    item = item_to_change(actor, item_id)
    post = post_of(actor)
    kept = envelope.clean(changes, CHECKS)
    refuse_to_lift(item.record, kept, post)
    turned = kept.pop("withheld", item.withheld) != item.withheld
    case = _case_of(item)
    place = place_in(actor, case.pk) if turned and item.withheld else None
    if place is not None and not place.direct:
        post_of(actor, Role.SUPERVISOR)
    lock_record(item.record.cover_id, "a cover is locked before what it covers")
    envelope_changes = _apply(item, kept, case, post)
    item.withheld = item.withheld != turned
    item.record = amend_record(
        actor, item.record, version=version, content=content_of_item(item), **envelope_changes
    )
    item.save(update_fields=["role", "fields", "withheld"])
    if kept:
        _record(actor, item, case, "item.amended", fields=sorted(kept))
    if turned:
        _turn(actor, item, case, place)
    index(item)
    if item.kind == Item.Kind.EVENT:
        protect_again(case)
    return item


def _case_of(item: Item) -> Case:
    return (
        Case.objects.unrestricted("an item is read with the type and age of its case")
        .select_related("record")
        .get(pk=item.record.case_id)
    )


def _apply(item: Item, kept: dict[str, Any], case: Case, post: Membership) -> dict[str, Any]:
    """Change the body of *item* and return what its envelope becomes.

    What was protected stays so unless release authority says what lifts it: to unmask is to
    release.
    """
    if "role" in kept:
        item.role = checked_role(item.kind, kept["role"])
    if "fields" in kept:
        item.fields = _merged(item, kept["fields"])
    changes: dict[str, Any] = {
        name: kept[name] for name in ("title", "restrictions") if name in kept
    }
    if "sensitivity" in kept:
        changes["sensitivity"] = held_at(case, kept["sensitivity"], post)
    now = standing_of(item, changes.get("restrictions", item.record.restrictions), case)
    lifts = Role.SUPERVISOR in post.roles and bool(LIFTING & set(kept))
    if item.record.protected and not now.is_protected and not lifts:
        return changes
    changes["protected"] = now.is_protected
    if item.record.label.rpartition(" ")[0] != now.label_stem:
        changes["label"] = next_label(case.pk, item.record.owner_id, now.label_stem)
    return changes


def _merged(item: Item, sent: object) -> dict[str, Any]:
    if not isinstance(sent, dict):
        return clean_fields(item.kind, sent)
    old = {name: value for name, value in item.fields.items() if name not in DERIVED}
    return clean_fields(item.kind, {**old, **named(item.kind, sent)})


def _turn(actor: Actor, item: Item, case: Case, place: Place | None) -> None:
    """Hold an item back, or put it under the cover it belongs to."""
    if place is None:
        item.record = withhold_record(actor, item.record)
        _record(actor, item, case, "item.withheld")
    else:
        item.record = release_record(actor, item.record, cover=place.cover)
        _record(actor, item, case, "item.released")


def _record(actor: Actor, item: Item, case: Case, kind: str, **facts: Any) -> None:
    record: Record = item.record
    record_event(
        actor,
        kind,
        record,
        records=[record.pk, case.pk],
        concerns=[record.owner_id],
        version=record.version,
        **facts,
    )
