"""The fields of each kind of item as forms ask for them: which at once, which folded, in what way.

Programs may send all of ``cases.fields``; what no form shows here, no form changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from agencies.codetable import code_table
from agencies.forms import CodeField, DayInput
from cases.inputs import MomentField, SuggestedInput
from cases.models import Item
from cases.wording import NARRATIVE, PARAGRAPH

Kind = Item.Kind

QUICK: Mapping[str, tuple[str, ...]] = {
    Kind.PERSON: ("surname", "given", "dob", "sex", "address", "phone"),
    Kind.ORGANIZATION: ("name", "type", "address", "phone"),
    Kind.VEHICLE: ("plate", "plate_state", "make", "model", "color", "vin"),
    Kind.PLACE: ("address", "city", "state", "precision", "location_type"),
    Kind.EVENT: ("from", "to", "time_precision", "offense", "method_of_entry"),
    Kind.PROPERTY: ("category", "make", "model", "serial", "status", "value"),
    Kind.PHONE: ("number", "type", "user", "subscriber", "legal_source"),
    Kind.ACCOUNT: ("platform", "handle", "display_name", "email", "legal_source"),
    Kind.DOCUMENT: ("number", "author", "dated", "text"),
    Kind.NOTE: ("text",),
}
"""What a form asks at once, beside the role: about six fields."""

MORE: Mapping[str, tuple[str, ...]] = {
    Kind.PERSON: (
        "middle", "suffix", "aliases", "age_from", "age_to", "race", "ethnicity", "height",
        "weight", "eyes", "hair", "facial_hair", "build", "marks", "cautions", "oln", "oln_state",
        "sid", "ucn", "language", "identified_how", "deceased",
    ),
    Kind.ORGANIZATION: ("aliases", "url", "registration"),
    Kind.VEHICLE: (
        "year", "style", "color_second", "plate_year", "plate_type", "plate_seen", "damage",
        "registered_owner",
    ),
    Kind.PLACE: ("unit", "zip", "lat", "lon", "beat", "address_protected"),
    Kind.EVENT: (
        "actions", "location_type", "premises_entered", "weapons", "bias", "call", "outcome",
    ),
    Kind.PROPERTY: (
        "type", "caliber", "owner_number", "quantity", "unit", "value_basis", "owner", "nic",
        "pawn_ticket",
    ),
    Kind.PHONE: ("extension", "carrier", "imei", "imsi", "used_from", "used_to"),
    Kind.ACCOUNT: ("account_id", "url", "used_from", "used_to"),
    Kind.DOCUMENT: ("url",),
    Kind.NOTE: (),
}  # fmt: skip
"""What a form keeps folded."""

GRADES = ("description", "source", "collected_on", "reliability", "credibility", "not_criminal")
"""What every kind has: where it comes from, and how good it is."""

SHOWN: Mapping[str, tuple[str, ...]] = {kind: QUICK[kind] + MORE[kind] for kind in Kind}
"""Fields of a kind in the order of its form."""

CODED = {
    "sex": "sexes",
    "race": "races",
    "ethnicity": "ethnicities",
    "identified_how": "identified_how",
    "precision": "place_precisions",
    "time_precision": "time_precisions",
    "status": "property_statuses",
    "legal_source": "legal_sources",
    "reliability": "source_reliability",
    "credibility": "information_credibility",
    (Kind.PHONE, "type"): "phone_types",
}
"""Fields that hold a code of a table."""

SUGGESTED = {
    "eyes": "eye_colors",
    "hair": "hair_colors",
    "color": "vehicle_colors",
    "color_second": "vehicle_colors",
    "style": "vehicle_styles",
    "location_type": "location_types",
    "method_of_entry": "entry_methods",
    "category": "property_categories",
}
"""Fields that hold words, with those of a table offered while one types."""

OFFERED = {"actions": "mo_actions", "weapons": "weapons", "cautions": "cautions"}
"""Lists of words of which the usual ones are ticked and others typed."""

STATES = ("state", "plate_state", "oln_state")
LISTS = ("aliases", "marks", *OFFERED)
MOMENTS = ("from", "to", "used_from", "used_to")
DAYS = ("dob", "dated", "collected_on")
NUMBERS = ("lat", "lon", "quantity", "value")
FLAGS = ("deceased", "address_protected", "not_criminal")
LONG = {"text": NARRATIVE, "description": PARAGRAPH}
HINTS = {
    "plate": "* or ? for what was not seen",
    "vin": "17 characters, fewer before 1981; its check digit is checked",
    "serial": "As engraved; compared without spaces and dashes",
    "reliability": "Of the source",
    "credibility": "Of the information itself; a separate grade",
    "not_criminal": "Named here, and suspected of nothing",
    "address_protected": "A confidential address: partners never get it with the case",
    "aliases": "Several are separated by semicolons",
    "marks": "Several are separated by semicolons",
    "age_from": "Where the date of birth is not known",
    "premises_entered": "Rooms or units, at a hotel or a storage",
    (Kind.PHONE, "number"): "With + and country, or ten digits; kept in E.164",
    (Kind.EVENT, "from"): "The earliest it can have happened; the time may stay empty",
    (Kind.EVENT, "to"): "The latest",
}
LABELS = {
    "dob": "Date of birth",
    "age_from": "Age from",
    "age_to": "Age to",
    "given": "Given name",
    "oln": "License number",
    "oln_state": "License state",
    "sid": "State identification number",
    "ucn": "FBI number (UCN)",
    "vin": "VIN",
    "zip": "ZIP",
    "lat": "Latitude",
    "lon": "Longitude",
    "imei": "IMEI",
    "imsi": "IMSI",
    "nic": "NCIC number",
    "url": "Address on the web",
    "marks": "Scars, marks, tattoos",
    "cautions": "Caution",
    "plate": "License plate",
    "plate_state": "Plate state",
    "color_second": "Second color",
    "account_id": "Account id",
    "email": "E-mail",
    "actions": "What they did (MO)",
    "time_precision": "Time known to the",
    "precision": "Place known to the",
    "owner_number": "Owner-applied number",
    "not_criminal": "Not suspected of anything",
    "address_protected": "Keep this address confidential",
    "collected_on": "Collected on",
}


def of_kind(table: Mapping[Any, str], kind: str, name: str) -> str:
    """Return what *table* says of a field, for this kind before all kinds; blank for nothing."""
    return table.get((kind, name)) or table.get(name, "")


def field_label(name: str) -> str:
    """Return what screens call a field."""
    return LABELS.get(name, name.replace("_", " ").capitalize())


def labels_of(table: str) -> list[str]:
    """Return the words of a table's values."""
    return [one["label"] for one in code_table(table)["values"]]


