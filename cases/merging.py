"""Two people at one form: what each changed since it was opened, joined where they do not clash.

Everything is compared as the form shows it, so that what looks the same is the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms import BoundField

from cases.inputs import MomentInput

CHOICE = "keep."
"""Before the name of a field: whose words to keep where both changed it."""

VERSION = "version"


@dataclass(frozen=True)
class Clash:
    """A field that both changed: as it was opened, as they saved it, as it was typed."""

    name: str
    label: str
    opened: str
    theirs: str
    mine: str


@dataclass
class Merged:
    """What joining came to: fields both changed, and those taken over from them."""

    clashes: list[Clash] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)


def take_choices(form: Any) -> None:
    """Put what is saved now into each field for which the sender chose it."""
    form.data = form.data.copy()
    for bound in fields_of(form):
        if form.data.get(CHOICE + bound.name) == "theirs":
            put(form, bound.name, form.initial.get(bound.name))


def merge(form: Any, opened: Mapping[str, Any] | None) -> Merged:
    """Join what was sent with what is saved now, which the form has as its initial values.

    *opened* is what the sender began with, None where nobody knows.  Afterwards the form goes on
    from the saved version.
    """
    merged = Merged()
    form.data = form.data.copy()
    for bound in fields_of(form):
        mine, theirs = shown(bound, bound.value()), shown(bound, form.initial.get(bound.name))
        began = None if opened is None else shown(bound, opened.get(bound.name))
        if theirs in {mine, began}:
            continue
        if not was_sent(form, bound) or mine == began:
            put(form, bound.name, form.initial.get(bound.name))
            merged.taken.append(str(bound.label))
        else:
            merged.clashes.append(_clash(bound, opened, form.initial))
    form.data[VERSION] = str(form.initial[VERSION])
    return merged


def changed_names(form: Any) -> set[str]:
    """Return the fields whose words differ from what is saved."""
    return {
        bound.name
        for bound in fields_of(form)
        if was_sent(form, bound)
        and shown(bound, bound.value()) != shown(bound, form.initial.get(bound.name))
    }


def fields_of(form: forms.Form) -> Iterator[BoundField]:
    """Yield the fields that a person fills in."""
    return (bound for bound in form if bound.name != VERSION)


def was_sent(form: Any, bound: BoundField) -> bool:
    """Return whether what was sent came from a form with this field.

    Boxes of which none is ticked send nothing: those in a list are known by what is beside them.
    """
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return bound.name in form.data or f"{bound.name}.others" in form.data
    return not widget.value_omitted_from_data(form.data, form.files, bound.name)


def shown(bound: BoundField, value: Any) -> str:
    """Return a value of a field as one text, in one spelling of blanks."""
    value = bound.field.prepare_value(value)
    if value is None or value is False:
        return ""
    if isinstance(value, list | tuple):
        return "; ".join(sorted(map(str, value)))
    return "yes" if value is True else str(value).replace("\r\n", "\n").strip()


def put(form: Any, name: str, value: Any) -> None:
    """Put *value* into what was sent, as the field's input would have sent it."""
    field_ = form.fields[name]
    value = field_.prepare_value(value)
    if isinstance(field_.widget, MomentInput):
        for part in ("_day", "_time"):
            form.data.pop(name + part, None)
    if isinstance(value, list):
        form.data.setlist(name, value)
    elif isinstance(field_.widget, forms.CheckboxInput) and not value:
        form.data.pop(name, None)
    else:
        form.data[name] = "" if value is None else str(value)


def _clash(bound: BoundField, opened: Mapping[str, Any] | None, saved: Mapping[str, Any]) -> Clash:
    return Clash(
        name=bound.name,
        label=str(bound.label),
        opened="" if opened is None else _in_words(bound, opened.get(bound.name)),
        theirs=_in_words(bound, saved.get(bound.name)),
        mine=_in_words(bound, bound.value()),
    )


def _in_words(bound: BoundField, value: Any) -> str:
    """Return a value as a person reads it: a choice by its label."""
    text = shown(bound, value)
    choices = getattr(bound.field, "choices", None)
    if choices is None or isinstance(value, list):
        return text or "—"
    labels = {str(code): str(words) for code, words in choices}
    return labels.get(text, text) or "—"
