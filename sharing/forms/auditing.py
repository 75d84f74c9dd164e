"""Asking who saw a case: its number, and the days from and to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from agencies.forms import DayInput

USUAL_DAYS = 90


class AuditForm(forms.Form):
    """Which case, and from which day to which, in the agency's time zone."""

    number = forms.CharField(label="Case number, ours or your own", max_length=80, required=False)
    record = forms.UUIDField(required=False, widget=forms.HiddenInput)
    since = forms.DateField(label="From", required=False, widget=DayInput)
    to = forms.DateField(label="To, that day included", required=False, widget=DayInput)

    def __init__(self, sent: dict[str, Any] | None = None, **options: Any) -> None:
        today = timezone.localdate()
        usual = {"since": today - timedelta(days=USUAL_DAYS), "to": today}
        super().__init__({**usual, **(sent or {})}, **options)

    def clean(self) -> None:
        """Refuse a time that ends before it begins."""
        since, to = self.cleaned_data.get("since"), self.cleaned_data.get("to")
        if since and to and to < since:
            self.add_error("to", "The last day is before the first.")


class AuditFileForm(AuditForm):
    """The same, for a file."""

    kind = forms.ChoiceField(choices=[("csv", "CSV"), ("pdf", "PDF")])
