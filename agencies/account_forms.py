"""Forms of the password: allauth's, with our words, and nothing said twice inside a field."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from django import forms

LABELS = {
    "login": "E-mail",
    "email": "E-mail",
    "password": "Password",
    "oldpassword": "Current password",
    "password1": "New password",
    "password2": "The same again",
}


class _Plain:
    """Calls each field by one name, above it; the way to a forgotten password is on the page."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
            if "password/reset" in str(field.help_text):
                field.help_text = ""


class SignInForm(_Plain, allauth.LoginForm):  # type: ignore[misc]
    """Signs in by password."""


class ConfirmForm(_Plain, allauth.ReauthenticateForm):  # type: ignore[misc]
    """Confirms by password."""


class ChangeForm(_Plain, allauth.ChangePasswordForm):  # type: ignore[misc]
    """Changes a password with the one before."""


class SetForm(_Plain, allauth.SetPasswordForm):  # type: ignore[misc]
    """Sets a password where there was none."""


class ForgottenForm(_Plain, allauth.ResetPasswordForm):  # type: ignore[misc]
    """Asks for a link."""


class NewForm(_Plain, allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    """Sets a password by a link."""
