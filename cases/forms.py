"""Forms of cases: what one says, and what lists are narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms

from agencies.codes import Sensitivity
from agencies.codetable import label
from agencies.forms import LINE, CodeField
from cases.statuses import STEPS
from cases.wording import NARRATIVE, TITLE

USUAL = "As usual for its type"


class CaseForm(forms.Form):
    """What opening a case asks; the rest follows from its type and class."""

    title = forms.CharField(label="Title", max_length=TITLE)
    grouping = CodeField("case_classes", label="Class", initial="investigation")
    type = CodeField("case_types", any_label="Choose", label="Type")
    own_number = forms.CharField(
        label="Your own number",
        max_length=80,
        required=False,
        help_text="As your agency writes it. Liaison gives the case a number of its own beside it.",
    )
    summary = forms.CharField(
        label="Summary",
        max_length=NARRATIVE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Shown to whoever gets it in full. Name protected people in items, not here.",
    )
    findability = CodeField(
        "findabilities",
        any_label=USUAL,
        label="Who can find this?",
        required=False,
    )
    sensitivity = forms.ChoiceField(
        label="How closely held",
        required=False,
        choices=[("", "As usual"), *((one.code, one.label) for one in Sensitivity)],
    )

    def opening(self) -> dict[str, Any]:
        """Return what was said; what was left open is derived."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if value != "" or name in ("summary", "own_number")
        }


class CaseEditForm(CaseForm):
    """A new version of a case."""

    status = CodeField("case_statuses", label="Status")
    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("title", "status", "grouping", "type", "own_number", "summary")

    def __init__(self, *args: Any, status: str, **options: Any) -> None:
        super().__init__(*args, **options)
        reached = [status, *(step.target for step in STEPS if step.source == status)]
        choices = [(code, label("case_statuses", code)) for code in dict.fromkeys(reached)]
        self.fields["status"].choices = choices  # type: ignore[attr-defined]
        for name in ("findability", "sensitivity"):
            field = self.fields[name]
            field.required = True
            field.choices = [one for one in field.choices if one[0]]  # type: ignore[attr-defined]


class CaseFilterForm(forms.Form):
    """What the list of cases is narrowed by, as its address carries it."""

    q = forms.CharField(label="Words or number", max_length=LINE, required=False)
    status = CodeField("case_statuses", any_label="Any", label="Status", required=False)
    type = CodeField("case_types", any_label="Any", label="Type", required=False)
    received = forms.ChoiceField(
        label="Whose",
        required=False,
        choices=[("", "All"), ("false", "Our own"), ("true", "Shared with us")],
    )
    owner = forms.UUIDField(required=False, widget=forms.HiddenInput)
    cursor = forms.CharField(max_length=LINE, required=False, widget=forms.HiddenInput)


# ``class`` is the address's own word for the grouping, and no name in Python.
CaseFilterForm.base_fields["class"] = CodeField(
    "case_classes", any_label="Any", label="Class", required=False
)
