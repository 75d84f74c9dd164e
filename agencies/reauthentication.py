"""Who approves, exports or administers showed just now who they are (CJISSECPOL 6.0 IA-11).

Signing in counts, and so does each confirmation since: by password, authenticator app or passkey.
A personal token is no session and is never asked.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from time import time
from typing import Any, TypeVar, cast

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest

from agencies.models import Person
from agencies.refusals import Unconfirmed

STAYS_CONFIRMED = "stays_confirmed"
"""Key of the session: the personas of the demonstration are asked for nothing."""

READING = ("GET", "HEAD", "OPTIONS")
View = TypeVar("View", bound=Callable[..., Any])


def confirmed_at(request: HttpRequest) -> float:
    """Return when the person of the session showed last who they are; 0.0 where nothing says so."""
    whose = Person(pk=request.session.get(SESSION_KEY))
    records = get_authentication_records(request, whose)
    return max((float(record["at"]) for record in records), default=0.0)


def is_confirmed(request: HttpRequest) -> bool:
    """Return whether that was within the time that sensitive acts ask for."""
    if settings.DEMO and request.session.get(STAYS_CONFIRMED):
        return True
    return time() - confirmed_at(request) < settings.REAUTHENTICATION_SECONDS


def require_confirmed(request: HttpRequest) -> None:
    """Raise Unconfirmed unless the person of the session showed just now who they are."""
    if not is_confirmed(request):
        raise Unconfirmed


def recently_authenticated(view: View) -> View:
    """Ask to confirm, before *view* does anything, whoever signed in too long ago.

    A form that arrives too late is kept and sent once that is done; pages see to it.
    """
    return _guarded(view, passing=())


def recently_authenticated_to_send(view: View) -> View:
    """Do the same for what is sent, while the page is open to look at."""
    return _guarded(view, passing=READING)


def _guarded(view: View, *, passing: tuple[str, ...]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method not in passing:
            require_confirmed(request)
        return view(request, *args, **kwargs)

    guarded.asks_again = True  # type: ignore[attr-defined]
    return cast("View", guarded)
