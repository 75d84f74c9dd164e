"""Cases and their items as the interface shows them; what a level hides is null."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers

from agencies.actors import Actor
from agencies.codes import Level, Sensitivity
from cases.models import Case, Item
from cases.presentation import allowed_on_case, allowed_on_item, shown_case, shown_item
from portal.api.shapes.parties import AgencyName
from portal.api.shapes.rows import Row, capped_count, page_of
from portal.api.strict import Code

LEVELS = [level.code for level in Level]
SENSITIVITIES = [one.code for one in Sensitivity]
OWNED = ["read", "edit", "add_item", "share", "revoke"]


class CaseRow(Row):
    """A case, as far as your level shows it: at `pointer` only whose it is and whom to call."""

    number = serializers.CharField(help_text="Our number; random within agency and year.")
    owner = AgencyName(help_text="The agency answerable for it.")
    contact = serializers.CharField(
        allow_blank=True, help_text="Whom to call: the owner's duty desk."
    )
    received = serializers.BooleanField(help_text="Whether another agency owns it.")
    level = serializers.ChoiceField(LEVELS, help_text="How much of it you have.")
    own_number = serializers.CharField(
        allow_null=True, allow_blank=True, help_text="The owner's own number; at full level."
    )
    title = serializers.CharField(allow_null=True, help_text="What it is called.")
    summary = serializers.CharField(
        allow_null=True, allow_blank=True, help_text="What it is about; at full level."
    )
    type = Code("case_types", allow_null=True, help_text="What happened.")
    status = Code("case_statuses", allow_null=True, help_text="Where the case stands.")
    disposition = serializers.CharField(
        allow_null=True,
        allow_blank=True,
        help_text="How it ended, of `dispositions`; blank before.",
    )
    sensitivity = serializers.ChoiceField(
        SENSITIVITIES, allow_null=True, help_text="How closely it is held."
    )
    handling = serializers.ListField(
        child=serializers.CharField(), allow_null=True, help_text="Handling marks."
    )
    category = Code("categories", allow_null=True, help_text="Its data category.")
    findability = Code(
        "findabilities", allow_null=True, help_text="What others learn who may not read it."
    )
    opened_on = serializers.DateField(allow_null=True, help_text="The day it was opened.")
    touched_at = serializers.DateTimeField(allow_null=True, help_text="When it last changed.")
    also: ClassVar = {
        "class": Code("case_classes", allow_null=True, help_text="What sort of case it is.")
    }


class ItemRow(Row):
    """An item of a case; a masked one has a generated title and no fields."""

    case = serializers.UUIDField(help_text="The case it is in.")
    owner = AgencyName(help_text="The agency answerable for it.")
    originator = AgencyName(help_text="The agency that first collected it.")
    level = serializers.ChoiceField(LEVELS, help_text="How much of it you have.")
    kind = Code("item_kinds", allow_null=True, help_text="What it is.")
    title = serializers.CharField(
        allow_null=True, help_text='What it is called, or a label like "Victim 1".'
    )
    role = serializers.CharField(
        allow_null=True, allow_blank=True, help_text="Its role, of `item_roles`; null where masked."
    )
    fields = serializers.DictField(  # type: ignore[assignment]
        allow_null=True, help_text="The fields of its kind; null where masked."
    )
    protected = serializers.BooleanField(
        allow_null=True, help_text="Whether identities are masked for others."
    )
    masked = serializers.BooleanField(help_text="Whether it is masked for you.")
    withheld = serializers.BooleanField(
        allow_null=True, help_text="Whether its owner holds it back; null in what is received."
    )
    sensitivity = serializers.ChoiceField(
        SENSITIVITIES, allow_null=True, help_text="How closely it is held."
    )
    covered_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when the shares of its case reach it."
    )
    touched_at = serializers.DateTimeField(allow_null=True, help_text="When it last changed.")


CasePage = page_of(CaseRow, **capped_count())
ItemPage = page_of(ItemRow)

CASE = {
    "id": "0a1f5b7e-3a55-4a9c-8f0e-0d0b7ad8c0d1",
    "number": "ALPHA-2026-48213",
    "owner": {"short_name": "alpha", "name": "Alpha City Police"},
    "contact": "+1 555 0100",
    "received": False,
    "level": "manage",
    "own_number": "24-1832",
    "class": "investigation",
    "title": "Garage burglaries, north side",
    "summary": "Four entries with the same pry marks.",
    "type": "burglary",
    "status": "open",
    "disposition": "",
    "sensitivity": "sensitive",
    "handling": ["les"],
    "category": "investigation",
    "findability": "contact_only",
    "opened_on": "2026-03-01",
    "touched_at": "2026-03-02T08:15:00Z",
    "version": 3,
    "allowed_actions": OWNED,
}
ITEM = {
    "id": "9d2c1c55-98a4-4b43-92bb-8d6a7f8a2f10",
    "case": CASE["id"],
    "owner": {"short_name": "alpha", "name": "Alpha City Police"},
    "originator": {"short_name": "alpha", "name": "Alpha City Police"},
    "level": "view",
    "kind": "person",
    "title": "Victim 1",
    "role": None,
    "fields": None,
    "protected": True,
    "masked": True,
    "withheld": None,
    "sensitivity": "sensitive",
    "covered_at": "2026-03-02T08:15:00Z",
    "touched_at": "2026-03-02T08:15:00Z",
    "version": 1,
    "allowed_actions": ["ask"],
}


def case_row(actor: Actor, case: Case) -> dict[str, Any]:
    """Return a case as *actor* may see it, with what they may do about it."""
    return {**shown_case(case), "allowed_actions": allowed_on_case(actor, case)}


def item_row(actor: Actor, item: Item) -> dict[str, Any]:
    """Return an item as *actor* may see it, with what they may do about it."""
    return {**shown_item(item), "allowed_actions": allowed_on_item(actor, item)}
