"""Narrowing: any member of the owner takes away part of what was given, at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from datetime import datetime
from typing import NamedTuple
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

ORDER: list[str] = [
    ShareRequest.Later.NO,
    ShareRequest.Later.EXCEPT_PROTECTED,
    ShareRequest.Later.ALL,
]
WIDER = "Narrowing only takes away; offer again to give more."


class Narrowing(NamedTuple):
    """What is to be left of a grant; None leaves a part as it is."""

    level: Level | None
    until: datetime | None
    later: str | None
    export: bool | None
    unmask: bool | None

    @property
    def conditions(self) -> list[tuple[str, bool | None]]:
        """Return what may be taken back of the conditions, by the grant's own names."""
        return [("export", self.export), ("unmask", self.unmask)]


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
    asked = Narrowing(level, until, later, export, unmask)
    _refuse_wider(grant, asked, now)
    before = copy(grant)
    _apply(grant, asked, now)
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


def _refuse_wider(grant: Grant, asked: Narrowing, now: datetime) -> None:
    errors = dict.fromkeys(_wider(grant, asked), WIDER)
    if asked.until is not None and asked.until <= now:
        errors["until"] = "This time has passed; end the access instead."
    if errors:
        raise Invalid(errors)


def _wider(grant: Grant, asked: Narrowing) -> Iterator[str]:
    """Yield the parts in which more is asked for than was given."""
    if asked.level is not None and not Level.POINTER <= asked.level <= grant.level:
        yield "level"
    if asked.until is not None and asked.until > grant.until:
        yield "until"
    if asked.later is not None and (
        asked.later not in ORDER or ORDER.index(asked.later) > ORDER.index(grant.later)
    ):
        yield "later"
    yield from (name for name, value in asked.conditions if value and not getattr(grant, name))


def _apply(grant: Grant, asked: Narrowing, now: datetime) -> None:
    if asked.level is not None:
        grant.level = asked.level
        if asked.level == Level.POINTER:
            grant.scope = Grant.Scope.RECORD
    grant.until = asked.until or grant.until
    for name, value in asked.conditions:
        if value is not None:
            setattr(grant, name, value)
    if asked.later is not None or asked.unmask is False:
        _shorten_reach(grant, now, asked.later or grant.later)
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
