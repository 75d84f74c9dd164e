"""What identifies cases and items to one reader: numbers, plates and names as they are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from agencies.actors import Actor
from agencies.codes import Level
from cases.finding import KEYS, names_of_item
from cases.models import Case, Item
from cases.presentation import level_of, shows_identity
from sharing.actions import Action
from sharing.normalize import normalize_number, normalize_phone, normalize_plate
from sharing.search.matching import Known

CALLED = {
    "vin": "VIN",
    "plate": "plate",
    "number": "number",
    "phone": "phone",
    "serial": "serial number",
    "owner_number": "owner-applied number",
    "imei": "IMEI",
    "imsi": "IMSI",
    "oln": "driver license",
    "sid": "state identification number",
    "ucn": "universal control number",
    "handle": "account name",
    "account_id": "account",
    "email": "e-mail address",
    "registration": "registration",
}
"""What screens call the fields by which something is found."""


def known(actor: Actor, records: Iterable[UUID]) -> dict[UUID, Known]:
    """Return what identifies those of *records* of which *actor* may see it."""
    wanted = list(records)
    if not wanted:
        return {}
    cases = Case.objects.select_related("record", "record__owner").among(actor, Action.LIST, wanted)
    items = Item.objects.select_related("record").among(actor, Action.READ, wanted)
    return {
        **{case.pk: Known(dict(_of_case(case))) for case in cases},
        **{
            item.pk: Known(dict(_of_item(item)), (*names_of_item(item), item.record.title))
            for item in items
            if shows_identity(item)
        },
    }


def _of_case(case: Case) -> Iterator[tuple[str, tuple[str, str]]]:
    yield normalize_number(case.number), ("case number", case.number)
    if level_of(case) >= Level.VIEW and case.own_number:
        owner = case.record.owner.name
        yield case.own_number_key, (f"number of {owner}", case.own_number)


def _of_item(item: Item) -> Iterator[tuple[str, tuple[str, str]]]:
    for name, normalize in KEYS.items():
        value = item.fields.get(name)
        if isinstance(value, str):
            is_phone = item.kind == Item.Kind.PHONE and name == "number"
            what = "phone" if is_phone else CALLED[name]
            yield (normalize_phone(value) if is_phone else normalize(value)), (what, value)
    number, state = item.fields.get("plate"), item.fields.get("plate_state")
    if number and state:
        yield normalize_plate(f"{state}{number}"), (CALLED["plate"], f"{state} {number}")
