"""Forms of what an agency signs: what is sent to it, what it signed, what it concluded anew."""

from __future__ import annotations

from typing import Any

from django import forms

from agencies.codes import Level
from agencies.forms import FromField, UntilField, code_choices
from agencies.models import Agency, Agreement
from agencies.onboarding.forms import ActForm, SignatureForm
from agencies.services.signing import could_share_with, open_to

LEVELS = [(one.value, one.label) for one in Level if Level.POINTER <= one <= Level.CONTRIBUTE]


class SendForm(ActForm):
    """Which agreements beside the participation agreement go to the agency to be signed."""

    others = forms.ModelMultipleChoiceField(
        label="Sent with the participation agreement",
        queryset=Agreement.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["others"]
        field.queryset = open_to(self.agency)
        if not field.queryset.exists():
            del self.fields["others"]


class OtherSignatureForm(SignatureForm):
    """Which agreement of others the agency signed, and who signed it."""

    agreement = forms.ModelChoiceField(label="Agreement", queryset=Agreement.objects.none())
    field_order = ("agreement",)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["agreement"]
        field.queryset = open_to(self.agency)


class NewAgreementForm(SignatureForm):
    """What an agency and others agreed among themselves, and who signed it for the agency."""

    name = forms.CharField(label="Name of the agreement", max_length=200)
    others = forms.ModelMultipleChoiceField(
        label="With", queryset=Agency.objects.none(), help_text="Every other agency that signed."
    )
    categories = forms.MultipleChoiceField(
        label="Data that it covers",
        choices=code_choices("categories"),
        widget=forms.CheckboxSelectMultiple,
    )
    purposes = forms.MultipleChoiceField(
        label="For", choices=code_choices("purposes"), widget=forms.CheckboxSelectMultiple
    )
    level = forms.TypedChoiceField(label="At most", choices=LEVELS, coerce=int)
    onward = forms.ChoiceField(label="Passing on", choices=Agreement.Onward)
    effective_at = FromField(label="From")
    expires_at = UntilField(label="Until")
    field_order = (
        *("name", "others", "categories", "purposes", "level", "onward"),
        *("effective_at", "expires_at"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["others"]
        field.queryset = could_share_with(self.agency)
