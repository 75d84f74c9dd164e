"""Proposing to share: a case, a waiting item, a category."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from agencies.forms import TEXT, CodeField
from agencies.recipients import Choices, other_agencies, roster_for, task_forces
from agencies.refusals import Invalid
from sharing.forms.terms import GRANTABLE, ItemsForm, LevelField, TermsForm
from sharing.terms import Terms


class OfferForm(ItemsForm, TermsForm):
    """A proposal to share a case with an agency, a task force or one person."""

    who = forms.ChoiceField(label="With", required=False)
    email = forms.EmailField(label="Or one person there, by e-mail", required=False, max_length=254)
    unmask = forms.BooleanField(label="Give the names of protected people", required=False)
    export = forms.BooleanField(label="They may export it", required=False)
    field_order = (
        "who",
        "email",
        "level",
        "which",
        "items",
        "later",
        "unmask",
        "export",
        "until",
        "purpose",
        "reason",
    )

    def __init__(self, *args: Any, own: UUID | None, **options: Any) -> None:
        super().__init__(*args, **options)
        groups: list[Any] = [("", "Choose"), ("Agencies", other_agencies(own))]
        forces = task_forces()
        groups += [("Task forces", forces)] if forces else []
        self.fields["who"].choices = groups  # type: ignore[attr-defined]

    def clean(self) -> None:
        """Find the roster that is meant."""
        super().clean()
        try:
            self.cleaned_data["roster_id"] = roster_for(
                who=self.cleaned_data.get("who", ""), email=self.cleaned_data.get("email", "")
            )
        except Invalid as refusal:
            for name, errors in refusal.errors.items():
                self.add_error(name, errors)

    def terms(self) -> Terms:
        """Return the terms as the services take them."""
        self.cleaned_data["items"] = self.chosen()
        return super().terms()


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
