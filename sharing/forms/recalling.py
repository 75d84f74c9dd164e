"""Calling back: until when it is answered, the answers, and the note for the privacy officer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from agencies.forms import TEXT, CodeField, DayInput, UntilField
from sharing.models import IncidentNote

USUAL_DAYS = 3


class SendForm(forms.Form):
    """By which day everybody who has it answers."""

    due_at = UntilField(label="To be answered by")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["due_at"].initial = timezone.localdate() + timedelta(days=USUAL_DAYS)


class AnswerForm(forms.Form):
    """What became of one copy, or of what was read."""

    answer = CodeField(
        "recall_answers", explained=True, label="What became of it", widget=forms.RadioSelect
    )
    text = forms.CharField(
        label="By which law or order, in which file, or to whom",
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class IncidentForm(forms.Form):
    """What went wrong, for the privacy officer."""

    what = forms.CharField(
        label="What was disclosed",
        max_length=TEXT,
        help_text="What sort of information, about whom in general. Never the name itself.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    how = forms.CharField(
        label="How it happened", max_length=TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )
    happened_on = forms.DateField(label="When it happened", widget=DayInput)
    discovered_on = forms.DateField(label="When it was noticed", widget=DayInput)
    victim_notified = forms.ChoiceField(
        label="Was whoever it is about told?",
        choices=IncidentNote.Notified,
        initial=IncidentNote.Notified.NOT_YET,
        widget=forms.RadioSelect,
    )
    notified_on = forms.DateField(label="Told on", required=False, widget=DayInput)
    version = forms.IntegerField(initial=0, min_value=0, widget=forms.HiddenInput)

    @classmethod
    def of(cls, note: IncidentNote | None) -> IncidentForm:
        """Return the form with what *note* says, or that of a new one."""
        today = timezone.localdate()
        if note is None:
            return cls(initial={"happened_on": today, "discovered_on": today})
        return cls(initial={name: getattr(note, name) for name in cls.base_fields})
