"""Showing again who one is where one signed in: at the agency's own sign-in (CJISSECPOL 6.0 IA-11).

The provider is asked to have its person sign in anew and to say when that was (OpenID Connect Core
1.0, 3.1.2.1, ``prompt`` and ``max_age``; saml-core-2.0-os, 3.4.1, ``ForceAuthn``); an answer that
does not say so confirms nothing.
"""

from __future__ import annotations

from time import time
from typing import Any, cast
from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from allauth.socialaccount.internal.statekit import get_states
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from agencies.claims import Told
from agencies.factors import factors_of
from agencies.middleware import needs_no_hat
from agencies.models import IdentityProvider, Person
from agencies.refusals import NotVisible
from agencies.services.identity import meant_post, refuse_sign_in, spoken
from agencies.services.sign_in import is_locked
from agencies.session_views import page_of_ours
from agencies.vouched_sessions import METHOD, vouched_membership, vouching_provider

WHOSE, THEN, ASKED = "confirming", "then", "asked"
"""Keys of what is kept for the answer: whose it is to be, where it leads on, and since when."""

SKEW = 60
"""Seconds by which the clocks of two machines may differ."""

NOT_FRESH = "It did not say that you signed in there just now."
NOT_YOU = "It answered for somebody else, or for nobody here."
NO_FACTOR = "It did not say that you showed a second factor there."
NOT_DONE = "It did not finish."


def provider_to_ask(request: HttpRequest) -> IdentityProvider | None:
    """Return the provider that opened the session, if it can be asked again; None otherwise."""
    pk = vouching_provider(request) if request.user.is_authenticated else None
    if pk is None:
        return None
    speaking = IdentityProvider.objects.speaking().select_related("agency")
    return speaking.filter(pk=pk, protocol__in=spoken()).first()


def way_of(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the way to confirm at the agency's sign-in, as one of a list; none without one."""
    row = provider_to_ask(request)
    if row is None:
        return []
    words = f"Use the sign-in of {row.agency.name}"
    return [{"id": "agency", "description": words, "url": reverse("account_confirm_at_agency")}]


@needs_no_hat
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_at_agency(request: HttpRequest) -> HttpResponse:
    """Lead to the agency's sign-in, which asks its person anew, and from there back."""
    from agencies.agency_sign_in import leading_to

    row = provider_to_ask(request)
    if row is None:
        raise NotVisible
    sent = request.POST if request.method == "POST" else request.GET
    then = page_of_ours(request, sent.get("next", ""))
    if request.method != "POST":
        return _page(request, row, then)
    kept = {WHOSE: str(request.user.pk), THEN: then, ASKED: str(int(time()))}
    return leading_to(request, row, kept, anew=True)


def is_confirming(state: dict[str, Any] | None) -> bool:
    """Return whether an answer belongs to a confirmation; nothing that a browser sends says so."""
    return WHOSE in ((state or {}).get("data") or {})


def asked_last(request: HttpRequest, row: IdentityProvider | None) -> dict[str, Any]:
    """Return what is kept for the confirmation that a SAML provider was asked for last, if any: its
    answer that is none does not name the question.
    """
    if row is None or row.protocol != IdentityProvider.Protocol.SAML:
        return {}
    kept = [one for one in get_states(request).values() if one[2] == str(row.pk)]
    kept = [one for one in kept if is_confirming(one[0])]
    return max(kept, key=lambda one: one[1])[0] if kept else {}


def finish(
    request: HttpRequest,
    row: IdentityProvider,
    told: Told,
    claims: dict[str, Any],
    state: dict[str, Any],
) -> HttpResponse:
    """Take the answer as a confirmation of the session's person and lead on, or say why not."""
    kept = state["data"]
    why = _why_not(request, row, told, claims, kept)
    if why:
        refuse_sign_in(row, told, reason="confirming")
        return not_confirmed(request, row, state, why)
    who: Any = request.user
    record_authentication(
        request, who, METHOD, provider=str(row.pk), uid=told.subject, reauthenticated=True
    )
    return redirect(page_of_ours(request, kept[THEN]))


def not_confirmed(
    request: HttpRequest, row: IdentityProvider, state: dict[str, Any], why: str = NOT_DONE
) -> HttpResponse:
    """Say why nothing was confirmed, with the way to try again; what waits goes on waiting."""
    return _page(request, row, page_of_ours(request, state["data"][THEN]), why)


def _why_not(
    request: HttpRequest,
    row: IdentityProvider,
    told: Told,
    claims: dict[str, Any],
    kept: dict[str, str],
) -> str:
    """Return why an answer confirms nothing; nothing where it does."""
    if not _is_theirs(request, row, told, kept):
        return NOT_YOU
    if not _is_fresh(claims.get("auth_time"), int(kept[ASKED])):
        return NOT_FRESH
    person = cast("Person", request.user)
    own = not settings.SECOND_FACTOR_REQUIRED or factors_of(person).exists()
    return "" if own or told.strong else NO_FACTOR


def _is_fresh(at: Any, asked: int) -> bool:
    """Return whether a moment lies between the asking and now, as far as clocks agree."""
    return isinstance(at, int) and asked - SKEW <= at <= int(time()) + SKEW


def _is_theirs(
    request: HttpRequest, row: IdentityProvider, told: Told, kept: dict[str, str]
) -> bool:
    """Return whether the answer is of the session's person, under the post that it vouches for."""
    if str(request.user.pk) != kept[WHOSE] or vouching_provider(request) != row.pk:
        return False
    post, linked = meant_post(row, told)
    if told.refusals or post is None or not linked:
        return False
    person = cast("Person", request.user)
    return post.pk == vouched_membership(UUID(kept[WHOSE]), row.pk) and not is_locked(person)


def _page(request: HttpRequest, row: IdentityProvider, then: str, why: str = "") -> HttpResponse:
    context = {"provider": row, "next": then, "why": why}
    status = 403 if why else 200
    return render(request, "account/confirm_at_agency.html", context, status=status)
