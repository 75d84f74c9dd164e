"""Asking for a record, or as on the telephone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from agencies.forms import TEXT, UntilField
from agencies.recipients import other_agencies
from sharing.forms.terms import TermsForm


class AskForm(TermsForm):
    """An ask for a record that the asker knows of."""

    for_case = forms.CharField(
        label="For your case", max_length=80, help_text="Your own case number, as you write it."
    )
    on_behalf_of = forms.CharField(label="For someone else", max_length=120, required=False)
    needed_by = UntilField(label="Needed by", required=False)
    contact_phone = forms.CharField(
        label="Call you at", max_length=40, required=False, widget=forms.TextInput
    )


class AskByNumberForm(AskForm):
    """An ask as on the telephone: an agency, and a number or a description."""

    agency_id = forms.ChoiceField(label="Agency")
    own_number = forms.CharField(
        label="Their case number",
        max_length=80,
        required=False,
        help_text="As it was given to you; it is not looked up here. Their duty desk answers.",
    )
    description = forms.CharField(
        label="Or what you are looking for",
        max_length=TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ("agency_id", "own_number", "description")

    def __init__(self, *args: Any, own: UUID | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["agency_id"].choices = [("", "Choose"), *other_agencies(own)]  # type: ignore[attr-defined]

    def clean_agency_id(self) -> UUID:
        """Return the agency's id."""
        return UUID(self.cleaned_data["agency_id"])

    def clean(self) -> None:
        """Require a number or a description."""
        if not self.cleaned_data.get("own_number") and not self.cleaned_data.get("description"):
            self.add_error("own_number", "Give a number, or say what you are looking for.")
