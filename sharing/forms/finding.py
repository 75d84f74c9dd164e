"""Searching, and reading the audit log."""

from __future__ import annotations

from typing import Any

from django import forms

from agencies.forms import LINE, CodeField, DayInput, code_choices
from sharing.search.terms import LONGEST_TEXT

EVENTS = {
    "": "Everything",
    "record.opened": "Opened",
    "record.listed": "Listed",
    "record.printed": "Printed",
    "record.exported": "Exported",
    "record.told": "Told outside",
    "record.refused": "Refused attempts",
    "request.submitted": "Requests",
    "request.approved": "Approvals",
    "request.denied": "Denials",
    "grant.issued": "Access given",
    "grant.narrowed": "Access narrowed",
    "grant.revoked": "Access stopped",
    "case.amended": "Cases changed",
    "item.added": "Items added",
}
"""Kinds of events that the audit log can be narrowed to, with what screens call them."""


class LedgerForm(forms.Form):
    """What the audit log is narrowed by, as its address carries it."""

    since = forms.DateField(label="From", required=False, widget=DayInput)
    to = forms.DateField(label="To", required=False, widget=DayInput)
    kind = forms.ChoiceField(label="What", choices=list(EVENTS.items()), required=False)
    person = forms.EmailField(label="Who, by e-mail", max_length=254, required=False)
    after = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)


class SearchForm(forms.Form):
    """What is looked for and narrowed to, as the address carries it; ``s`` stands for the text."""

    q = forms.CharField(label="Search", max_length=LONGEST_TEXT, required=False)
    s = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
    kind = CodeField("item_kinds", label="Kind", required=False)
    status = CodeField("case_statuses", label="Status", required=False)
    type = CodeField("case_types", label="Type", required=False)
    owner = forms.SlugField(label="Owner", max_length=40, required=False)
    received = forms.TypedChoiceField(
        label="Whose",
        choices=[("", "All"), ("false", "Ours"), ("true", "Received")],
        coerce=lambda value: value == "true",
        empty_value=None,
        required=False,
    )
    all = forms.BooleanField(required=False)
    cursor = forms.CharField(max_length=LINE, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = [("case", "Case"), *code_choices("item_kinds")]
        self.fields["kind"].choices = [("", "Everything"), *kinds]  # type: ignore[attr-defined]
