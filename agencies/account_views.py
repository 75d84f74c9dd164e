"""Pages of how one signs in: allauth's, which ask our services for every change."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast

from allauth.account.internal.flows.password_change import logout_on_password_change
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.internal.auth import clear_totp_secret
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    EditWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.conf import settings
from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from agencies.enrolment import must_enrol
from agencies.factors import APP, PASSKEY, codes_of, factors_of, takes_passkeys
from agencies.middleware import needs_no_hat
from agencies.models import Person
from agencies.portal_request import PortalRequest
from agencies.services.clearing import open_clearing
from agencies.services.factor import (
    add_authenticator_app,
    add_passkey,
    note_refused_passkey,
    remove_factor,
    rename_passkey,
    renew_recovery_codes,
)

NO_PASSKEY = "That passkey was not accepted. Try again, or use another way."


@needs_no_hat
@require_safe
def security(request: PortalRequest) -> HttpResponse:
    """Show how one signs in, and what there is to add, name and remove."""
    held = list(factors_of(request.user).order_by("created_at", "pk"))
    codes = codes_of(request.user).first()
    context = {
        "passkeys": [(one, one.wrap().name) for one in held if one.type == PASSKEY],
        "app": next((one for one in held if one.type == APP), None),
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "removable": len(held) > 1 or not settings.SECOND_FACTOR_REQUIRED,
        "must_enrol": must_enrol(request),
        "takes_passkeys": takes_passkeys(request),
        "has_factor": bool(held),
        "clearing": open_clearing(request.user),
    }
    return render(request, "account/security.html", context)


def changed(request: HttpRequest, done: Callable[..., Any], *args: Any, **said: Any) -> None:
    """Do it as the person of the session, which goes on while their others end."""
    actor = request.actor  # type: ignore[attr-defined]
    done(actor, *args, **said)
    request.user.refresh_from_db()  # type: ignore[union-attr]
    logout_on_password_change(request, cast("Person", request.user))


def _after(request: HttpRequest, said: str) -> HttpResponse:
    """Lead to the recovery codes while nobody has seen them, else back."""
    messages.success(request, said)
    codes = codes_of(cast("Person", request.user)).first()
    unseen = codes is not None and not codes.wrap().did_view
    return redirect("mfa_view_recovery_codes" if unseen else "mfa_index")


def _as_data(context: dict[str, Any], name: str) -> dict[str, Any]:
    """Add what the browser asks a passkey for, as the page's script reads it."""
    options = context["js_data"][name]
    return {**context, "options": json.dumps(options, cls=DjangoJSONEncoder)}


def _again(view: Any, form: Any) -> HttpResponse:
    page: HttpResponse = view.render_to_response(view.get_context_data(form=form), status=422)
    return page


class AddApp(ActivateTOTPView):  # type: ignore[misc]
    """Adds an authenticator app by its first code."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it."""
        changed(self.request, add_authenticator_app, self.request.user, secret=form.secret)
        clear_totp_secret(self.request)
        return _after(self.request, "Your authenticator app is added.")

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show what there is to mend, with the same secret."""
        return _again(self, form)


class RemoveApp(DeactivateTOTPView):  # type: ignore[misc]
    """Removes the authenticator app."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it, unless it is the only factor of whoever must have one."""
        changed(self.request, remove_factor, self.authenticator)
        messages.success(self.request, "Your authenticator app is removed.")
        return redirect("mfa_index")


class AddPasskey(AddWebAuthnView):  # type: ignore[misc]
    """Adds a passkey: one that the device keeps, so that it also signs in without a password."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the form and what the device is asked for."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        options = context["js_data"]["creation_options"]
        chosen = options["publicKey"]["authenticatorSelection"]
        chosen |= {"residentKey": "preferred", "requireResidentKey": False}
        context["takes_passkeys"] = takes_passkeys(self.request)
        return _as_data(context, "creation_options")

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it."""
        said = {name: form.cleaned_data[name] for name in ("name", "credential")}
        changed(self.request, add_passkey, self.request.user, **said)
        return _after(self.request, "Your passkey is added.")

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say that it did not work; the device is asked anew."""
        return _again(self, form)


class RenamePasskey(EditWebAuthnView):  # type: ignore[misc]
    """Calls a passkey something else."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the name."""
        rename_passkey(self.request.actor, self.object, name=form.cleaned_data["name"])
        return redirect("mfa_index")


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]
    """Removes a passkey."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it, unless it is the only factor of whoever must have one."""
        changed(self.request, remove_factor, self.object)
        messages.success(self.request, "That passkey is removed.")
        return redirect("mfa_index")


class RenewCodes(GenerateRecoveryCodesView):  # type: ignore[misc]
    """Makes new recovery codes."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Make them, and show them once."""
        changed(self.request, renew_recovery_codes, self.request.user)
        return redirect("mfa_view_recovery_codes")


class SecondStep(AuthenticateView):  # type: ignore[misc]
    """Asks, after the password, for a passkey or a code."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return both forms; the passkey's only to whoever has one."""
        context = _as_data(super().get_context_data(**kwargs), "request_options")
        person = self.stage.login.user
        held = set(factors_of(person).values_list("type", flat=True))
        return {**context, "has_passkey": PASSKEY in held, "has_app": APP in held}

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the page again; a passkey that failed is on the audit log like a code."""
        if form is self.webauthn_form:
            note_refused_passkey(self.stage.login.user)
            messages.error(self.request, NO_PASSKEY)
        return cast("HttpResponse", super().form_invalid(form))


class SignInByPasskey(LoginWebAuthnView):  # type: ignore[misc]
    """Signs in with a passkey alone: it is something one has, unlocked by the person."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Lead back to the sign-in page with a word of why."""
        note_refused_passkey(None)
        messages.error(self.request, NO_PASSKEY)
        return redirect("account_login")


class ConfirmByPasskey(ReauthenticateWebAuthnView):  # type: ignore[misc]
    """Confirms by a passkey that it is still the same person."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the form, what the device is asked for, and where one goes then."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        alternatives = self.get_reauthentication_alternatives()
        return _as_data(context, "request_options") | {
            "reauthentication_alternatives": alternatives
        }

    def form_invalid(self, form: Any) -> HttpResponse:
        """Ask again."""
        note_refused_passkey(cast("Person", self.request.user))
        messages.error(self.request, NO_PASSKEY)
        return HttpResponseRedirect(self.passthrough_next_url(self.request.path))
