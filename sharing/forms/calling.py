"""Announcing a telephone call, and learning who calls."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from agencies.recipients import other_agencies


class CallForm(forms.Form):
    """Whom one is about to call, and about which request if about one."""

    agency_id = forms.ChoiceField(label="Agency")
    request_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, own: UUID | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["agency_id"].choices = [("", "Choose"), *other_agencies(own)]  # type: ignore[attr-defined]

    def clean_agency_id(self) -> UUID:
        """Return the agency's id."""
        return UUID(self.cleaned_data["agency_id"])


class CodeForm(forms.Form):
    """The code that a caller reads out."""

    code = forms.CharField(
        label="The code that the caller reads out",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
