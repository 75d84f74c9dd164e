"""Forms of the second factor: allauth's, with our words, each code once and each try counted."""

from __future__ import annotations

from typing import Any, cast

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.cache import cache
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

from agencies.factors import APP
from agencies.models import Person
from agencies.services.sign_in import counted

CODE_LABEL = "Code from your app, or a recovery code"
LIFETIME = 120
"""Seconds for which a used code of an app is remembered: longer than any is accepted."""


class _OneUse:
    """Takes each code once, and counts wrong ones with wrong passwords."""

    user: Person
    cleaned_data: dict[str, Any]
    fields: dict[str, forms.Field]

    def clean_code(self) -> str:
        """Return the code; ValidationError for a wrong one, and for any after too many tries."""
        with counted(self.user, factor="code"):
            code = cast("str", super().clean_code())  # type: ignore[misc]
            self._use(code)
        return code

    def _use(self, code: str) -> None:
        kept = "".join(one for one in code if one.isalnum())
        factor = self.authenticator  # type: ignore[attr-defined]
        if factor.type == APP and not cache.add(f"used:{factor.pk}:{kept}", 1, LIFETIME):
            raise get_adapter().validation_error("incorrect_code")


class CodeForm(_OneUse, AuthenticateForm):  # type: ignore[misc]
    """The code that completes a sign-in."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _worded(self.fields["code"])


class CodeAgainForm(_OneUse, ReauthenticateForm):  # type: ignore[misc]
    """The code by which somebody confirms that it is still they."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _worded(self.fields["code"])


class _WellFormed:
    """Takes from a browser only what can be read as the answer of a passkey."""

    cleaned_data: dict[str, Any]

    def clean_credential(self) -> Any:
        """Return the authenticator that answered; ValidationError for anything else."""
        _readable(AuthenticationResponse, self.cleaned_data["credential"])
        return super().clean_credential()  # type: ignore[misc]


class PasskeyStepForm(_WellFormed, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """The passkey that completes a sign-in."""


class PasskeyAgainForm(_WellFormed, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """The passkey by which somebody confirms that it is still they."""


class PasskeyAloneForm(_WellFormed, LoginWebAuthnForm):  # type: ignore[misc]
    """The passkey that signs in without a password."""


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey and what it is called; each of ours may also sign in without a password."""

    passwordless = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        name = self.fields["name"]
        name.label, name.max_length = "Name of this passkey", 60
        name.help_text = "For yourself, such as “Work phone”."

    def clean_credential(self) -> Any:
        """Return what the device made; ValidationError for anything else."""
        return _readable(RegistrationResponse, self.cleaned_data["credential"])


def _readable(kind: type[RegistrationResponse | AuthenticationResponse], answer: Any) -> Any:
    """Return *answer*, if it reads as one of that kind; whoever sends it may write anything."""
    try:
        kind.from_dict(answer)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise get_adapter().validation_error("incorrect_code") from error
    return answer


def _worded(field: forms.Field) -> None:
    field.label = CODE_LABEL
    field.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric"}
