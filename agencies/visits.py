"""Notes who is at work, page by page and not oftener than every few minutes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from agencies.actors import Actor
from agencies.middleware import API
from agencies.services.visit import note_visit
from agencies.services.waking import note_seen

SEEN = "seen"
"""Key of the session: which post was noted last, and when."""

NOTED_EVERY = timedelta(minutes=5)


class VisitMiddleware:
    """Has a page that a person opened count as being at work.

    What a page fetches by itself does not count, nor what is not there: the answer to that is the
    same to the last header for everybody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, and note the visit once there was something to show."""
        response = self.get_response(request)
        actor: Actor | None = getattr(request, "actor", None)
        opened = response.status_code == HTTPStatus.OK and _is_page(request)
        if opened and actor is not None and (actor.membership_id or actor.is_administrator):
            _note(request, actor)
        return response


def _is_page(request: HttpRequest) -> bool:
    return not request.path.startswith(API) and "HX-Request" not in request.headers


def _note(request: HttpRequest, actor: Actor) -> None:
    post, now = str(actor.membership_id), int(timezone.now().timestamp())
    seen = request.session.get(SEEN, [])
    if seen[:1] != [post] or now - seen[1] >= NOTED_EVERY.total_seconds():
        note_visit(actor)
        note_seen(actor)
        request.session[SEEN] = [post, now]
