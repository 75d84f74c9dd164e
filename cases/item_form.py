"""The form of an item, made for its kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from agencies.codetable import code_table
from cases.item_fields import (
    FLAGS,
    GRADES,
    LISTS,
    MOMENTS,
    MORE,
    OFFERED,
    QUICK,
    SHOWN,
    form_fields,
    labels_of,
)
from cases.item_words import moment_in_words
from cases.merging import changed_names
from cases.models import Item
from cases.wording import TITLE

Kind = Item.Kind

TITLED_BY: Mapping[str, tuple[str, ...]] = {
    Kind.PERSON: ("given", "middle", "surname"),
    Kind.ORGANIZATION: ("name",),
    Kind.VEHICLE: ("color", "year", "make", "model", "plate"),
    Kind.PLACE: ("address", "city"),
    Kind.PHONE: ("number",),
    Kind.ACCOUNT: ("platform", "handle"),
    Kind.PROPERTY: ("make", "model", "serial"),
    Kind.EVENT: ("offense", "from"),
    Kind.DOCUMENT: ("number", "author"),
}
"""Fields that make the title where none is given; else the first words of the text do."""

FIRST_WORDS = 80
PREFIX = "fields."
OTHERS = ".others"


class ItemForm(forms.Form):
    """What an item of one kind says; ``version`` is empty for a new one."""

    title = forms.CharField(
        label="Title",
        max_length=TITLE,
        required=False,
        help_text="Left empty, it is made from the fields.",
    )
    role = forms.ChoiceField(
        label="Role in the case",
        required=False,
        help_text="A protected role hides who it is from other agencies.",
    )
    withheld = forms.BooleanField(
        label="Hold back: nobody outside your agency gets it with the case", required=False
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        self._offer_roles()
        for name in (*SHOWN[kind], *GRADES):
            for key, field in form_fields(kind, name).items():
                self.fields[PREFIX + key] = field

    def _offer_roles(self) -> None:
        roles = [one for one in code_table("item_roles")["values"] if self.kind in one["kinds"]]
        role = self.fields["role"]
        role.choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((one["code"], _role_label(one, self.kind)) for one in roles),
        ]
        if not any(_protects(one, self.kind) for one in roles):
            role.help_text = ""

    def clean(self) -> None:
        """Make a title where none was given, and again where the one there was made."""
        values, before = self.cleaned_data, self.initial.get("title", "")
        if values.get("title") == before and before == made_title(self.kind, self.initial):
            values["title"] = ""
        values["title"] = values.get("title") or made_title(self.kind, values)
        if not values["title"]:
            self.add_error("title", "Give a title, or what makes one.")

    def changes(self) -> dict[str, Any]:
        """Return what differs from what is saved, as the service takes it."""
        names = changed_names(self)
        said = self.said()
        changes: dict[str, Any] = {
            name: said[name] for name in ("role", "withheld") if name in names
        }
        if said["title"] != self.initial["title"]:
            changes["title"] = said["title"]
        fields = {
            name: value
            for name, value in said["fields"].items()
            if {PREFIX + key for key in _keys(name)} & names
        }
        return changes | ({"fields": fields} if fields else {})

    def said(self) -> dict[str, Any]:
        """Return title, role, withheld and fields as the services take them; blank is null."""
        names = [name for name in (*SHOWN[self.kind], *GRADES) if self._was_asked(name)]
        said = {name: self.cleaned_data[name] for name in ("title", "role", "withheld")}
        return said | {"fields": {name: self._value(name) for name in names}}

    def _was_asked(self, name: str) -> bool:
        """Return whether what was sent came from a form that showed this field."""
        asked = PREFIX + name + (OTHERS if name in OFFERED else "")
        widget = self.fields[asked].widget
        return not widget.value_omitted_from_data(self.data, self.files, asked)

    def _value(self, name: str) -> Any:
        value = self.cleaned_data[PREFIX + name]
        if name in OFFERED:
            others = self.cleaned_data[PREFIX + name + OTHERS]
            return [*value, *_parts(others)] or None
        if name in LISTS:
            return _parts(value) or None
        if name in FLAGS:
            return {"yes": True, "no": False}.get(value)
        return None if value == "" else value

    @property
    def quick(self) -> list[Any]:
        """Return the fields asked at once."""
        return self._bound(QUICK[self.kind])

    @property
    def more(self) -> list[Any]:
        """Return the fields of the kind that are folded."""
        return self._bound(MORE[self.kind])

    @property
    def grades(self) -> list[Any]:
        """Return the fields that every kind has."""
        return self._bound(GRADES)

    @property
    def says_more(self) -> bool:
        """Return whether a folded field holds something or is wrong, so that it is shown."""
        return any(field.value() or field.errors for field in self.more)

    @property
    def is_graded(self) -> bool:
        """Return whether a field of source and quality holds something or is wrong."""
        return any(field.value() or field.errors for field in self.grades)

    def _bound(self, names: Iterable[str]) -> list[Any]:
        keys = [key for name in names for key in _keys(name)]
        return [self[PREFIX + key] for key in keys]


def made_title(kind: str, values: Mapping[str, Any]) -> str:
    """Return the title that the fields of a form make, else the first words of its text."""
    parts = [
        _part_of_title(name, str(values.get(PREFIX + name) or ""))
        for name in TITLED_BY.get(kind, ())
    ]
    text = " ".join(str(values.get(f"{PREFIX}text") or "").split())
    return (" ".join(part for part in parts if part) or _first_words(text))[:TITLE]


def _part_of_title(name: str, text: str) -> str:
    if name not in MOMENTS or not text:
        return text
    try:
        return moment_in_words(text)
    except ValueError:
        return ""


def initial_of(fields: Mapping[str, Any], **envelope: Any) -> dict[str, Any]:
    """Return what the form of an item starts with, from what it says and its envelope."""
    initial: dict[str, Any] = {}
    for name, value in fields.items():
        if name in OFFERED:
            known = labels_of(OFFERED[name])
            initial[PREFIX + name] = [one for one in value if one in known]
            initial[PREFIX + name + OTHERS] = _joined(one for one in value if one not in known)
        elif isinstance(value, list):
            initial[PREFIX + name] = _joined(value)
        elif isinstance(value, bool):
            initial[PREFIX + name] = "yes" if value else "no"
        else:
            initial[PREFIX + name] = value
    return initial | envelope


def _keys(name: str) -> tuple[str, ...]:
    return (name, name + OTHERS) if name in OFFERED else (name,)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _joined(parts: Iterable[Any]) -> str:
    return "; ".join(map(str, parts))


def _first_words(text: str) -> str:
    """Return the beginning of *text*, cut between words."""
    if len(text) <= FIRST_WORDS:
        return text
    return text[:FIRST_WORDS].rpartition(" ")[0] or text[:FIRST_WORDS]


def _protects(role: Mapping[str, Any], kind: str) -> bool:
    return bool(role.get("protected")) and kind in role.get("protected_kinds", role["kinds"])


def _role_label(role: Mapping[str, Any], kind: str) -> str:
    return f"{role['label']} (protected)" if _protects(role, kind) else str(role["label"])
