"""Who asks: the person signed in, under the membership and purpose that the session holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from agencies.actors import NOBODY, Actor, acting_as, actor_of
from agencies.standstill import standstill
from agencies.vouched_sessions import vouched_membership, vouching_provider

HAT, PURPOSE, FOR_CASE = "hat", "purpose", "for_case"
"""Keys of the session."""

API = "/api/"
ACCOUNT = ("account_", "mfa_")
"""How the names of addresses begin that are for signing in and out and for how one does."""
View = Callable[..., Any]


def needs_no_hat(view: View) -> View:
    """Mark a view as open to whoever is signed in, also without a membership in force."""
    view.needs_no_hat = True  # type: ignore[attr-defined]
    return view


class ActorMiddleware:
    """Lays the actor on the request (None when signed out) and on the person, for permissions.

    Whoever has no membership in force gets one page that says why, whatever the address, except
    portal administrators and pages that need none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on with its actor."""
        request.actor = actor_of_session(request)  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Return the page that says why nothing can be opened, or None to go on."""
        actor: Actor | None = request.actor  # type: ignore[attr-defined]
        if actor is None or actor.membership_id or actor.is_administrator:
            return None
        if request.path.startswith(API) or _is_open(request, view):
            return None
        return standstill(request, chosen=_uuid(request.session.get(HAT)))


def actor_of_session(request: HttpRequest) -> Actor | None:
    """Return who is signed in, acting as the session says; at first, under the first post."""
    if not request.user.is_authenticated or getattr(request, "locked", False):
        return None
    person = request.user
    provider = vouching_provider(request)
    if provider is not None and person.is_staff:
        logout(request)
        return None
    chosen = _uuid(request.session.get(HAT))
    if provider is not None:
        chosen = vouched_membership(person.pk, provider) or NOBODY
    said = {
        "purpose": request.session.get(PURPOSE, ""),
        "for_case": request.session.get(FOR_CASE, ""),
    }
    post = getattr(request, "post_in_force", None)
    if post is not None and post.pk == chosen:
        post.person = person
        actor = acting_as(post, **said)
    else:
        actor = actor_of(person, chosen, vouched=provider is not None, **said)
    if chosen is None and actor.membership_id is not None:
        request.session[HAT] = str(actor.membership_id)
    person.actor = actor
    return actor


def _is_open(request: HttpRequest, view: View) -> bool:
    """Return whether *view* is public, marked as open, or one of the sign-in pages."""
    match = request.resolver_match
    name = (match.url_name if match else None) or ""
    return (
        not getattr(view, "login_required", True)
        or getattr(view, "needs_no_hat", False)
        or name.startswith(ACCOUNT)
    )


def _uuid(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
