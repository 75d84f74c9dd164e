"""Changing access that was given."""

from __future__ import annotations

from django import forms

from agencies.forms import TEXT, CodeField, DayInput, UntilField
from sharing.forms.terms import GRANTABLE, LevelField
from sharing.models import Grant


class RevokeForm(forms.Form):
    """Why access ends now."""

    reason_code = CodeField(
        "revoke_reasons", explained=True, label="Reason", widget=forms.RadioSelect
    )
    text = forms.CharField(
        label="Add words",
        max_length=TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NarrowForm(forms.Form):
    """Less than was given: how much, until when, later items."""

    level = LevelField("levels", only=GRANTABLE, label="How much")
    until = UntilField(label="Until")
    later = CodeField("later", label="Items added later")


class AcknowledgeForm(forms.Form):
    """Whether what the readers add reaches the owner at once or one by one."""

    contributions = forms.ChoiceField(
        label="What your people add",
        choices=[
            (Grant.Contributions.DIRECT, "Goes to the owner at once"),
            (Grant.Contributions.EACH, "Waits until you release each"),
        ],
        initial=Grant.Contributions.DIRECT,
        widget=forms.RadioSelect,
    )


class RenewForm(forms.Form):
    """Until when access is wanted, and why; a new request."""

    until = UntilField(label="Until", widget=DayInput)
    reason = forms.CharField(label="Why", max_length=TEXT, widget=forms.Textarea(attrs={"rows": 3}))
