"""Forms of onboarding, one for each act of the checklist."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from agencies.codes import AgencyKind, Tier
from agencies.codetable import code_table, label
from agencies.forms import DayInput, code_choices
from agencies.models import Agency, Arrangement, AuthorityCheck, Contact
from agencies.onboarding.questions import QUESTIONS
from agencies.services.pilot import SIGN_IN
from agencies.tiers import BOUNDS

PASSAGE = 4000


class NameContactForm(forms.Form):
    """Who is named for what."""

    duty = forms.ChoiceField(label="For", choices=Contact.Duty)
    name = forms.CharField(label="Name", max_length=120)
    email = forms.EmailField(label="Work e-mail", max_length=254)
    phone = forms.CharField(label="Telephone", max_length=40, required=False)


def a_passage(label: str, *, rows: int = 3, **options: Any) -> forms.CharField:
    """Return a field for several lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=PASSAGE, widget=widget, **options)


class ActForm(forms.Form):
    """A form of the checklist, made for one agency."""

    def __init__(self, *args: Any, agency: Agency, **options: Any) -> None:
        super().__init__(*args, **options)
        self.agency = agency


class TakeUpForm(forms.Form):
    """What an agency is called here when its application is taken up."""

    short_name = forms.SlugField(
        label="Short name",
        max_length=40,
        help_text="Letters, digits and hyphens, such as brook-so. It is never changed.",
    )
    name = forms.CharField(label="Name", max_length=200)
    kind = forms.ChoiceField(label="Kind", choices=AgencyKind)
    time_zone = forms.CharField(
        label="Time zone", max_length=40, initial="UTC", help_text="Such as America/Chicago."
    )


class ReasonForm(ActForm):
    """A coded reason, and words that stay with the decision."""

    event = ""
    reason_code = forms.ChoiceField(label="Reason")
    text = a_passage("In your words", rows=2, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason_code"].choices = [  # type: ignore[attr-defined]
            (value["code"], value["label"])
            for value in code_table("standing_reasons")["values"]
            if self.event in value["events"]
        ]


class LimitForm(ReasonForm):
    """Why an agency is limited."""

    event = "limit"


class SuspendForm(ReasonForm):
    """Why an agency is suspended."""

    event = "suspend"


class ReinstateForm(ReasonForm):
    """Why an agency is reinstated."""

    event = "reinstate"


class CloseForm(ReasonForm):
    """Why an agency is closed."""

    event = "close"


class DeclineForm(ActForm):
    """Why an agency does not come on board; the applicant sees the reason."""

    reason_code = forms.ChoiceField(label="Reason", choices=code_choices("decline_reasons"))
    text = a_passage("In your words, for administrators", rows=2, required=False)


class DeclineApplicationForm(forms.Form):
    """Why an application is not taken up; the applicant sees the reason."""

    reason_code = forms.ChoiceField(label="Reason", choices=code_choices("decline_reasons"))


class VerifyForm(ActForm):
    """By what means the authority was verified, and with whom."""

    means = forms.ChoiceField(label="How", choices=AuthorityCheck.Means)
    reached_at = forms.CharField(
        label="Number or address used",
        max_length=120,
        help_text="One that the agency publishes, not from the application.",
    )
    spoke_to = forms.CharField(label="Who confirmed it", max_length=120)
    note = a_passage("Note", rows=2, required=False)


def tier_label(tier: Tier) -> str:
    """Return a tier with what it takes part in, in words."""
    bounds = BOUNDS[tier]
    level = bounds.level.label.lower()
    if bounds.categories is None:
        return f"{tier.label}: all data, up to “{level}”"
    names = ", ".join(label("categories", one).lower() for one in bounds.categories)
    return f"{tier.label}: up to “{level}” of {names}"


class TierForm(ActForm):
    """Which tier, and why."""

    tier = forms.ChoiceField(
        label="Tier",
        choices=[(tier.value, tier_label(tier)) for tier in Tier],
        widget=forms.RadioSelect,
    )
    reason = a_passage("Why", rows=2)


class SignatureForm(ActForm):
    """Who signed the participation agreement."""

    signer = forms.CharField(label="Signed by", max_length=120)
    title = forms.CharField(label="Their office", max_length=80, help_text="Such as Chief.")
    signed_on = forms.DateField(label="Signed on", widget=DayInput, initial=timezone.localdate)


class ReviewForm(ActForm):
    """What an administrator makes of one answer."""

    topic = forms.ChoiceField(
        label="Question", choices=[(one.topic, one.label) for one in QUESTIONS]
    )
    outcome = forms.ChoiceField(
        label="This answer is",
        choices=[
            ("accepted", "Accepted"),
            ("returned", "Returned: more is needed"),
            ("failed", "Not met"),
        ],
        widget=forms.RadioSelect,
    )
    note = a_passage("What is missing", rows=2, required=False)


class VoteForm(ActForm):
    """One voice of the board."""

    admits = forms.TypedChoiceField(
        label="Should this agency come on board?",
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = a_passage("Note", rows=2, required=False)


class ContactForm(NameContactForm, ActForm):
    """Who is named for what, as an administrator enters it."""


class ParticularsForm(ActForm):
    """How an agency is reached, and how its people sign in."""

    duty_desk = forms.CharField(label="Telephone of the duty desk", max_length=80)
    sign_in = forms.ChoiceField(label="How its people sign in", choices=list(SIGN_IN.items()))


class ArrangementForm(ActForm):
    """Which other agency does what for this one."""

    provider = forms.ModelChoiceField(
        label="Agency that does it", queryset=Agency.objects.none(), empty_label="Choose an agency"
    )
    duties = forms.MultipleChoiceField(
        label="What it does", choices=Arrangement.Duty, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        others = Agency.objects.on_board().exclude(pk=self.agency.pk).order_by("name")
        self.fields["provider"].queryset = others  # type: ignore[attr-defined]