def form_fields(kind: str, name: str) -> dict[str, forms.Field]:
    """Return the form fields for one field of a kind, by name; a list of words has two."""
    if name not in OFFERED:
        return {name: _form_field(kind, name)}
    words = [(one, one) for one in labels_of(OFFERED[name])]
    ticked = forms.MultipleChoiceField(
        label=field_label(name),
        required=False,
        choices=words,
        widget=forms.CheckboxSelectMultiple,
    )
    others = forms.CharField(
        label=f"{field_label(name)}: others",
        required=False,
        max_length=2_000,
        help_text="Several are separated by semicolons",
    )
    return {name: ticked, f"{name}.others": others}


def _form_field(kind: str, name: str) -> forms.Field:
    words: dict[str, Any] = {
        "label": field_label(name),
        "required": False,
        "help_text": of_kind(HINTS, kind, name),
    }
    table = of_kind(CODED, kind, name)
    if table:
        return CodeField(table, any_label="—", **words)
    if name in FLAGS:
        return forms.ChoiceField(choices=[("", "—"), ("yes", "Yes"), ("no", "No")], **words)
    if name in NUMBERS:
        return forms.FloatField(**words, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    if name in MOMENTS:
        return MomentField(**words)
    return forms.CharField(max_length=LONG.get(name, 500), widget=_widget(name), **words)


def _widget(name: str) -> forms.Widget:
    if name in LONG:
        return forms.Textarea(attrs={"rows": 8 if name == "text" else 3})
    if name in DAYS:
        return DayInput()
    if name in STATES:
        values = code_table("states")["values"]
        return SuggestedInput([(one["code"], one["label"]) for one in values])
    if name in SUGGESTED:
        return SuggestedInput([(one, "") for one in labels_of(SUGGESTED[name])])
    return forms.TextInput(attrs={"autocomplete": "off"})
