"""Pages of sessions: one's own, what is shown while one is locked, and how it stands."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from agencies.devices import device_name
from agencies.middleware import needs_no_hat
from agencies.portal_request import PortalRequest
from agencies.services.session import end_other_sessions, end_session, open_sessions
from agencies.sessions import SESSION, State, lock


@needs_no_hat
@require_safe
def sessions(request: PortalRequest) -> HttpResponse:
    """Show where the person is signed in."""
    current = request.session.get(SESSION)
    rows = [
        {
            "row": one,
            "device": device_name(one.device),
            "is_current": str(one.pk) == current,
        }
        for one in open_sessions(request.user.pk)
    ]
    return render(request, "account/sessions.html", {"rows": rows})


@needs_no_hat
@require_POST
def end_one(request: PortalRequest, pk: UUID) -> HttpResponse:
    """End one of the person's sessions."""
    end_session(request.actor, pk)
    return redirect("account_sessions")


@needs_no_hat
@require_POST
def end_others(request: PortalRequest) -> HttpResponse:
    """End all of the person's sessions but this one."""
    end_other_sessions(request.actor, UUID(request.session[SESSION]))
    return redirect("account_sessions")


@needs_no_hat
@require_POST
def lock_now(request: PortalRequest) -> HttpResponse:
    """Lock this session: whoever leaves the desk, or the page after half an hour."""
    lock(request)
    return redirect(locked_address(page_of_ours(request, request.POST.get("next", ""))))


@needs_no_hat
@require_safe
def locked(request: HttpRequest) -> HttpResponse:
    """Show nothing but how to unlock; whoever is not locked goes on."""
    after = page_of_ours(request, request.GET.get("next", ""))
    if not getattr(request, "locked", False):
        return redirect(after)
    ways = get_adapter().get_reauthentication_methods(request.user)
    context = {"ways": [_way(way, after) for way in ways]}
    return render(request, "account/locked.html", context)


@needs_no_hat
@require_safe
def unlocked(request: HttpRequest) -> HttpResponse:
    """Say that the pages in other tabs are open again."""
    return render(request, "account/unlocked.html")


@login_not_required
@require_safe
def how_it_stands(request: HttpRequest) -> JsonResponse:
    """Say whether the session is open, locked or over; asking is no activity."""
    state = State.OPEN if request.user.is_authenticated else State.OVER
    if getattr(request, "locked", False):
        state = State.LOCKED
    return JsonResponse({"state": state.value}, headers={"Cache-Control": "no-store"})


@needs_no_hat
@require_POST
def still_here(request: HttpRequest) -> HttpResponse:
    """Take note that somebody types on a page that sends nothing meanwhile."""
    return HttpResponse(status=204)


def locked_address(after: str) -> str:
    """Return the address of the page of a locked session that leads on to *after*."""
    return f"{reverse('account_locked')}?{urlencode({'next': after})}"


def page_of_ours(request: HttpRequest, wanted: str) -> str:
    """Return *wanted* if it is a page of this portal, else home."""
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else "/"


def _way(way: dict[str, Any], after: str) -> dict[str, Any]:
    return {**way, "url": f"{way['url']}?{urlencode({'next': after})}"}
