"""Signing in through an agency's own identity provider, as allauth asks us to decide it."""

from __future__ import annotations

from typing import Any, NoReturn
from uuid import UUID

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.claims import told_by
from agencies.encryption import decrypt
from agencies.models import IdentityProvider
from agencies.refusals import NotAllowed
from agencies.saml import saml_settings
from agencies.services.identity import REFUSED, refuse_sign_in, vouched_post

SAML = IdentityProvider.Protocol.SAML.value


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
        """Return the providers that may speak now; the one named, if one is."""
        speaking = IdentityProvider.objects.speaking()
        if provider == SAML:
            return [app_of(one) for one in speaking.filter(protocol=SAML, pk=_uuid(client_id))]
        found = speaking.filter(pk=_uuid(provider)) if provider else speaking
        return [app_of(one) for one in found]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Return False, always."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Put the person of the agency's post in; refuse, in the same words, what means nobody."""
        provider = _speaking(sociallogin.account.provider)
        claims = merged(sociallogin.account.extra_data)
        if provider.protocol == SAML:
            claims.setdefault("sub", sociallogin.account.uid)
        told = told_by(provider.agency, provider.claims, provider.strong, claims)
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
        """Say that it did not work; what went wrong between the two machines is on our log."""
        row = IdentityProvider.objects.filter(pk=_uuid(provider.app.provider_id)).first()
        if row is not None:
            refuse_sign_in(row, None, reason="protocol")
        raise ImmediateHttpResponse(refused(request, "Your agency's sign-in did not finish."))


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


def _speaking(provider_id: str) -> IdentityProvider:
    return IdentityProvider.objects.speaking().select_related("agency").get(pk=provider_id)


def _uuid(text: str | None) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        return UUID(int=0)
