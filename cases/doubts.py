"""What to ask back about before saving: a name that should stay hidden, a VIN that cannot be."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from agencies.actors import Actor
from agencies.codetable import coded
from agencies.refusals import Invalid
from cases.exposure import Texts, exposures
from cases.fields import clean_fields
from cases.forms import CaseForm
from cases.item_form import ItemForm
from cases.merging import changed_names, fields_of
from cases.models import Item

HEADINGS = ("title",)
NO_WORDS = ("role", "withheld")
VIN = "The check digit of this VIN does not fit: a character is likely wrong."


def doubts_of_case(actor: Actor, case_id: UUID, form: CaseForm) -> list[str]:
    """Return whom the title or the summary of a case would name to other agencies."""
    changed = changed_names(form)
    texts = Texts(
        titles=_said(form, changed & {"title"}),
        body=_said(form, changed & {"summary", "own_number"}),
    )
    return [str(one) for one in exposures(actor, case_id, texts)]


def doubts_of_item(
    actor: Actor, case_id: UUID, form: ItemForm, *, item: Item | None = None
) -> list[str]:
    """Return whom an item would name to other agencies, and what in it cannot be right."""
    changed = changed_names(form)
    values = form.cleaned_data
    texts = Texts(
        titles={"Title": values["title"]} if values["title"] != form.initial.get("title") else {},
        body=_said(form, changed - {*HEADINGS, *NO_WORDS}),
        item=item,
        masked=_masked(form, item),
        withheld=values["withheld"],
    )
    return [*_numbers(form, changed), *(str(one) for one in exposures(actor, case_id, texts))]


def _said(form: Any, names: Iterable[str]) -> dict[str, str]:
    """Return the words of these fields under their labels."""
    wanted = set(names)
    return {
        str(bound.label): str(form.cleaned_data[bound.name] or "")
        for bound in fields_of(form)
        if bound.name in wanted
    }


def _masked(form: ItemForm, item: Item | None) -> bool:
    """Return whether the item is one whose identity other agencies do not get with the case."""
    role = form.cleaned_data["role"]
    if item is not None and item.record.protected:
        return True
    if not role:
        return False
    known = coded("item_roles", role)
    return bool(known["protected"]) and form.kind in known.get("protected_kinds", known["kinds"])


def _numbers(form: ItemForm, changed: set[str]) -> list[str]:
    """Return the doubt about a VIN, where it was typed just now."""
    vin, year = (form.cleaned_data.get(f"fields.{name}") for name in ("vin", "year"))
    if not vin or "fields.vin" not in changed:
        return []
    try:
        kept = clean_fields(form.kind, {"vin": vin, "year": year or None})
    except Invalid:
        return []
    return [VIN] if "vin_check_digit" in kept.get("warnings", ()) else []
