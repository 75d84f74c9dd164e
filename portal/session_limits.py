"""A locked session opens nothing: not a page, not a part of one, not a file, not the interface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from agencies.middleware import API
from agencies.reauthentication import READING
from agencies.session_views import locked_address, page_of_ours
from agencies.sessions import State, note, state_of
from portal.confirmation import hold
from portal.lost_session import given_back

OPEN_WHILE_LOCKED = (
    "account_locked",
    "account_lock",
    "account_logout",
    "account_confirm_at_agency",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
)
"""Names of the addresses by which a session is unlocked or left."""


class SessionLimitsMiddleware:
    """Ends sessions in time, and has those that are locked show nothing but how to unlock them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Say on the request whether its session is locked; then nobody acts in it."""
        signed_in = request.user.is_authenticated
        request.locked = signed_in and state_of(request) is State.LOCKED  # type: ignore[attr-defined]
        response = self.get_response(request)
        note(request)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Return the way to unlock, keeping what was typed, or None to go on.

        The interface for programs goes on as well: to it, whoever is locked is nobody.
        """
        if not request.locked or _is_open(request, view):  # type: ignore[attr-defined]
            return None
        return None if request.path.startswith(API) else way_to_unlock(request)


def way_to_unlock(request: HttpRequest) -> HttpResponseBase:
    """Return the way to unlock and, from there, back to what was asked for or sent."""
    where = locked_address(_after(request))
    if "HX-Request" in request.headers:
        return HttpResponse(status=401, headers={"HX-Redirect": where})
    if request.method in READING or _keeps(where):
        return redirect(where)
    return given_back(request, redirect(where))


def _after(request: HttpRequest) -> str:
    """Return what to open once unlocked: the page, or the form that was sent, if it can be kept."""
    if request.method not in READING:
        secret = any("password" in name for name in request.POST)
        key = None if secret else hold(request)
        return reverse("held_form", args=[key]) if key else "/"
    if "HX-Request" not in request.headers:
        return request.get_full_path()
    page = urlsplit(request.headers.get("HX-Current-URL", ""))
    return page_of_ours(request, page._replace(scheme="", netloc="").geturl())


def _keeps(where: str) -> bool:
    """Return whether an address leads on to a form that was kept."""
    return where != locked_address("/")


def _is_open(request: HttpRequest, view: Callable[..., Any]) -> bool:
    match = request.resolver_match
    name = match.url_name if match else None
    return name in OPEN_WHILE_LOCKED or not getattr(view, "login_required", True)
