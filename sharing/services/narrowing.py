"""Narrowing: any member of the owner takes away part of what was given, at once."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from agencies.actors import Actor
from agencies.clock import database_time
from agencies.codes import Level
from agencies.refusals import Conflict, Invalid, NotAllowed, Stale
from ledger.services import Tell
from sharing.grant_events import record_grant_event
from sharing.holdings import RELATED, is_over
from sharing.models import Grant, Record, ShareRequest, StandingGrant
from sharing.records import lock_record
from sharing.services.issuing import Release, bounds, issue_items
from sharing.services.offering import chosen_items
from sharing.services.revoking import owned_grant

ORDER = [ShareRequest.Later.NO, ShareRequest.Later.EXCEPT_PROTECTED, ShareRequest.Later.ALL]
WIDER = "Narrowing only takes away; offer again to give more."


@transaction.atomic
def narrow_grant(
    actor: Actor,
    grant_id: UUID,
    *,
    version: int | None = None,
    level: Level | None = None,
    until: datetime | None = None,
    later: str | None = None,
    items: Sequence[UUID] | None = None,
    export: bool | None = None,
    unmask: bool | None = None,
) -> Grant:
    """Lower the level, shorten the time, leave out later or other items, or take back a condition.

    Raises Invalid for anything wider than what was given, and Conflict for a grant that has ended.
    """
    found = owned_grant(actor, grant_id)
    if isinstance(found, StandingGrant):
        raise NotAllowed("Standing access is ended, not narrowed.", code="standing")
    lock_record(found.record_id, "a record is locked before its grants")
    grant = Grant.objects.select_for_update(of=("self",)).select_related("roster").get(pk=found.pk)
    if version is not None and grant.version != version:
        raise Stale(current=grant.version)
    now = database_time()
    if is_over(grant, now):
        raise Conflict("This access has ended already.", code="state")
    _refuse_wider(grant, now, level, until, later, {"export": export, "unmask": unmask})
    before = copy(grant)
    _apply(grant, now, level, until, later, {"export": export, "unmask": unmask})
    if items is not None:
        _reissue(actor, grant, items)
    _record(actor, before, grant)
    return Grant.objects.select_related(*RELATED).get(pk=grant.pk)


def _record(actor: Actor, before: Grant, grant: Grant) -> None:
    record_grant_event(
        actor,
        "grant.narrowed",
        grant,
        tell=[Tell("grant.narrowed", grant.roster_id)],
        tell_at=grant.starts_at,
        level=Level(grant.level).code,
        purpose=grant.purpose,
        level_before=before.level,
        until_before=before.until,
        later_before=before.later,
    )


def _refuse_wider(
    grant: Grant,
    now: datetime,
    level: Level | None,
    until: datetime | None,
    later: str | None,
    conditions: dict[str, bool | None],
) -> None:
    errors: dict[str, str] = {}
    if level is not None and not Level.POINTER <= level <= grant.level:
        errors["level"] = WIDER
    if until is not None and until > grant.until:
        errors["until"] = WIDER
    if until is not None and until <= now:
        errors["until"] = "This time has passed; end the access instead."
    if later is not None and (
        later not in ORDER
        or ORDER.index(ShareRequest.Later(later)) > ORDER.index(ShareRequest.Later(grant.later))
    ):
        errors["later"] = WIDER
    for name, value in conditions.items():
        if value and not getattr(grant, name):
            errors[name] = WIDER
    if errors:
        raise Invalid(errors)


def _apply(
    grant: Grant,
    now: datetime,
    level: Level | None,
    until: datetime | None,
    later: str | None,
    conditions: dict[str, bool | None],
) -> None:
    if level is not None:
        grant.level = level
        if level == Level.POINTER:
            grant.scope = Grant.Scope.RECORD
    grant.until = until or grant.until
    for name, value in conditions.items():
        if value is not None:
            setattr(grant, name, value)
    if later is not None or conditions.get("unmask") is False:
        _shorten_reach(grant, now, later or grant.later)
    grant.version = F("version") + 1
    grant.save()
    grant.refresh_from_db()


def _shorten_reach(grant: Grant, now: datetime, later: str) -> None:
    """Bound what the grant reaches; what it reached until now of an ordinary kind it keeps."""
    items_until, protected_until = bounds(later, unmask=grant.unmask, now=now)
    grant.items_until = min(grant.items_until, items_until)
    grant.protected_until = min(grant.protected_until, protected_until)
    grant.later = later


def _reissue(actor: Actor, grant: Grant, items: Sequence[UUID]) -> None:
    """Put grants of chosen items, all of which it reached, in the place of one that reached all."""
    if grant.scope != Grant.Scope.ALL:
        raise Invalid({"items": "This access names single items already; end those to take away."})
    record = lock_record(grant.record_id, "a record is locked before its grants")
    chosen = chosen_items(actor, record, items)
    if not all(_reaches(grant, item) for item in chosen):
        raise Invalid({"items": WIDER})
    release = Release(
        request=grant.decision,
        agreement=grant.agreement,
        issued_by=grant.issued_by,
        level=Level(grant.level),
        until=grant.until,
        later=ShareRequest.Later.NO,
        items=chosen,
        decided_at=database_time(),
        export=grant.export,
        unmask=grant.unmask,
        issued_at=grant.issued_at,
        starts_at=grant.starts_at,
    )
    Grant.objects.filter(pk=grant.pk).update(
        scope=Grant.Scope.RECORD,
        level=min(grant.level, Level.SUMMARY),
        later=ShareRequest.Later.NO,
    )
    issue_items(chosen, release)
    grant.refresh_from_db()


def _reaches(grant: Grant, item: Record) -> bool:
    """Return whether a grant of all reaches *item* (branch ``cover`` of the policy)."""
    in_time = item.covered_at <= grant.items_until
    told = not item.protected or item.covered_at <= grant.protected_until
    return item.cover_id == grant.record_id and in_time and told
