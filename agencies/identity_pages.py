"""The pages on which an agency's own sign-in is set up, tried on claims, confirmed and ended."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.actors import Actor
from agencies.agency_sign_in import addresses_of, leading_to
from agencies.authority import has_post, is_administrator
from agencies.claims import FIELDS, STRONG, readings, told_by
from agencies.forms import TEXT, sent
from agencies.models import Agency, IdentityProvider
from agencies.own_way import comes_in_alone
from agencies.portal_request import PortalRequest
from agencies.reauthentication import recently_authenticated
from agencies.refusals import NotVisible
from agencies.services.identity import (
    configure_provider,
    confirm_provider,
    end_provider,
    spoken,
)
from agencies.services.membership import RESTRICTING
from agencies.services.own_way import settle_sign_in
from agencies.services.trial import require_trier
from agencies.sign_in_trial import begin

WORDS = forms.Textarea(attrs={"rows": 8, "spellcheck": "false"})


class Words(forms.CharField):
    """Several words in one line, separated by spaces or commas."""

    def clean(self, value: Any) -> list[str]:
        """Return the words."""
        return str(super().clean(value) or "").replace(",", " ").split()

    def prepare_value(self, value: Any) -> Any:
        """Return the words in one line."""
        return " ".join(value) if isinstance(value, list) else value


class ProviderForm(forms.Form):
    """What an agency's sign-in is, and which claim becomes what."""

    protocol = forms.ChoiceField(label="It speaks", widget=forms.RadioSelect)
    name = forms.CharField(label="Name", max_length=40, help_text="As your people call it.")
    address = forms.CharField(
        label="Address of the issuer, or where SAML signs in",
        max_length=300,
        help_text="Such as https://login.city.example; its well-known page is read from there.",
    )
    client_id = forms.CharField(label="Client id, or entity id of SAML", max_length=191)
    secret = forms.CharField(
        label="Client secret",
        max_length=191,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Kept encrypted and never shown. Empty: the one that is kept stays.",
    )
    certificate = forms.CharField(
        label="Certificate by which SAML signs", required=False, max_length=TEXT, widget=WORDS
    )
    domains = Words(
        label="Parts of addresses after the @",
        required=False,
        help_text="By which your people find the sign-in, such as city.example.",
    )
    strong = Words(
        label="Values of acr or amr that stand for a second factor",
        required=False,
        initial=list(STRONG),
        help_text="Without one of them Liaison asks for its own second factor.",
    )
    claims_text = forms.CharField(
        label="Claims to try",
        required=False,
        max_length=TEXT,
        widget=WORDS,
        help_text='As JSON, such as {"sub": "a-1", "EmployerORI": "…"}. They are not kept.',
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(one, IdentityProvider.Protocol(one).label) for one in spoken()]
        protocol: Any = self.fields["protocol"]
        protocol.choices, protocol.initial = choices, choices[0][0]
        if len(choices) == 1:
            del self.fields["certificate"]
        for key, (claim, words) in FIELDS.items():
            self.fields[f"claim_{key}"] = forms.CharField(
                label=f"Claim for: {words}", max_length=120, required=False, initial=claim
            )
        self.order_fields(["protocol", "name", "address", "client_id", "secret", "certificate"])
        self.fields["claims_text"] = self.fields.pop("claims_text")

    def clean_claims_text(self) -> dict[str, Any]:
        """Return the claims that were pasted."""
        try:
            found = json.loads(self.cleaned_data["claims_text"] or "{}")
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError("This is not JSON.") from error
        if not isinstance(found, dict):
            raise forms.ValidationError("Claims are an object of names and values.")
        return found

    @property
    def names(self) -> dict[str, str]:
        """Return which claim each of our fields is read from."""
        return {key: self.cleaned_data.get(f"claim_{key}") or "" for key in FIELDS}

    def read(self, agency: Agency) -> dict[str, Any]:
        """Return what the pasted claims would become."""
        said = self.cleaned_data
        how = (agency, self.names, said["strong"], said["claims_text"])
        return {"told": told_by(*how), "readings": readings(*how)}


