"""Trying an agency's own sign-in: the answer is shown claim by claim and signs nobody in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.claims import readings, told_by
from agencies.models import IdentityProvider
from agencies.refusals import Conflict, NotAllowed
from agencies.services.identity import REFUSED
from agencies.services.trial import finish_trial

TRYING = "trying_sign_in"
"""Key of the session and of what is kept for the answer: which sign-in is tried, and by whom."""

LONGEST = 300


def begin(request: HttpRequest, provider: IdentityProvider) -> dict[str, str]:
    """Note which sign-in is tried in this session; return what its answer is known again by."""
    request.session[TRYING] = str(provider.pk)
    return {TRYING: str(request.user.pk)}


def tried(request: HttpRequest) -> str | None:
    """Return which sign-in is tried in this session."""
    session = getattr(request, "session", {})
    found = session.get(TRYING)
    return str(found) if found else None


def is_trial(state: dict[str, Any] | None) -> bool:
    """Return whether an answer belongs to a try; nothing that a browser sends says so."""
    return TRYING in ((state or {}).get("data") or {})


def show_answer(
    request: HttpRequest, provider: IdentityProvider, claims: dict[str, Any], state: dict[str, Any]
) -> HttpResponse:
    """Show what the claims would become and whom they mean, to whoever began the try."""
    if state["data"][TRYING] != str(request.user.pk):
        return _over(request)
    how = (provider.agency, provider.claims, provider.strong, claims)
    told = told_by(*how)
    try:
        post = finish_trial(request.actor, provider, told)  # type: ignore[attr-defined]
    except (Conflict, NotAllowed):
        return _over(request)
    context = {"told": told, "readings": readings(*how), "post": post, "nobody": REFUSED}
    return _page(request, provider, context)


def show_fault(request: HttpRequest, provider: IdentityProvider, fault: str) -> HttpResponse:
    """Show why the two machines did not understand each other, to whoever began the try."""
    try:
        finish_trial(request.actor, provider, None)  # type: ignore[attr-defined]
    except (Conflict, NotAllowed):
        return _over(request)
    return _page(request, provider, {"fault": fault[:LONGEST] or "It did not say why."})


def _page(
    request: HttpRequest, provider: IdentityProvider, context: dict[str, Any]
) -> HttpResponse:
    request.session.pop(TRYING, None)
    context |= {"provider": provider, "agency": provider.agency}
    return render(request, "agencies/identity_tried.html", context)


def _over(request: HttpRequest) -> HttpResponse:
    """Say that the try is over; nothing that the sign-in said is shown."""
    request.session.pop(TRYING, None)
    context = {"reason": "This try is over. Begin it again where the sign-in is set up."}
    return render(request, "account/agency_refused.html", context, status=403)
