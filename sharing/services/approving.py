"""Approving: the owner's supervisor releases what was asked for, or less."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from agencies.actors import Actor
from agencies.clock import database_time
from agencies.codes import Level
from agencies.models import Membership
from agencies.refusals import Conflict, Invalid, NotAllowed, Stale
from sharing.actions import Action
from sharing.boxes import open_share_request
from sharing.models import Record, ShareRequest
from sharing.one_record import record_for
from sharing.posts import roster_of
from sharing.records import lock_record
from sharing.services.deciding import deciding_post, lock_request, require_owner
from sharing.services.issuing import Release, issue_grants, issue_standing_grant, shortened
from sharing.services.offering import chosen_items
from sharing.services.opening import agreement_for, hold_agreement
from sharing.services.recording import record_approval
from sharing.services.undoing import MARGIN
from sharing.terms import Terms
from sharing.transitions import leads_to

AT_ONCE = timedelta()
DECIDED = (
    *("record", "state", "state_before", "agreement", "agreement_before", "effective_at"),
    *("decided_by", "decided_at", "changed_at", "version"),
)
"""What a decision changes of its request, which is locked."""


class Keep:
    """Stands for "as asked", where None means all items."""


KEEP: Final = Keep()


@dataclass(frozen=True)
class Less:
    """What a supervisor changes of a request before approving it; None leaves a term as asked."""

    level: Level | None = None
    until: datetime | None = None
    items: Sequence[UUID] | Keep | None = KEEP
    later: str | None = None
    export: bool | None = None
    unmask: bool | None = None


@transaction.atomic
def approve_request(
    actor: Actor,
    request_id: UUID,
    *,
    version: int | None = None,
    record_id: UUID | None = None,
    level: Level | None = None,
    until: datetime | None = None,
    items: Sequence[UUID] | Keep | None = KEEP,
    later: str | None = None,
    export: bool | None = None,
    unmask: bool | None = None,
    grace: timedelta = AT_ONCE,
    shown: UUID | Keep | None = KEEP,
) -> ShareRequest:
    """Release what a request asks for, with what the supervisor changed; *record_id* attaches a
    record first.

    With a *grace* it can be undone for so long, and reads from a second later on.  *shown* is the
    record that the supervisor was shown: one that was attached since is not released unseen.

    Raises NotVisible, NotAllowed (role, own request, ceiling, another agency's record), Stale,
    Conflict (state, agreement, silent or absent record) and Invalid.
    """
    seen = open_share_request(actor, request_id)
    require_owner(actor, seen)
    record = _record_to_release(actor, seen, record_id)
    request = lock_request(actor, seen.pk, version)
    post = deciding_post(actor, request)
    _require_shown(request, {seen.record_id, seen.record_id if shown is KEEP else shown})
    terms = _terms(request, Less(level, until, items, later, export, unmask))
    if request.category:
        return _approve_standing(actor, request, post, terms, grace)
    if record is None:
        raise Conflict("Attach the record that is asked for, or deny.", code="no_record")
    return _approve_record(actor, request, record, post, terms, grace)


def _record_to_release(
    actor: Actor, request: ShareRequest, record_id: UUID | None
) -> Record | None:
    """Return the record a request is about, locked; one named now must agree with the one it
    has.
    """
    if record_id and request.record_id and record_id != request.record_id:
        raise Invalid({"record": "The request is about another record."})
    wanted = record_id or request.record_id
    if wanted is None:
        return None
    record = record_for(actor, Action.EDIT, wanted)
    attached = Record.Kind.CONTRIBUTION if request.record_id is None else None
    if record is None or record.owner_id != request.owner_id or record.kind == attached:
        raise NotAllowed("You cannot release this record.", code="record")
    if record.originator_id != record.owner_id:
        raise NotAllowed(
            "This came from another agency, which has not consented to its release.", code="onward"
        )
    return lock_record(record.pk, "a record is locked before it is granted")


def _require_shown(request: ShareRequest, looked_at: set[object]) -> None:
    """Raise Stale unless a request, now locked, is about the one record that was looked at.

    Attaching moves no version: its asker would see that there is something to attach.
    """
    if looked_at != {request.record_id}:
        raise Stale(current=request.version)


def _terms(request: ShareRequest, less: Less) -> Terms:
    """Return the terms as the supervisor would have them."""
    asked: Sequence[UUID] | None = request.items
    return Terms(
        level=Level(less.level if less.level is not None else request.level),
        purpose=request.purpose,
        reason=request.reason,
        until=less.until or request.until,
        items=asked if isinstance(less.items, Keep) else less.items,
        later=less.later or request.later,
        export=request.export if less.export is None else less.export,
        unmask=request.unmask if less.unmask is None else less.unmask,
        agreement_id=request.agreement_id,
    )


def as_asked(request: ShareRequest) -> Terms:
    """Return the terms that a request asks for."""
    return _terms(request, Less())


def _outcome(request: ShareRequest, terms: Terms) -> str:
    """Return the event of the table: approved as asked, with fewer items, or on other terms."""
    if terms.items is not None and (request.items is None or set(terms.items) < set(request.items)):
        return "approve_partly"
    as_asked = (
        terms.level == request.level
        and terms.until == request.until
        and terms.later == request.later
        and terms.export == request.export
        and terms.unmask == request.unmask
    )
    return "approve" if as_asked else "approve_conditional"


def _approve_record(
    actor: Actor,
    request: ShareRequest,
    record: Record,
    post: Membership,
    terms: Terms,
    grace: timedelta,
) -> ShareRequest:
    chosen = chosen_items(actor, record, terms.items) if terms.items is not None else None
    release = _release(request, record.category, post, terms, chosen, grace)
    request.record_id = record.pk
    _decide(request, _outcome(request, terms), release)
    grants = issue_grants(record, release)
    record_approval(actor, request, release, grants)
    return request


def _approve_standing(
    actor: Actor,
    request: ShareRequest,
    post: Membership,
    terms: Terms,
    grace: timedelta,
) -> ShareRequest:
    release = _release(request, request.category, post, terms, None, grace)
    _decide(request, _outcome(request, terms), release)
    record_approval(actor, request, release, [issue_standing_grant(release)])
    return request


def _release(
    request: ShareRequest,
    category: str,
    post: Membership,
    terms: Terms,
    chosen: Sequence[Record] | None,
    grace: timedelta,
) -> Release:
    now = database_time()
    terms.checked(now)
    standing = bool(request.category)
    roster = roster_of(request.roster_id)
    agreement = agreement_for(
        owner=request.owner, roster=roster, category=category, terms=terms, standing=standing
    )
    hold_agreement(agreement)
    agreement = agreement_for(
        owner=request.owner, roster=roster, category=category, terms=terms, standing=standing
    )
    return Release(
        request=request,
        agreement=agreement,
        issued_by=post,
        level=terms.level,
        until=shortened(terms.until, agreement),
        later=terms.later,
        items=chosen,
        export=terms.export,
        unmask=terms.unmask,
        decided_at=now,
        starts_at=now + grace + MARGIN if grace else None,
    )


def _decide(request: ShareRequest, event: str, release: Release) -> None:
    request.state_before = request.state if release.starts_at else ""
    request.agreement_before = request.agreement if release.starts_at else None
    request.effective_at = release.starts_at
    request.state = leads_to(request.state, event)
    request.decided_by = release.issued_by
    request.decided_at = request.changed_at = release.decided_at
    request.agreement = release.agreement
    request.version += 1
    request.save(update_fields=DECIDED)
