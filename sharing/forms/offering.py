"""Proposing to share: a case, a waiting item, a category."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms

from agencies.forms import LINE, TEXT, CodeField
from agencies.recipients import (
    Choices,
    other_agencies,
    recipient_name,
    recipients,
    task_forces,
)
from sharing.forms.terms import GRANTABLE, ItemsForm, LevelField, TermsForm
from sharing.terms import Terms

NOBODY_CHOSEN = "Choose who gets it: an agency, a task force or one person."


class RecipientField(forms.ChoiceField):
    """Whom something is for: an agency, a task force or a person; cleaned to the roster's id."""

    def __init__(self, **options: Any) -> None:
        super().__init__(error_messages={"required": NOBODY_CHOSEN}, **options)
        self.own: UUID | None = None

    def offer(self, own: UUID | None, find: str, chosen: str) -> None:
        """Offer what *find* finds, and what is chosen already."""
        self.own = own
        groups = recipients(own, find)
        name = recipient_name(own, chosen) if chosen else None
        if name and not any(chosen == key for _, some in groups for key, _ in some):
            groups = [("Chosen", [(chosen, name)]), *groups]
        self.choices = [("", "Choose"), *groups]

    def valid_value(self, value: str) -> bool:
        """Return whether somebody can be given something now, found in this search or not."""
        return recipient_name(self.own, value) is not None

    def clean(self, value: Any) -> Any:
        """Return the id of the roster that is meant."""
        return UUID(super().clean(value))


class FindForm(forms.Form):
    """Words by which whom to share with is looked up."""

    find = forms.CharField(
        label="Find an agency, a task force or a person",
        required=False,
        max_length=LINE,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class RecipientForm(FindForm):
    """Whom to share with, chosen among those that *find* finds; all, without people, for none."""

    who = RecipientField(label="With")

    def __init__(self, *args: Any, own: UUID | None, **options: Any) -> None:
        super().__init__(*args, **options)
        find = str(self["find"].value() or "")[:LINE]
        field = self.fields["who"]
        if isinstance(field, RecipientField):
            chosen = str(self["who"].value() or "")
            field.offer(own, find if find.isprintable() else "", chosen)


class OfferForm(RecipientForm, ItemsForm, TermsForm):
    """A proposal to share a case with an agency, a task force or one person."""

    unmask = forms.BooleanField(label="Give the names of protected people", required=False)
    export = forms.BooleanField(label="They may export it", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["level"].label = "They will get"
        self.fields["later"].label = "Items we add later"
        self.fields["purpose"].label = "Their use"

    def terms(self) -> Terms:
        """Return the terms as the services take them."""
        return replace(super().terms(), items=self.chosen())


class ReleaseForm(forms.Form):
    """One protected item, for who holds its case."""

    item_id = forms.ChoiceField(label="Item", widget=forms.RadioSelect)
    unmask = forms.BooleanField(label="With the name", required=False)
    reason = forms.CharField(
        label="Why",
        max_length=TEXT,
        initial="Added after the case was released",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, items: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["item_id"].choices = items  # type: ignore[attr-defined]


class StandingForm(TermsForm):
    """A proposal to open every listed case of a category while an agreement lasts."""

    who = forms.ChoiceField(label="To")
    category = CodeField("categories", any_label="Choose", label="Which cases")
    level = LevelField(
        "levels",
        only=GRANTABLE[:3],
        explained=True,
        label="How much",
        initial="view",
        widget=forms.RadioSelect,
    )
    field_order = ("who", "category", "level", "until", "purpose", "reason")

    def __init__(self, *args: Any, own: UUID | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["who"].choices = [("", "Choose"), *other_agencies(own), *task_forces()]  # type: ignore[attr-defined]
