"""Logging what was disclosed outside the portal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone

from agencies.actors import NOBODY
from agencies.forms import LINE, CodeField
from agencies.models import Agency
from agencies.recipients import Choices, other_agencies

FOUND = 30


class MomentInput(forms.DateTimeInput):
    """A day and a time as browsers pick them."""

    input_type = "datetime-local"

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", **options)


class AgencyField(forms.ChoiceField):
    """An agency of the directory, on board or not; cleaned to its id, or None."""

    def offer(self, own: UUID | None, find: str) -> None:
        """Offer who is on board, or whom *find* finds in the whole directory."""
        found = other_agencies(own)
        if find.strip():
            matching = Agency.objects.exclude(pk=own or NOBODY)
            for word in find.split():
                matching = matching.filter(name__icontains=word)
            rows = matching.order_by("name").values_list("pk", "name")[:FOUND]
            found = [(str(key), name) for key, name in rows]
        self.choices = [("", "None of these: as written below"), *found]

    def valid_value(self, value: str) -> bool:
        """Return whether it is an id; the service looks it up."""
        try:
            UUID(value)
        except ValueError:
            return False
        return True

    def clean(self, value: Any) -> UUID | None:
        """Return the id of the agency that is meant."""
        key = super().clean(value)
        return UUID(key) if key else None


class HandOverForm(forms.Form):
    """To whom, of what, how, when and why something was told outside the portal."""

    find = forms.CharField(label="Find an agency", required=False, max_length=LINE)
    agency_id = AgencyField(label="Agency", required=False)
    recipient = forms.CharField(
        label="Or who it was, if in no directory", required=False, max_length=200
    )
    items = forms.MultipleChoiceField(
        label="Which items; none means the case as such",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    means = CodeField("disclosure_means", label="How")
    told_at = forms.DateTimeField(label="When", widget=MomentInput)
    purpose = CodeField("purposes", label="Use", initial="criminal_justice")
    for_case = forms.CharField(label="Their case", required=False, max_length=80)
    authority = forms.CharField(
        label="By what authority",
        required=False,
        max_length=200,
        help_text="Who allowed it, or under which law or order.",
    )
    text = forms.CharField(
        label="What was said",
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, own: UUID | None, items: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        agencies = self.fields["agency_id"]
        find = str(self["find"].value() or "")[:LINE]
        if isinstance(agencies, AgencyField):
            agencies.offer(own, find if find.isprintable() else "")
        self.fields["items"].choices = items  # type: ignore[attr-defined]
        self.fields["told_at"].initial = timezone.localtime().replace(second=0, microsecond=0)

    def said(self) -> dict[str, Any]:
        """Return it as the service takes it."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "find"}
        return said | {"items": [UUID(key) for key in self.cleaned_data["items"]]}
