"""What a session may that an agency's own sign-in opened: it speaks for one post of that agency.

Whoever runs an agency's sign-in can say that anybody signed in.  So such a session acts under the
agency's post alone, whatever other posts the person has, and does not change how they sign in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from agencies.actors import NOBODY
from agencies.models import IdentityLink, IdentityProvider, Membership

METHOD = "socialaccount"
CHANGING = (
    "account_change_password",
    "account_set_password",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_view_recovery_codes",
)
"""Addresses on which people change how they sign in, to any of their agencies."""

OWN_WAY = "Sign in with a password or a passkey of your own to change how you sign in."


def vouching_provider(request: HttpRequest) -> UUID | None:
    """Return which provider opened the session; None for one that its person opened.

    The record of it is allauth's own; without it there is no way in through a provider.
    """
    for record in get_authentication_records(request, request.user):
        if record.get("method") == METHOD:
            return UUID(str(record["provider"]))
    return None


def vouched_membership(person_id: UUID, provider: UUID) -> UUID | None:
    """Return the post for which *provider* speaks now; None when post, link or provider ended."""
    links = IdentityLink.objects.filter(
        provider__in=IdentityProvider.objects.speaking().filter(pk=provider),
        membership__in=Membership.objects.acting(),
        membership__person=person_id,
    )
    return links.values_list("membership", flat=True).first()


def only_post(request: HttpRequest) -> UUID | None:
    """Return the one post of a session that an agency's sign-in opened; None leaves all."""
    provider = vouching_provider(request)
    if provider is None:
        return None
    return vouched_membership(request.user.pk, provider) or NOBODY  # type: ignore[arg-type]


class VouchedSessionMiddleware:
    """Keeps sessions that a provider opened from changing how their person signs in elsewhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Raise PermissionDenied where a vouched session would change how its person signs in.

        Who has posts in this one agency only may: there is nothing elsewhere to get at.
        """
        match = request.resolver_match
        if match is None or match.url_name not in CHANGING or not request.user.is_authenticated:
            return
        provider = vouching_provider(request)
        if provider is None:
            return
        own = IdentityProvider.objects.filter(pk=provider).values("agency")
        posts = Membership.objects.filter(person=request.user.pk)
        if posts.exclude(agency__in=own).exists():
            raise PermissionDenied(OWN_WAY)
