"""SAML 2.0 beside OpenID Connect, with the extra ``saml``: what allauth needs, the addresses."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

from agencies.models import IdentityProvider


def saml_settings(provider: IdentityProvider) -> dict[str, Any]:
    """Return how to speak SAML with a provider: signed assertions, asked for by us alone."""
    return {
        "idp": {
            "entity_id": provider.client_id,
            "sso_url": provider.address,
            "x509cert": provider.certificate,
        },
        "attribute_mapping": {"uid": [provider.claims.get("subject") or "sub"]},
        "advanced": {
            "want_assertion_signed": True,
            "want_name_id": False,
            "reject_idp_initiated_sso": True,
            "reject_deprecated_algorithm": True,
        },
    }


@login_not_required
def no_such_page(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Say that there is none: a provider signs nobody out here, the session's own end does."""
    raise Http404


def saml_addresses() -> list[URLPattern]:
    """Return the addresses to which providers answer; none without the extra."""
    if not settings.SAML_INSTALLED:
        return []
    views = import_module("allauth.socialaccount.providers.saml.views")
    at = "account/agency/saml/<str:organization_slug>/"
    return [
        path(f"{at}answer/", views.acs, name="saml_acs"),
        path(f"{at}answer/finish/", views.finish_acs, name="saml_finish_acs"),
        path(f"{at}metadata/", views.metadata, name="saml_metadata"),
        path(f"{at}out/", no_such_page, name="saml_sls"),
    ]
