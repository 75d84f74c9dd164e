"""How much, for what, until when and which items: what asks, offers and decisions share."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone

from agencies.codes import Level
from agencies.codetable import code_table, label
from agencies.forms import TEXT, CodeField, UntilField
from agencies.recipients import Choices
from sharing.models import ShareRequest
from sharing.terms import Terms

GRANTABLE = ("pointer", "summary", "view", "contribute")
USUAL_DAYS = 90
WHICH = [("all", "All that is not held back"), ("chosen", "Only these:")]


def reading_purposes() -> list[str]:
    """Return the purposes for which records are read."""
    return [value["code"] for value in code_table("purposes")["values"] if value["reads"]]


class LevelField(CodeField):
    """How much is given; cleaned to a Level, or None where it is left as it is."""

    def clean(self, value: Any) -> Level | None:
        """Return the level that the code names."""
        code = super().clean(value)
        return Level[code.upper()] if code else None


class TermsForm(forms.Form):
    """How much, for what and until when; what every ask and every offer says."""

    level = LevelField(
        "levels",
        only=GRANTABLE,
        explained=True,
        label="How much",
        initial="view",
        widget=forms.RadioSelect,
    )
    until = UntilField(
        label="Until", help_text="Access ends with the agreement if that ends sooner."
    )
    purpose = CodeField("purposes", label="Use", initial="criminal_justice")
    reason = forms.CharField(label="Why", max_length=TEXT, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        purposes = [(code, label("purposes", code)) for code in reading_purposes()]
        self.fields["purpose"].choices = purposes  # type: ignore[attr-defined]
        self.fields["until"].initial = timezone.localdate() + timedelta(days=USUAL_DAYS)

    def terms(self) -> Terms:
        """Return the terms as the services take them."""
        names = set(Terms.__dataclass_fields__) & set(self.cleaned_data)
        return Terms(**{name: self.cleaned_data[name] for name in names})


class ItemsForm(forms.Form):
    """Which items: all that is not held back, or chosen ones."""

    which = forms.ChoiceField(label="Items", choices=WHICH, initial="all", widget=forms.RadioSelect)
    items = forms.MultipleChoiceField(
        label="Chosen items", required=False, widget=forms.CheckboxSelectMultiple
    )
    later = CodeField(
        "later",
        label="Items added later",
        initial=ShareRequest.Later.EXCEPT_PROTECTED,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, items: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["items"].choices = items  # type: ignore[attr-defined]
        if not items:
            for name in ("items", "which"):
                del self.fields[name]

    def clean(self) -> None:
        """Require an item where only some are given."""
        if self.cleaned_data.get("which") == "chosen" and not self.cleaned_data.get("items"):
            self.add_error("items", "Choose at least one item.")

    def chosen(self) -> list[UUID] | None:
        """Return the chosen items, or None for all that is not held back."""
        if self.cleaned_data.get("which") != "chosen":
            return None
        return [UUID(key) for key in self.cleaned_data["items"]]
