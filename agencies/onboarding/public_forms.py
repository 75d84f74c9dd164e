"""Forms that an applicant fills in, who has no account."""

from __future__ import annotations

from django import forms

from agencies.codes import AgencyKind
from agencies.models import ComplianceAnswer
from agencies.onboarding.evidence import Evidence, evidence_of
from agencies.onboarding.forms import a_passage
from agencies.refusals import Invalid


class ApplicationForm(forms.Form):
    """Who applies, for which agency, by what authority."""

    ori = forms.CharField(
        label="ORI",
        max_length=20,
        required=False,
        help_text="Nine letters and digits. Find your agency above, or type it; leave it empty"
        " if your agency has none.",
    )
    agency_name = forms.CharField(label="Name of the agency", max_length=200)
    kind = forms.ChoiceField(label="Kind of agency", choices=AgencyKind)
    legal_basis = a_passage(
        "Legal basis, where there is no ORI",
        required=False,
        help_text="The statute, ordinance or charter by which your agency exists.",
    )
    parent = forms.CharField(
        label="Parent agency",
        max_length=200,
        required=False,
        help_text="For an office of a larger body, such as a federal field office.",
    )
    applicant = forms.CharField(label="Your name", max_length=120)
    title = forms.CharField(label="Your title", max_length=80, required=False)
    email = forms.EmailField(
        label="Your work e-mail",
        max_length=254,
        help_text="We mail a link there. Nobody reads your application before you open it.",
    )
    phone = forms.CharField(label="Your work telephone", max_length=40)


class LookupForm(forms.Form):
    """What the directory is searched for."""

    q = forms.CharField(
        label="Find your agency",
        max_length=80,
        required=False,
        help_text="Part of its name and place, or its ORI.",
    )


class AnswerForm(forms.Form):
    """The answer to one question, with a file."""

    says = forms.ChoiceField(
        label="Do you meet this?", choices=ComplianceAnswer.Says, widget=forms.RadioSelect
    )
    text = a_passage("How, in your words")
    file = forms.FileField(
        label="A file that shows it",
        required=False,
        help_text="PDF, PNG, JPEG, DOCX or XLSX, at most 10 MB. Nothing about cases or people"
        " investigated.",
    )

    def evidence(self) -> Evidence | None:
        """Return the file as evidence, or None with the reason on the form."""
        if not self.is_valid() or self.cleaned_data["file"] is None:
            return None
        try:
            return evidence_of(self.cleaned_data["file"])
        except Invalid as refusal:
            for name, errors in refusal.errors.items():
                self.add_error(name, errors)
            return None
