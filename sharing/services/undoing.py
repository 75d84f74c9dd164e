"""Undoing: who approved takes it back before it takes effect; nothing was live, nobody is told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from agencies.actors import Actor
from agencies.clock import database_time
from agencies.refusals import Conflict, NotAllowed
from ledger.services import record_event, withdraw_messages
from sharing.boxes import open_share_request
from sharing.models import Grant, ShareRequest, StandingGrant
from sharing.posts import post_of
from sharing.services.deciding import hold_record, lock_request
from sharing.transitions import leads_to, undo_to

MARGIN = timedelta(seconds=1)
"""Between the last moment to undo and the first of reading, for the undoing to be committed in."""

TELLING = ("request.approved", "grant.issued", "grant.acknowledge_needed", "grant.narrowed")
TOO_LATE = "This took effect already. Stop sharing instead; they are told that access ended."
CHANGED = "This was stopped or decided anew meanwhile; there is nothing left to undo."


@transaction.atomic
def undo_approval(actor: Actor, request_id: UUID) -> ShareRequest:
    """Put a request back as it was before the actor approved it on a page.

    Raises NotVisible, NotAllowed for anybody but the approver, and Conflict once it is in effect.
    """
    seen = open_share_request(actor, request_id)
    if seen.owner_id != actor.agency_id:
        raise NotAllowed("Only the owning agency decides this.", code="not_owner")
    post = post_of(actor)
    hold_record(seen)
    request = lock_request(actor, seen.pk, None)
    if request.effective_at is None or request.effective_at - MARGIN <= database_time():
        raise Conflict(TOO_LATE, code="state")
    if request.decided_by_id != post.pk:
        raise NotAllowed("Only who approved it takes that back.", code="not_approver")
    if any(grant.revoked_at is not None for grant in _given(request)):
        raise Conflict(CHANGED, code="state")
    grants = take_back(request, by=post.pk)
    record_event(
        actor,
        "request.approval_undone",
        request,
        records=[request.record_id] if request.record_id else [],
        concerns=[request.owner_id],
        grants=grants,
    )
    return request


def take_back(request: ShareRequest, *, by: UUID) -> list[UUID]:
    """End what an approval that is not in effect gave, restore what it replaced, and return the
    grants.

    The request is not in effect yet; it, and its record if it has one, are locked.
    """
    effective_at = cast("datetime", request.effective_at)
    grants = [grant.pk for grant in _given(request)]
    for model in (Grant, StandingGrant):
        model.objects.filter(pk__in=grants).update(
            revoked_at=Now(),
            revoked_by=by,
            revoke_reason="undone",
            version=F("version") + 1,
            **({"ended_at": Now()} if model is Grant else {}),
        )
        model.objects.filter(
            superseded_by=request, revoke_reason="superseded", revoked_at__gt=Now()
        ).update(revoked_at=None, revoked_by=None, revoke_reason="", superseded_by=None)
    withdraw_messages([request.pk, *grants], TELLING, since=effective_at)
    _restore(request)
    return grants


def _given(request: ShareRequest) -> list[Grant | StandingGrant]:
    """Return what an approval gave and was not undone before, locked."""
    return [
        grant
        for model in (Grant, StandingGrant)
        for grant in model.objects.select_for_update(of=("self",))
        .filter(decision=request)
        .exclude(revoke_reason="undone")
        .order_by("pk")
    ]


def _restore(request: ShareRequest) -> None:
    """Put back every field that the decision touched; the version, too, is that of before."""
    request.state = leads_to(request.state, undo_to(request.state_before))
    request.agreement_id = request.agreement_before_id
    request.agreement_before = request.decided_by = None
    request.decided_at = request.effective_at = None
    request.state_before = ""
    request.version -= 1
    request.changed_at = Now()
    request.save()
    request.refresh_from_db()
