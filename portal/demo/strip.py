"""The strip on every page of the demonstration, and what is remembered for it between pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from agencies.actors import Actor
from portal.demo.offers import as_of_now, offer_after

OFFER = "demo_offer"
"""Key of the session: the offer that stands."""

READ_ONLY = ("GET", "HEAD", "OPTIONS")


def strip(request: HttpRequest) -> dict[str, Any]:
    """Give templates the offer that stands, in the words of this moment."""
    session = getattr(request, "session", None)
    kept = session.get(OFFER) if session is not None else None
    return {"offer": as_of_now(kept) if kept else None}


class OfferMiddleware:
    """Looks, after each thing done on a page, whether there is another side to see it from."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and remember what to offer on the next page."""
        response = self.get_response(request)
        actor: Actor | None = getattr(request, "actor", None)
        acted = request.method not in READ_ONLY and response.status_code < 400
        if acted and actor is not None and actor.membership_id and _is_page(request):
            found = offer_after(actor)
            if found is not None:
                request.session[OFFER] = found.kept()
        return response


def _is_page(request: HttpRequest) -> bool:
    return not request.path.startswith(("/api/", "/demo/"))
