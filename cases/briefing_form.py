"""The form of a briefing copy: for whom, for what, and which items."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from agencies.codetable import label
from agencies.forms import CodeField
from agencies.recipients import Choices
from sharing.forms.terms import reading_purposes


class BriefingForm(forms.Form):
    """Who gets the paper, and why; the marks on every page say it."""

    recipient = forms.CharField(
        label="For",
        max_length=120,
        help_text="The one person who gets it, as on the paper: Chief Lee",
    )
    purpose = CodeField("purposes", label="Use")
    for_case = forms.CharField(
        label="For your case", max_length=80, help_text="Your own case number, as you write it."
    )
    items = forms.MultipleChoiceField(
        label="Items", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, items: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        purposes = [(code, label("purposes", code)) for code in reading_purposes()]
        self.fields["purpose"].choices = purposes  # type: ignore[attr-defined]
        self.fields["items"].choices = items  # type: ignore[attr-defined]
        if not items:
            del self.fields["items"]

    def clean_items(self) -> list[UUID]:
        """Return the ids of the items chosen."""
        return [UUID(key) for key in self.cleaned_data["items"]]
