"""Adding an item: to a case of one's own agency, or as a partner's contribution to another's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from agencies.actors import Actor
from agencies.codes import Level
from agencies.codetable import code_table
from agencies.models import Membership
from agencies.refusals import Invalid
from cases import envelope
from cases.content import content_of_item
from cases.defaults import sensitivity_within
from cases.fields import clean_fields
from cases.finding import index
from cases.labels import next_label
from cases.models import Case, Item
from cases.reach import known_case
from cases.standing import protect_again, standing_of
from ledger.services import Tell, record_event
from sharing.contributions import contribution_for
from sharing.models import Record
from sharing.posts import post_of, supervisors
from sharing.records import lock_record, register_record
from sharing.services.releasing import waits_for_release

CHECKS = {
    "kind": envelope.coded("item_kinds"),
    "title": envelope.title,
    "withheld": envelope.flag,
    "restrictions": envelope.several("restrictions"),
}


@dataclass(frozen=True)
class Place:
    """Where a new item goes: into which case, for which agency, and under which cover."""

    case: Case
    cover: Record
    direct: bool

    @property
    def contributed(self) -> bool:
        """Return whether another agency than the case's owner adds it."""
        return bool(self.cover.pk != self.case.pk)


@transaction.atomic
def add_item(
    actor: Actor,
    case_id: UUID,
    *,
    kind: str,
    title: str,
    role: str = "",
    fields: object = None,
    withheld: bool = False,
    sensitivity: int | str | None = None,
    restrictions: Sequence[str] = (),
    received: dict[str, Any] | None = None,
) -> Item:
    """Add an item to a case; a partner with leave to add adds it to its own contribution.

    It is held at least as closely as its case.  Raises NotVisible, NotAllowed and Invalid.
    """
    place = place_in(actor, case_id)
    post = post_of(actor)
    sent = {"kind": kind, "title": title, "withheld": withheld, "restrictions": restrictions}
    kept = envelope.clean(sent, CHECKS)
    item = Item(
        kind=kept["kind"],
        role=checked_role(kept["kind"], role),
        withheld=kept["withheld"] or not place.direct,
        fields=clean_fields(kept["kind"], fields or {}),
        received=received or {},
    )
    item.record = _register(actor, place, item, kept, held_at(place.case, sensitivity, post))
    item.save(force_insert=True)
    index(item)
    if item.kind == Item.Kind.EVENT:
        protect_again(place.case)
    _record(actor, place, item)
    return item


def place_in(actor: Actor, case_id: UUID) -> Place:
    """Return where *actor* may add to a case, with the cover locked."""
    case = known_case(actor, case_id)
    if case.record.owner_id != actor.agency_id:
        cover, direct = contribution_for(actor, case_id)
        return Place(case, cover, direct)
    return Place(case, lock_record(case.pk, "a case is locked before its items"), direct=True)


def checked_role(kind: str, role: object) -> str:
    """Return a role that an item of *kind* can have; blank for none."""
    known = [one["code"] for one in code_table("item_roles")["values"] if kind in one["kinds"]]
    if role in ("", None):
        return ""
    if role not in known:
        raise Invalid({"role": f"The role of a {kind} is one of {', '.join(known) or 'none'}."})
    return str(role)


def held_at(case: Case, wish: int | str | None, post: Membership) -> int:
    """Return how closely an item is held: as wished, and at least as its case."""
    if wish is None:
        return case.record.sensitivity
    return max(sensitivity_within(wish, post.ceiling), case.record.sensitivity)


def _register(
    actor: Actor, place: Place, item: Item, kept: dict[str, Any], sensitivity: int
) -> Record:
    standing = standing_of(item, kept["restrictions"], place.case)
    return register_record(
        actor,
        kind=Record.Kind.ITEM,
        title=kept["title"],
        category=place.cover.category,
        findability=place.case.record.findability,
        sensitivity=sensitivity,
        content=content_of_item(item),
        case=place.case.record,
        cover=None if item.withheld else place.cover,
        type=item.kind,
        label=next_label(place.case.pk, place.cover.owner_id, standing.label_stem),
        protected=standing.is_protected,
        restrictions=kept["restrictions"],
    )


def _record(actor: Actor, place: Place, item: Item) -> None:
    """Write the history of a new item; the case's owner is told of what it can read."""
    owner = place.case.record.owner_id
    told = place.contributed and not item.withheld
    tell = [Tell("record.contributed", owner)] if told else []
    if waits_for_release(item.record):
        tell.append(supervisors("record.protected_waiting", item.record.owner_id))
    record_event(
        actor,
        "item.added",
        item.record,
        tell=tell,
        records=[item.pk, place.case.pk],
        concerns=[item.record.owner_id, owner] if told else [item.record.owner_id],
        level=(Level.CONTRIBUTE if place.contributed else Level.MANAGE).code,
        item_kind=item.kind,
        withheld=item.withheld,
    )
