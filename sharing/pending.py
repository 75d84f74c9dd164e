"""Approvals that can still be undone: given, not yet live, and known to their owner alone.

An approval made on a page counts from ``effective_at`` on.  Until then whoever asked is shown the
request as it was, in every field that the decision touched: once it is undone, nobody but the owner
can tell that it was ever approved.
"""

from __future__ import annotations

from collections.abc import Collection
from copy import copy

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from agencies.actors import Actor
from agencies.clock import database_time
from sharing.models import ShareRequest
from sharing.transitions import RELEASED


def pending() -> Q:
    """Return the condition of a request whose approval does not count yet."""
    return Q(effective_at__gt=Now())


def stands(actor: Actor, states: Collection[str]) -> Q:
    """Return the condition of a request that stands in one of *states*, as *actor* may see it."""
    hidden = pending() & ~Q(owner_id=actor.agency_id)
    return (hidden & Q(state_before__in=states)) | (~hidden & Q(state__in=states))


def released() -> Q:
    """Return the condition of a request that was approved for good."""
    return Q(state__in=RELEASED) & (Q(effective_at__isnull=True) | Q(effective_at__lte=Now()))


def pending_column() -> Combinable:
    """Return whether an approval does not count yet, to be fetched with its request."""
    return ExpressionWrapper(pending(), output_field=BooleanField())


def is_pending(request: ShareRequest) -> bool:
    """Return whether a request's approval does not count yet, as of when it was fetched.

    One that was fetched without ``pending_column`` is asked of the database's clock now.
    """
    if request.effective_at is None:
        return False
    fetched: bool | None = getattr(request, "is_pending", None)
    return request.effective_at > database_time() if fetched is None else fetched


def as_seen(actor: Actor, request: ShareRequest) -> ShareRequest:
    """Return a request as *actor*'s side may see it; where it differs a copy, never to be saved."""
    if request.owner_id == actor.agency_id or not is_pending(request):
        return request
    shown = copy(request)
    shown.state = request.state_before
    shown.version = request.version - 1
    shown.decided_by = shown.decided_at = shown.effective_at = None
    shown.agreement_id = request.agreement_before_id
    return shown
