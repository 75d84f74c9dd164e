"""Whoever has no second factor adds one before anything else opens (CJISSECPOL 6.0 IA-2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from agencies.actors import Actor
from agencies.factors import has_factor
from agencies.middleware import ACCOUNT, API
from agencies.refusals import NotAllowed


class EnrolmentMiddleware:
    """Leads to the page on which a second factor is added, whatever was asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the gate stands before the view."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Return the way to the page, or None to go on."""
        actor: Actor | None = getattr(request, "actor", None)
        if actor is None or request.path.startswith(API) or _is_open(request, view):
            return None
        if not must_enrol(request):
            return None
        where = reverse("mfa_index")
        if "HX-Request" in request.headers:
            return HttpResponse(status=403, headers={"HX-Redirect": where})
        return HttpResponseRedirect(where)


def must_enrol(request: HttpRequest) -> bool:
    """Return whether the person of the session must add a second factor before anything else."""
    return settings.SECOND_FACTOR_REQUIRED and not has_factor(request, request.user)  # type: ignore[arg-type]


def require_enrolled(request: HttpRequest) -> None:
    """Raise NotAllowed where the session's person has no second factor yet and must."""
    if must_enrol(request):
        raise NotAllowed("Sign in on a page and add a second factor first.", code="second_factor")


def _is_open(request: HttpRequest, view: Any) -> bool:
    match = request.resolver_match
    name = (match.url_name if match else None) or ""
    return not getattr(view, "login_required", True) or name.startswith(ACCOUNT)
