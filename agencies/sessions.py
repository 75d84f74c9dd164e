"""Whether the session of a request is open, locked or over: asked of the database each time.

A session locks when nothing was done in it for half an hour and opens when its person shows again
who they are; it is over twelve hours after the sign-in, or when it was ended.
"""

from __future__ import annotations

from datetime import timedelta
from enum import Enum
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest

from agencies.kept import Kept
from agencies.middleware import API, HAT
from agencies.models import BrowserSession, Membership, Person
from agencies.own_way import vouched_alone
from agencies.reauthentication import confirmed_at
from agencies.services.session import begin_session, lock_session, note_activity, unlock_session
from agencies.vouched_sessions import vouching_provider

SESSION, CONFIRMED_BEFORE = "browser_session", "confirmed_before_lock"
"""Keys of Django's session: the row, and when before the lock its person showed who they are."""

BACKGROUND = "X-Background"
"""The header of what a page asks for by itself: no activity, and it opens nothing."""

ASKING = "/account/session/"
"""Where a page asks how its session stands, which is no activity either."""


class State(Enum):
    """How a session stands."""

    OPEN, LOCKED, OVER = "open", "locked", "over"


def begin(request: HttpRequest) -> None:
    """Begin a session for whoever has just signed in; one that the browser had before ends."""
    before = request.session.pop(SESSION, None)
    if before is not None:
        BrowserSession.objects.filter(pk=before).update(ended_at=Now())
    request.session.pop(CONFIRMED_BEFORE, None)
    device = request.headers.get("User-Agent", "")
    person = cast("Person", request.user)
    row = begin_session(person, address=_address(request), device=device)
    request.session[SESSION] = str(row.pk)
    request.browser_session = row  # type: ignore[attr-defined]


def end(request: HttpRequest) -> None:
    """Have the session of a request be over, as signing out does."""
    key = request.session.get(SESSION)
    if key is not None:
        BrowserSession.objects.filter(pk=key, ended_at__isnull=True).update(ended_at=Now())


def lock(request: HttpRequest) -> None:
    """Lock the session of a request now."""
    lock_session(UUID(request.session[SESSION]))
    request.session[CONFIRMED_BEFORE] = confirmed_at(request)


def state_of(request: HttpRequest) -> State:
    """Return how the session of a signed-in request stands; one that is over is signed out here.

    The post that it acts under, if it is in force, is read in the same statement and laid on the
    request, so that nobody needs to ask for it again.
    """
    if request.session.get(SESSION) is None:
        begin(request)
        return State.OPEN
    row = _row(request)
    if row is None or row.ended_at is not None or row.is_over:
        logout(request)
        return State.OVER
    if (row.locked_at is not None or row.is_idle) and not _reopened(request, row):
        return State.LOCKED
    request.browser_session = row  # type: ignore[attr-defined]
    request.post_in_force = row.membership if row.is_acting else None  # type: ignore[attr-defined]
    return State.OPEN


def note(request: HttpRequest) -> None:
    """Write down what counts as activity, and as what, once the request is answered."""
    row: Any = getattr(request, "browser_session", None)
    if row is None or request.session.get(SESSION) != str(row.pk) or not is_activity(request):
        return
    if getattr(row, "is_stale", False) or _acts_otherwise(request, row):
        note_activity(row.pk, cast("Person", request.user), _hat(request))


def is_activity(request: HttpRequest) -> bool:
    """Return whether a person did this, not a page or a program by itself."""
    by_itself = BACKGROUND in request.headers or request.path == ASKING
    return not by_itself and not request.path.startswith(API)


def noted_every() -> timedelta:
    """Return how often activity is written down at most; a lock may come as much too early."""
    return timedelta(seconds=min(60, settings.IDLE_LOCK_SECONDS // 30))


def _row(request: HttpRequest) -> Any:
    vouched = vouching_provider(request) is not None
    kept = _rows(settings.SESSION_SECONDS, settings.IDLE_LOCK_SECONDS, noted_every(), vouched)
    person = cast("Person", request.user).pk
    found = kept(session=UUID(request.session[SESSION]), person=person)
    return next(iter(found), None)


@lru_cache(maxsize=8)
def _rows(age: int, idle: int, stale: timedelta, vouched: bool) -> Kept[BrowserSession]:
    """Return the query for a session's row, which every request makes."""

    def build(session: UUID, person: UUID) -> QuerySet[BrowserSession]:
        own = BrowserSession.objects.filter(pk=session, person=person)
        acting = Membership.objects.acting().filter(pk=OuterRef("membership"))
        acting = acting if vouched else acting.exclude(vouched_alone())
        return own.select_related("membership").annotate(
            is_acting=Exists(acting),
            is_over=Q(began_at__lte=Now() - timedelta(seconds=age)),
            is_idle=Q(active_at__lte=Now() - timedelta(seconds=idle)),
            is_stale=Q(active_at__lte=Now() - stale),
        )

    return Kept(build, "session", "person")


def _reopened(request: HttpRequest, row: BrowserSession) -> bool:
    """Return whether the person showed who they are since the session was found locked."""
    shown = confirmed_at(request)
    before = request.session.setdefault(CONFIRMED_BEFORE, shown)
    if shown <= before:
        return False
    del request.session[CONFIRMED_BEFORE]
    unlock_session(row.pk)
    return True


def _acts_otherwise(request: HttpRequest, row: BrowserSession) -> bool:
    """Return whether the row says another post or round than the request."""
    person = cast("Person", request.user)
    return (row.membership_id, row.round) != (_hat(request), person.session_round)


def _hat(request: HttpRequest) -> UUID | None:
    kept = request.session.get(HAT)
    return UUID(kept) if kept else None


def _address(request: HttpRequest) -> str | None:
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return None
