"""Asking for a record, or as on the telephone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from agencies.forms import TEXT, UntilField
from agencies.recipients import other_agencies
from sharing.forms.terms import TermsForm
from sharing.models import ShareRequest

MANY = 15
"""Agencies from which on they are looked for by name first."""


class AskForm(TermsForm):
    """An ask for a record that the asker knows of."""

    for_case = forms.CharField(
        label="For your case",
        max_length=80,
        help_text="One of your open cases, or your own number: that stands as you type it.",
        widget=forms.TextInput(attrs={"list": "own-cases", "autocomplete": "off"}),
    )
    priority = forms.ChoiceField(
        label="How soon",
        choices=ShareRequest.Priority.choices,
        initial=ShareRequest.Priority.ROUTINE,
        required=False,
        widget=forms.RadioSelect,
    )
    on_behalf_of = forms.CharField(label="For someone else", max_length=120, required=False)
    needed_by = UntilField(label="Needed by", required=False)
    contact_phone = forms.CharField(
        label="Call you at", max_length=40, required=False, widget=forms.TextInput
    )

    def clean_priority(self) -> str:
        """Return the priority, routine where none is said."""
        return self.cleaned_data["priority"] or ShareRequest.Priority.ROUTINE


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

    def __init__(self, *args: Any, own: UUID | None, find: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        agencies = other_agencies(own)
        self.many = len(agencies) > MANY
        words = find.lower().split()
        found = [one for one in agencies if all(word in one[1].lower() for word in words)]
        self.found = len(found) if words else None
        self.fields["agency_id"].choices = [("", "Choose"), *(found or agencies)]  # type: ignore[attr-defined]

    def clean_agency_id(self) -> UUID:
        """Return the agency's id."""
        return UUID(self.cleaned_data["agency_id"])

    def clean(self) -> None:
        """Require a number or a description."""
        if not self.cleaned_data.get("own_number") and not self.cleaned_data.get("description"):
            self.add_error("own_number", "Give a number, or say what you are looking for.")
