"""Signing in through an agency's own identity provider, as allauth asks us to decide it."""

from __future__ import annotations

from typing import Any, NoReturn
from uuid import UUID

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.calling import careful_session
from agencies.claims import told_by
from agencies.encryption import decrypt
from agencies.models import IdentityProvider
from agencies.refusals import NotAllowed
from agencies.revouching import asked_last, finish, is_confirming, not_confirmed
from agencies.saml import saml_settings, stricter
from agencies.services.identity import REFUSED, refuse_sign_in, vouched_post
from agencies.sign_in_trial import is_trial, show_answer, show_fault, tried

SAML = IdentityProvider.Protocol.SAML.value
NOT_FINISHED = "Your agency's sign-in did not finish."


def oidc_settings(provider: IdentityProvider) -> dict[str, Any]:
    """Return what allauth needs to speak OpenID Connect with a provider."""
    return {"server_url": provider.address, "oauth_pkce_enabled": True}


class AgencyProviders(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Makes providers of our rows, and people of what they tell: of their own agency, and no other.

    Nobody is made known, linked by an address of another agency, or given anything by it.
    """

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Return the providers that may speak now, or are tried; the one named, if one is."""
        known = IdentityProvider.objects.answering(_uuid(tried(request)))
        if provider == SAML:
            return [app_of(one) for one in known.filter(protocol=SAML, pk=_uuid(client_id))]
        found = known.filter(pk=_uuid(provider)) if provider else known
        return [app_of(one) for one in found]

    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> Any:
        """Return a provider; one that speaks SAML by our stricter class."""
        found = super().get_provider(request, provider, client_id=client_id)
        return stricter(found) if found.id == SAML else found

    def get_requests_session(self) -> Any:
        """Return with what providers are called."""
        return careful_session(settings.SOCIALACCOUNT_REQUESTS_TIMEOUT)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Return False, always."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Put the person of the agency's post in; refuse, in the same words, what means nobody."""
        provider = _answered(request, sociallogin)
        claims = merged(sociallogin.account.extra_data)
        if is_trial(sociallogin.state):
            shown = show_answer(request, provider, claims, sociallogin.state)
            raise ImmediateHttpResponse(shown)
        told = told_by(provider.agency, provider.claims, provider.strong, claims)
        if is_confirming(sociallogin.state):
            shown = finish(request, provider, told, claims, sociallogin.state)
            raise ImmediateHttpResponse(shown)
        reason = "claims" if told.refusals else "nobody_here"
        try:
            if told.refusals:
                raise NotAllowed(REFUSED)
            post = vouched_post(provider, told)
        except NotAllowed as refusal:
            refuse_sign_in(provider, told, reason=reason)
            raise ImmediateHttpResponse(refused(request, refusal.reason)) from refusal
        if request.user.is_authenticated:
            logout(request)
        sociallogin.user = post.person
        sociallogin.account.uid = told.subject
        sociallogin.account.extra_data = {}
        sociallogin.user.second_factor_shown = told.strong

    def on_authentication_error(self, request: HttpRequest, provider: Any, **more: Any) -> NoReturn:
        """Say that it did not work; why is told to whoever tries it, and is on our log."""
        row = IdentityProvider.objects.filter(pk=_uuid(provider.app.provider_id)).first()
        if row is not None and tried(request) == str(row.pk) and request.user.is_authenticated:
            raise ImmediateHttpResponse(show_fault(request, row, _fault(**more)))
        if row is not None:
            refuse_sign_in(row, None, reason="protocol")
        state = (more.get("extra_context") or {}).get("state") or asked_last(request, row)
        if row is not None and is_confirming(state) and request.user.is_authenticated:
            raise ImmediateHttpResponse(not_confirmed(request, row, state))
        raise ImmediateHttpResponse(refused(request, NOT_FINISHED))


def app_of(provider: IdentityProvider) -> SocialApp:
    """Return a provider as allauth knows them, unsaved."""
    speaks_saml = provider.protocol == SAML
    return SocialApp(
        provider=SAML if speaks_saml else "openid_connect",
        provider_id=str(provider.pk),
        name=provider.name,
        client_id=str(provider.pk) if speaks_saml else provider.client_id,
        secret=decrypt(provider.secret) if provider.secret else "",
        settings=saml_settings(provider) if speaks_saml else oidc_settings(provider),
    )


def merged(data: dict[str, Any]) -> dict[str, Any]:
    """Return the claims of the token and of the user's page as one; none where they are of two."""
    token, page = data.get("id_token"), data.get("userinfo")
    if token is None or page is None:
        return dict(token or page or data)
    return {**page, **token} if token.get("sub") == page.get("sub") else {}


def refused(request: HttpRequest, reason: str) -> HttpResponse:
    """Return the page that says that nobody was signed in."""
    return render(request, "account/agency_refused.html", {"reason": reason}, status=403)


def _answered(request: HttpRequest, sociallogin: Any) -> IdentityProvider:
    """Return the provider that answered; one that may not speak is heard in a try alone."""
    rows = IdentityProvider.objects.select_related("agency")
    if not is_trial(sociallogin.state):
        rows = rows.speaking()
    row = rows.filter(pk=sociallogin.account.provider).first()
    if row is None:
        raise ImmediateHttpResponse(refused(request, NOT_FINISHED))
    return row


def _fault(exception: Any = None, extra_context: dict[str, Any] | None = None, **more: Any) -> str:
    said = (extra_context or {}).get("saml_last_error_reason")
    return str(said or exception or "")


def _uuid(text: str | None) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        return UUID(int=0)
