"""What others changed in cases since a moment, as far as one reader may see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from agencies.actors import NOBODY, Actor
from agencies.codes import Level
from sharing.actions import Action
from sharing.filters import Filters
from sharing.holdings import grants_for
from sharing.listing import page
from sharing.models import Grant, Record, Revision

MOST = 100
"""Cases of which it is told; who was away for longer than that reads the list."""

SHARED, ADDED, RELEASED, CHANGED, VERSION = "shared", "added", "released", "changed", "version"
WORDS = {
    SHARED: ("Shared with you", "Shared with you"),
    ADDED: ("1 new item", "{} new items"),
    RELEASED: ("1 item released to you", "{} items released to you"),
    CHANGED: ("1 item changed", "{} items changed"),
    VERSION: ("New version", "New version, saved {} times"),
}
"""What is said of one and of several."""


@dataclass
class Change:
    """What changed in one case: how many of each, and when last."""

    case_id: UUID
    at: datetime
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def words(self) -> list[str]:
        """Return what changed, the weightiest first."""
        told = [(WORDS[one], self.counts[one]) for one in WORDS if self.counts[one]]
        return [single if number == 1 else many.format(number) for (single, many), number in told]


class _Part(NamedTuple):
    id: UUID
    kind: str
    case_id: UUID | None
    owner_id: UUID
    created_by: UUID | None
    created_at: datetime
    covered_at: datetime


@dataclass(frozen=True)
class _Since:
    """What was found out about the time since the last visit."""

    actor: Actor
    moment: datetime
    shared: dict[UUID, datetime]
    contributed: dict[UUID, datetime]
    items: set[UUID]
    saved: Counter[UUID] = field(default_factory=Counter)
    begun: set[UUID] = field(default_factory=set)


def changes_since(actor: Actor, since: datetime | None) -> list[Change]:
    """Return what others changed since *since* in the cases *actor* may list, newest first.

    A case in which nothing changed that the actor may see is not among them, though its time moved.
    The agency's own new cases are no changes; what oneself did is not told.
    """
    if since is None or actor.agency_id is None:
        return []
    known = _given(actor, since)
    listed = {**_received(actor, since), **_own(actor, since)}
    found = {**known.contributed, **known.shared, **listed}
    parts = _parts(known, found)
    reached = listed.keys() | {part.id for part in parts}
    changes = {key: Change(key, at) for key, at in found.items() if key in reached}
    _read_revisions(known, [*changes, *(part.id for part in parts)])
    for case_id, kind, number in _told(known, parts, changes):
        changes[case_id].counts[kind] += number
    told = [one for one in changes.values() if one.words]
    return sorted(told, key=lambda one: one.at, reverse=True)[:MOST]


def _own(actor: Actor, since: datetime) -> dict[UUID, datetime]:
    """Return the agency's own cases that were there then and moved since."""
    moved = Record.objects.permitting(actor, Action.LIST).filter(
        owner_id=actor.agency_id,
        kind=Record.Kind.CASE,
        touched_at__gt=since,
        created_at__lte=since,
    )
    newest = moved.order_by("-touched_at", "-id")[:MOST]
    return dict(newest.values_list("pk", "touched_at"))


def _received(actor: Actor, since: datetime) -> dict[UUID, datetime]:
    keys = page(actor, Filters(received=True), size=MOST).keys
    return {key.id: key.touched_at for key in keys if key.touched_at > since}


def _given(actor: Actor, since: datetime) -> _Since:
    """Return which cases and items were shared since, and which cases hold such items or were
    contributed to.  Contact only is no case to list, and a renewal is nothing new.
    """
    added_to = Q(kind=Record.Kind.CONTRIBUTION, touched_at__gt=since)
    grants = grants_for(actor, direction="received", state="active").filter(
        Q(starts_at__gt=since) | added_to, level__gte=Level.SUMMARY
    )
    rows = list(grants.values_list("record_id", "roster_id", "kind", "starts_at")[: MOST * 5])
    held = _held_then({row[0] for row in rows}, since)
    new = {key: at for key, roster, kind, at in rows if (key, roster) not in held}
    kinds = {row[0]: row[2] for row in rows}
    items = {key for key in new if kinds[key] == Record.Kind.ITEM}
    parts = [key for key in kinds if key in items or kinds[key] == Record.Kind.CONTRIBUTION]
    return _Since(
        actor,
        since,
        shared={key: at for key, at in new.items() if kinds[key] == Record.Kind.CASE},
        contributed=_cases_of(actor, parts),
        items=items,
    )


def _held_then(records: set[UUID], moment: datetime) -> set[tuple[UUID, UUID]]:
    """Return which of *records* which roster had already at *moment*."""
    if not records:
        return set()
    there = Grant.objects.filter(
        Q(revoked_at__isnull=True) | Q(revoked_at__gt=moment),
        record_id__in=list(records),
        starts_at__lte=moment,
        until__gt=moment,
    )
    return set(there.values_list("record_id", "roster_id"))


def _cases_of(actor: Actor, parts: list[UUID]) -> dict[UUID, datetime]:
    if not parts:
        return {}
    listed = Record.objects.permitting(actor, Action.LIST).filter(pk__in=parts)
    return dict(listed.values_list("case_id", "touched_at"))


def _parts(known: _Since, cases: Iterable[UUID]) -> list[_Part]:
    """Return what the actor may list: the cases given, and of all the items that moved."""
    moved = Q(touched_at__gt=known.moment) | Q(covered_at__gt=known.moment) | Q(pk__in=known.items)
    records = Record.objects.permitting(known.actor, Action.LIST).filter(
        Q(pk__in=[*known.shared, *known.contributed])
        | (Q(kind=Record.Kind.ITEM, case_id__in=list(cases)) & moved)
    )
    return [_Part(*row) for row in records.values_list(*_Part._fields)]


def _read_revisions(known: _Since, records: Iterable[UUID]) -> None:
    """Count what others saved of each record, and note which records began."""
    revisions = Revision.objects.filter(record_id__in=set(records), saved_at__gt=known.moment)
    others = revisions.exclude(saved_by=known.actor.membership_id or NOBODY)
    for record_id, version in others.values_list("record_id", "version"):
        known.saved[record_id] += 1
        if version == 1:
            known.begun.add(record_id)


def _told(
    known: _Since, parts: Iterable[_Part], cases: Mapping[UUID, Change]
) -> Iterator[tuple[UUID, str, int]]:
    """Yield what is told of each case: that it was shared, or what changed in it."""
    new = {case for case in cases if case in known.shared or case in known.begun}
    yield from ((case, SHARED, 1) for case in new)
    yield from ((case, VERSION, known.saved[case]) for case in cases if case not in new)
    for part in parts:
        case_id, kind = part.case_id, _kind_of(known, part)
        if case_id is not None and case_id in cases and case_id not in new and kind:
            yield case_id, kind, 1


def _kind_of(known: _Since, part: _Part) -> str:
    if part.created_at > known.moment:
        return ADDED if part.created_by != known.actor.membership_id else ""
    own = part.owner_id == known.actor.agency_id
    if not own and (part.covered_at > known.moment or part.id in known.items):
        return RELEASED
    return CHANGED if known.saved[part.id] else ""
