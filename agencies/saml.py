"""SAML 2.0 beside OpenID Connect, with the extra ``saml``: what allauth needs, the addresses."""

from __future__ import annotations

from importlib import import_module
from textwrap import wrap
from typing import Any

from cryptography.x509 import load_pem_x509_certificate
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

from agencies.models import IdentityProvider
from agencies.refusals import Invalid


def saml_settings(provider: IdentityProvider) -> dict[str, Any]:
    """Return how to speak SAML with a provider: signed assertions, asked for by us alone."""
    return {
        "idp": {
            "entity_id": provider.client_id,
            "sso_url": provider.address,
            "x509cert": provider.certificate,
        },
        "advanced": {
            "want_assertion_signed": True,
            "want_name_id": False,
            "reject_idp_initiated_sso": True,
            "reject_deprecated_algorithm": True,
            "allow_single_label_domains": settings.SIGN_IN_ON_LOOPBACK,
        },
    }


def stricter(provider: Any) -> Any:
    """Return allauth's provider as ours, which asks for more (see ``agencies.saml_views``)."""
    ours = import_module("agencies.saml_views").AgencySaml
    return ours(provider.request, app=provider.app)


def certificate_of(text: str) -> str:
    """Return a certificate as PEM, with or without its lines around; Invalid where it is none."""
    body = "".join(text.split())
    body = body.replace("-----BEGINCERTIFICATE-----", "").replace("-----ENDCERTIFICATE-----", "")
    lines = "\n".join(wrap(body, 64))
    pem = f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"
    try:
        load_pem_x509_certificate(pem.encode("ascii"))
    except ValueError as error:
        wanted = "Paste the certificate by which it signs, as text that begins with BEGIN."
        raise Invalid({"certificate": wanted}) from error
    return pem


@login_not_required
def no_such_page(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Say that there is none: a provider signs nobody out here, the session's own end does."""
    raise Http404


def saml_addresses() -> list[URLPattern]:
    """Return the addresses to which providers answer; none without the extra."""
    if not settings.SAML_INSTALLED:
        return []
    views = import_module("agencies.saml_views")
    at = "account/agency/saml/<str:organization_slug>/"
    return [
        path(f"{at}answer/", views.answer, name="saml_acs"),
        path(f"{at}answer/finish/", views.finish, name="saml_finish_acs"),
        path(f"{at}metadata/", views.metadata, name="saml_metadata"),
        path(f"{at}out/", no_such_page, name="saml_sls"),
    ]
