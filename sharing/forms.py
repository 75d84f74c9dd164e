"""Forms of the main job: ask, offer, decide, acknowledge, narrow, revoke."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone

from agencies.codes import Level
from agencies.codetable import code_table, label
from agencies.forms import LINE, TEXT, CodeField, DayInput, UntilField, code_choices
from agencies.recipients import Choices, other_agencies, roster_for, task_forces
from agencies.refusals import Invalid
from sharing.models import Grant, ShareRequest
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


class AskForm(TermsForm):
    """An ask for a record that the asker knows of."""

    for_case = forms.CharField(
        label="For your case", max_length=80, help_text="Your own case number, as you write it."
    )
    on_behalf_of = forms.CharField(label="For someone else", max_length=120, required=False)
    needed_by = UntilField(label="Needed by", required=False)
    contact_phone = forms.CharField(
        label="Call you at", max_length=40, required=False, widget=forms.TextInput
    )


class AskByNumberForm(AskForm):
    """An ask as on the telephone: an agency, and a number or a description."""

    agency_id = forms.ChoiceField(label="Agency")
    own_number = forms.CharField(
        label="Their case number",
        max_length=80,
        required=False,
        help_text="As it was given to you; it is not looked up here. Their duty desk answers.",
    )
    description = forms.CharField(
        label="Or what you are looking for",
        max_length=TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ("agency_id", "own_number", "description")

    def __init__(self, *args: Any, own: UUID | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["agency_id"].choices = [("", "Choose"), *other_agencies(own)]  # type: ignore[attr-defined]

    def clean_agency_id(self) -> UUID:
        """Return the agency's id."""
        return UUID(self.cleaned_data["agency_id"])

    def clean(self) -> None:
        """Require a number or a description."""
        if not self.cleaned_data.get("own_number") and not self.cleaned_data.get("description"):
            self.add_error("own_number", "Give a number, or say what you are looking for.")


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


class OfferForm(ItemsForm, TermsForm):
    """A proposal to share a case with an agency, a task force or one person."""

    who = forms.ChoiceField(label="With", required=False)
    email = forms.EmailField(label="Or one person there, by e-mail", required=False, max_length=254)
    unmask = forms.BooleanField(label="Give the names of protected people", required=False)
    export = forms.BooleanField(label="They may export it", required=False)
    field_order = (
        "who",
        "email",
        "level",
        "which",
        "items",
        "later",
        "unmask",
        "export",
        "until",
        "purpose",
        "reason",
    )

    def __init__(self, *args: Any, own: UUID | None, **options: Any) -> None:
        super().__init__(*args, **options)
        groups: list[Any] = [("", "Choose"), ("Agencies", other_agencies(own))]
        forces = task_forces()
        groups += [("Task forces", forces)] if forces else []
        self.fields["who"].choices = groups  # type: ignore[attr-defined]

    def clean(self) -> None:
        """Find the roster that is meant."""
        super().clean()
        try:
            self.cleaned_data["roster_id"] = roster_for(
                who=self.cleaned_data.get("who", ""), email=self.cleaned_data.get("email", "")
            )
        except Invalid as refusal:
            for name, errors in refusal.errors.items():
                self.add_error(name, errors)

    def terms(self) -> Terms:
        """Return the terms as the services take them."""
        self.cleaned_data["items"] = self.chosen()
        return super().terms()


class ApproveForm(ItemsForm):
    """What a supervisor changes of a request before releasing."""

    level = LevelField("levels", only=GRANTABLE, label="How much", required=False)
    until = UntilField(label="Until", required=False)
    unmask = forms.BooleanField(label="Give the names of protected people", required=False)
    export = forms.BooleanField(label="They may export it", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("level", "until", "which", "items", "later", "unmask", "export", "version")

    def release(self) -> dict[str, Any]:
        """Return the terms as the service takes them."""
        names = ("level", "until", "later", "unmask", "export", "version")
        return {name: self.cleaned_data[name] for name in names} | {"items": self.chosen()}


class VersionForm(forms.Form):
    """A decision as it stands, on the version that was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class DenyForm(VersionForm):
    """Why not: a coded reason, and words where they help."""

    reason_code = CodeField("denial_reasons", explained=True, widget=forms.RadioSelect)
    text = forms.CharField(
        label="Add words",
        max_length=TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, codes: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason_code"] = CodeField(
            "denial_reasons",
            only=codes,
            explained=True,
            label="Reason",
            widget=forms.RadioSelect,
            initial=codes[0] if len(codes) == 1 else None,
        )


class TextForm(forms.Form):
    """A question or an answer."""

    text = forms.CharField(label="Text", max_length=TEXT, widget=forms.Textarea(attrs={"rows": 3}))


class AttachForm(forms.Form):
    """The case that an ask by number or description is about, found by the desk."""

    number = forms.CharField(label="Case number, ours or your own", max_length=80)


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
