"""What a page answers when a service says no, when nothing is there, and when nothing works."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers

from agencies.refusals import NotVisible, Refusal, Unconfirmed
from portal.confirmation import ask_to_confirm

API = "/api/"


def not_found(
    request: HttpRequest | None = None, exception: Exception | None = None
) -> HttpResponse:
    """Return the one page for whatever cannot be opened: absent, invisible or mistyped alike."""
    response = HttpResponse(render_to_string("404.html"), status=404)
    response.headers["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["Cookie"])
    return response


def forbidden(
    request: HttpRequest, exception: Exception | None = None, *, reason: str = ""
) -> HttpResponse:
    """Return the page for what may be seen and not done, with the reason where one was given."""
    return _stopped(request, 403, "You cannot do this", reason or _reason_of(exception))


def unavailable(request: HttpRequest) -> HttpResponse:
    """Return the page for when the disclosure log cannot be written, and so nothing is shown."""
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "30"})


def broken(request: HttpRequest) -> HttpResponse:
    """Return the page for a failure of ours; the interface says it in its own form."""
    if request.path.startswith(API):
        from portal.api.problems import fault

        return fault()
    return HttpResponse(render_to_string("500.html"), status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page for a form that is not from this portal, or no longer."""
    return _stopped(
        request,
        403,
        "This form is no longer valid",
        "You may have signed out, or acted as somebody else, since it was opened. Go back, reload "
        "and send it again.",
    )


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Return the page for what a service refused."""
    if isinstance(refusal, NotVisible):
        return not_found()
    if isinstance(refusal, Unconfirmed):
        return ask_to_confirm(request)
    if refusal.status == 403:
        return forbidden(request, reason=refusal.reason)
    return _stopped(request, refusal.status, "This was not done", refusal.reason)


def _reason_of(exception: Exception | None) -> str:
    return str(exception) if exception and str(exception) else "Your role does not allow it."


def _stopped(request: HttpRequest, status: int, heading: str, reason: str) -> HttpResponse:
    context = {"heading": heading, "reason": reason}
    return render(request, "portal/stopped.html", context, status=status)


class RefusalMiddleware:
    """Turns what services refuse into pages; the interface for programs answers for itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; refusals come back through ``process_exception``."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page for a refusal, or None for anything else."""
        from sharing.disclosure import LedgerUnavailable

        if request.path.startswith(API):
            return None
        if isinstance(exception, LedgerUnavailable):
            return unavailable(request)
        return refused(request, exception) if isinstance(exception, Refusal) else None
