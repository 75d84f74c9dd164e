"""The form of an item: the fields of its kind that matter for matching and display."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from agencies.codetable import code_table, label
from agencies.forms import CodeField
from cases.fields.checks import moment_of
from cases.models import Item
from cases.wording import LINE, NARRATIVE, PARAGRAPH, TITLE

Kind = Item.Kind

SHOWN: Mapping[str, tuple[str, ...]] = {
    Kind.PERSON: (
        "given", "middle", "surname", "dob", "sex", "race", "height", "weight", "eyes", "hair",
        "aliases", "marks", "oln", "oln_state", "address", "phone", "cautions",
    ),
    Kind.ORGANIZATION: ("name", "aliases", "type", "address", "phone", "registration"),
    Kind.VEHICLE: (
        "plate", "plate_state", "vin", "make", "model", "year", "style", "color",
        "registered_owner",
    ),
    Kind.PLACE: ("address", "unit", "city", "state", "zip", "lat", "lon", "precision", "beat"),
    Kind.EVENT: ("from", "to", "offense", "outcome", "method_of_entry", "weapons", "actions"),
    Kind.PROPERTY: ("category", "status", "make", "model", "serial", "quantity", "value"),
    Kind.PHONE: ("number", "type", "carrier", "subscriber", "user", "imei", "legal_source"),
    Kind.ACCOUNT: ("platform", "handle", "account_id", "display_name", "email", "url"),
    Kind.DOCUMENT: ("number", "author", "dated", "text"),
    Kind.NOTE: ("text",),
}  # fmt: skip
"""Fields a person fills in, in this order; programs may send all of ``cases.fields``."""

GRADES = ("description", "source", "reliability", "credibility")
CODED = {
    "sex": "sexes",
    "race": "races",
    "precision": "place_precisions",
    "status": "property_statuses",
    "legal_source": "legal_sources",
    "reliability": "source_reliability",
    "credibility": "information_credibility",
}
LISTS = ("aliases", "marks", "cautions", "weapons", "actions")
MOMENTS = ("from", "to", "used_from", "used_to")
NUMBERS = ("lat", "lon", "quantity", "value")
LONG = {"text": NARRATIVE, "description": PARAGRAPH}
HINTS = {
    "dob": "YYYY-MM-DD",
    "dated": "YYYY-MM-DD",
    "from": "A day or a time, such as 2026-03-01T21:40",
    "to": "A day or a time",
    "plate_state": "Two letters",
    "reliability": "Of the source",
    "credibility": "Of the information itself; a separate grade",
} | dict.fromkeys(LISTS, "Several are separated by semicolons")
LABELS = {
    "dob": "Date of birth",
    "given": "Given name",
    "oln": "License number",
    "oln_state": "License state",
    "vin": "VIN",
    "zip": "ZIP",
    "lat": "Latitude",
    "lon": "Longitude",
    "imei": "IMEI",
    "url": "Address on the web",
    "marks": "Scars, marks, tattoos",
    "plate": "License plate",
    "plate_state": "Plate state",
    "account_id": "Account id",
    "email": "E-mail",
}
TITLED_BY: Mapping[str, tuple[str, ...]] = {
    Kind.PERSON: ("given", "middle", "surname"),
    Kind.ORGANIZATION: ("name",),
    Kind.VEHICLE: ("color", "year", "make", "model", "plate"),
    Kind.PLACE: ("address", "city"),
    Kind.PHONE: ("number",),
    Kind.ACCOUNT: ("platform", "handle"),
    Kind.PROPERTY: ("make", "model", "serial"),
    Kind.EVENT: ("offense", "from"),
}
"""Fields that make the title where none is given."""

PREFIX = "fields."


def field_label(name: str) -> str:
    """Return what screens call a field."""
    return LABELS.get(name, name.replace("_", " ").capitalize())


def form_field(kind: str, name: str) -> forms.Field:
    """Return the form field for one field of a kind."""
    words: dict[str, Any] = {
        "label": field_label(name),
        "required": False,
        "help_text": HINTS.get(name, ""),
    }
    table = "phone_types" if (kind, name) == (Kind.PHONE, "type") else CODED.get(name)
    if table:
        return CodeField(table, any_label="—", **words)
    if name in NUMBERS:
        return forms.FloatField(**words, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    if name in LONG:
        area = forms.Textarea(attrs={"rows": 8 if name == "text" else 3})
        return forms.CharField(max_length=LONG[name], widget=area, **words)
    return forms.CharField(max_length=500, **words)


class ItemForm(forms.Form):
    """What an item of one kind says; ``version`` is empty for a new one."""

    title = forms.CharField(
        label="Title",
        max_length=TITLE,
        required=False,
        help_text="Left empty, it is made from the fields below.",
    )
    role = forms.ChoiceField(label="Role in the case", required=False)
    withheld = forms.BooleanField(
        label="Hold back: nobody outside your agency gets it with the case", required=False
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        roles = [one for one in code_table("item_roles")["values"] if kind in one["kinds"]]
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((one["code"], _role_label(one)) for one in roles),
        ]
        for name in (*SHOWN[kind], *GRADES):
            self.fields[PREFIX + name] = form_field(kind, name)
        self.order_fields(["title", "role"])

    def clean(self) -> None:
        """Make a title where none was given."""
        parts = [
            str(self.cleaned_data.get(PREFIX + name) or "") for name in TITLED_BY.get(self.kind, ())
        ]
        made = " ".join(part for part in parts if part)
        self.cleaned_data["title"] = self.cleaned_data.get("title") or made[:TITLE]
        if not self.cleaned_data["title"]:
            self.add_error("title", "Give a title.")

    def said(self) -> dict[str, Any]:
        """Return the title, role and fields as the services take them; blank is null."""
        return {
            "title": self.cleaned_data["title"],
            "role": self.cleaned_data["role"],
            "withheld": self.cleaned_data["withheld"],
            "fields": {name: self._value(name) for name in (*SHOWN[self.kind], *GRADES)},
        }

    def _value(self, name: str) -> Any:
        value = self.cleaned_data[PREFIX + name]
        if name in LISTS:
            return [part.strip() for part in value.split(";") if part.strip()] or None
        return None if value == "" else value

    @property
    def body(self) -> list[Any]:
        """Return the fields of the kind, for the template."""
        return [self[PREFIX + name] for name in SHOWN[self.kind]]

    @property
    def grades(self) -> list[Any]:
        """Return the fields that every kind has, for the template."""
        return [self[PREFIX + name] for name in GRADES]


def initial_of(item: Item) -> dict[str, Any]:
    """Return what the form of an item starts with."""
    fields = {
        PREFIX + name: "; ".join(map(str, value)) if isinstance(value, list) else value
        for name, value in item.fields.items()
    }
    return fields | {
        "title": item.record.title,
        "role": item.role,
        "withheld": item.withheld,
        "version": item.record.version,
    }


def facts_of(shown: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what an item says as lines of label and words, in the order of its kind."""
    fields = shown["fields"] or {}
    kind = shown["kind"]
    order = {name: at for at, name in enumerate((*SHOWN.get(kind, ()), *GRADES))}
    names = sorted(fields, key=lambda name: (order.get(name, len(order)), name))
    return [
        (field_label(name), _in_words(kind, name, fields[name]))
        for name in names
        if name not in ("warnings", "text")
    ]


def _in_words(kind: str, name: str, value: Any) -> str:
    table = "phone_types" if (kind, name) == (Kind.PHONE, "type") else CODED.get(name)
    if table:
        return label(table, str(value))
    if isinstance(value, list):
        return "; ".join(map(str, value))
    if name in MOMENTS:
        return _moment_in_words(str(value))
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return str(value)[: LINE * 5]


def _moment_in_words(text: str) -> str:
    """Return a day, or a time in the zone in force."""
    moment = moment_of(text)
    if len(text) == len("2026-01-01"):
        return f"{moment.day} {moment:%b %Y}"
    local = timezone.localtime(moment)
    return f"{local.day} {local:%b %Y, %H:%M}"


def _role_label(role: Mapping[str, Any]) -> str:
    return f"{role['label']} (protected)" if role.get("protected") else str(role["label"])
