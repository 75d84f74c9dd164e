"""Searching, and reading the audit log."""

from __future__ import annotations

from typing import Any

from django import forms

from agencies.forms import LINE, CodeField, DayInput, code_choices

EVENTS = {
    "": "Everything",
    "record.opened": "Opened",
    "record.listed": "Listed",
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
    """What is looked for, as the address carries it."""

    q = forms.CharField(label="Search", max_length=LINE, required=False)
    kind = CodeField("item_kinds", label="Kind", required=False)
    cursor = forms.CharField(max_length=LINE, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = [("case", "Case"), *code_choices("item_kinds")]
        self.fields["kind"].choices = [("", "Everything"), *kinds]  # type: ignore[attr-defined]
