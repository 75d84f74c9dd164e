"""Renewing: more time is a new request, decided like any other."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from agencies.actors import Actor
from agencies.codes import Level
from agencies.refusals import Conflict, NotAllowed
from sharing.holdings import grant_state, not_over
from sharing.models import Grant, Record, ShareRequest, StandingGrant
from sharing.one_grant import open_grant
from sharing.services.asking import ask_for_record
from sharing.services.offering import offer_record
from sharing.terms import Terms


@transaction.atomic
def renew_grant(actor: Actor, grant_id: UUID, *, until: datetime, reason: str) -> ShareRequest:
    """Ask for the same access until a later time: the owner's people offer it, the recipient's ask
    for it.

    Approved, it supersedes the grant.  Chosen items are asked for together again, but for those
    that were taken back.
    """
    grant = open_grant(actor, grant_id)
    if isinstance(grant, StandingGrant):
        raise NotAllowed("Standing access is offered anew, not renewed.", code="standing")
    if grant_state(grant) not in ("active", "suspended"):
        raise Conflict("This access has ended; ask for it anew.", code="state")
    record_id, items = _what(grant)
    terms = Terms(
        level=Level(grant.level if items is None else grant.decision.level),
        purpose=grant.purpose,
        reason=reason,
        until=until,
        for_case=actor.for_case,
        items=items,
        later=grant.later,
        export=grant.export,
        unmask=grant.unmask,
    )
    if grant.owner == actor.agency_id:
        return offer_record(actor, record_id=record_id, roster_id=grant.roster_id, terms=terms)
    return ask_for_record(actor, record_id=record_id, terms=terms)


def _what(grant: Grant) -> tuple[UUID, list[UUID] | None]:
    """Return the record to ask for and, where items were chosen, which."""
    siblings = Grant.objects.filter(
        decision_id=grant.decision_id, roster_id=grant.roster_id, kind=Record.Kind.ITEM
    ).exclude(revoke_reason="undone")
    case_id = grant.decision.record_id or grant.record_id
    chosen = siblings.exclude(record_id=case_id)
    if not chosen.exists():
        return grant.record_id, None
    left = list(chosen.filter(not_over()).values_list("record_id", flat=True))
    if not left:
        raise Conflict("What was given with it was taken back; ask for it anew.", code="state")
    return case_id, left