@require_safe
def own_identity(request: PortalRequest) -> HttpResponse:
    """Lead to the page of the actor's own agency."""
    if request.actor.agency_id is None:
        raise NotVisible
    return redirect("agency_identity", request.actor.agency_id)


@recently_authenticated
@require_http_methods(["GET", "HEAD", "POST"])
def agency_identity(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Show an agency's sign-in to those who see to it; try claims on it, or keep a change."""
    agency = _agency(request.actor, pk)
    provider = agency.identity_providers.filter(ended_at__isnull=True).first()
    form = ProviderForm(request.POST or None, initial=_kept(provider))
    context: dict[str, Any] = {"agency": agency, "provider": provider, "form": form}
    context["alone"] = comes_in_alone(agency)
    if provider is not None:
        context["addresses"] = addresses_of(request, provider)
    if request.method == "POST" and form.is_valid():
        if "try" in request.POST:
            context |= form.read(agency)
        elif _saved(request.actor, agency, form) is not None:
            messages.success(request, "Kept. It speaks once a second person has confirmed it.")
            return redirect("agency_identity", agency.pk)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "agencies/identity.html", context, status=status)


@recently_authenticated
@require_POST
def identity_try(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Go to a sign-in to see what its answer would become; it signs nobody in."""
    provider = _provider(request.actor, pk)
    require_trier(request.actor, provider)
    return leading_to(request, provider, begin(request, provider))


@recently_authenticated
@require_POST
def identity_alone(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Have the agency's people come in by its own sign-in alone, or by passwords too."""
    agency = _agency(request.actor, pk)
    alone = request.POST.get("alone") == "1"
    settle_sign_in(request.actor, agency, alone=alone)
    said = "by its own sign-in alone" if alone else "by its own sign-in, and by passwords too"
    messages.success(request, f"Kept. Its people come in {said}.")
    return redirect("agency_identity", agency.pk)


@recently_authenticated
@require_POST
def identity_confirm(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Let a sign-in speak that somebody else set up."""
    provider = _provider(request.actor, pk)
    confirm_provider(request.actor, provider)
    messages.success(request, "Confirmed. Its people can sign in with it.")
    return redirect("agency_identity", provider.agency_id)


@recently_authenticated
@require_POST
def identity_end(request: PortalRequest, pk: UUID) -> HttpResponse:
    """End a sign-in now, with the sessions that it opened."""
    provider = _provider(request.actor, pk)
    end_provider(request.actor, provider)
    messages.success(request, "Ended, with every session that it opened.")
    return redirect("agency_identity", provider.agency_id)


def _agency(actor: Actor, pk: UUID) -> Agency:
    """Return the agency whose sign-in the actor sees to; NotVisible otherwise."""
    agency = Agency.objects.filter(pk=pk, short_name__isnull=False).first()
    sees = agency is not None and (has_post(actor, pk, *RESTRICTING) or is_administrator(actor))
    if agency is None or not sees:
        raise NotVisible
    return agency


def _provider(actor: Actor, pk: UUID) -> IdentityProvider:
    provider = IdentityProvider.objects.filter(pk=pk).first()
    if provider is None:
        raise NotVisible
    _agency(actor, provider.agency_id)
    return provider


def _kept(provider: IdentityProvider | None) -> dict[str, Any]:
    if provider is None:
        return {}
    fields = ("protocol", "name", "address", "client_id", "certificate")
    kept = {name: getattr(provider, name) for name in fields}
    names = {f"claim_{key}": name for key, name in provider.claims.items()}
    return {**kept, "domains": provider.domains, "strong": provider.strong, **names}


def _saved(actor: Actor, agency: Agency, form: ProviderForm) -> IdentityProvider | None:
    wanted = ("protocol", "name", "address", "client_id", "secret", "domains", "strong")

    def act(**said: Any) -> IdentityProvider:
        values = {key: said[key] for key in wanted}
        signed = said.get("certificate", "")
        return configure_provider(actor, agency, claims=form.names, certificate=signed, **values)

    return sent(form, act)
