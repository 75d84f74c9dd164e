"""Issuing grants: what an approved request becomes.

One grant reaches a whole case however many items it holds; chosen items are one grant each and give
the case itself at summary.  A new decision on the same record for the same roster supersedes the
old one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from agencies.codes import Level
from agencies.models import Agreement, Membership
from sharing.holdings import grant_states, not_over
from sharing.inserting import insert_new
from sharing.models import Grant, Record, ShareRequest, StandingGrant
from sharing.shapes import Shape, each
from sharing.terms import FOREVER, NEVER

G = TypeVar("G", Grant, StandingGrant)
Later = ShareRequest.Later

COPIED = (
    *("kind", "touched_at", "sensitivity", "category", "grouping"),
    *("type", "status"),
)
"""What a grant has of its record, beside the owner; a trigger keeps it."""

IN_USE = {"active", "pending"}
"""States of a grant that gives what it says, now or in some seconds."""


@dataclass(frozen=True)
class Release:
    """What a supervisor decided to give: the terms as approved, under which agreement, by whom.

    ``decided_at`` is now; ``issued_at`` is when that was, where grants are written later: what is
    left of a grant is as old as the grant, and so ends with whatever ended that.  ``starts_at`` is
    from when it reads, where that is not at once.
    """

    request: ShareRequest
    agreement: Agreement
    issued_by: Membership
    level: Level
    until: datetime
    later: str
    items: Sequence[Record] | None
    decided_at: datetime
    export: bool = False
    unmask: bool = False
    issued_at: datetime | None = None
    starts_at: datetime | None = None


def bounds(later: str, *, unmask: bool, now: datetime) -> tuple[datetime, datetime]:
    """Return until when an item may come under cover to be reached, and until when a protected one
    may.

    Protected items are reached from the start only where identities are given, and later ones only
    where everything added later is.
    """
    items_until = now if later == Later.NO else FOREVER
    if later == Later.ALL:
        return items_until, FOREVER
    return items_until, now if unmask else NEVER


def unended_grants(records: Sequence[UUID], release: Release) -> QuerySet[Grant]:
    """Return the grants of some records to the roster of a release that it meets unended."""
    return _unended(
        records=records, roster=release.request.roster_id, since=release.issued_at or Now()
    )


def _unended(*, records: Any, roster: UUID, since: Any) -> QuerySet[Grant]:
    grants = Grant.objects.select_related("agreement", "roster__membership")
    return grants.filter(not_over(), record_id__in=records, roster_id=roster, until__gt=since)


HELD: Shape[Grant] = Shape(
    lambda records, roster, since: (
        _unended(records=each(records), roster=roster, since=since)
        .select_for_update(of=("self",))
        .order_by("pk")
    ),
    records=list,
    roster=UUID,
    since=datetime,
)


def held_grants(records: Sequence[UUID], release: Release) -> list[Grant]:
    """Return those grants, locked."""
    since = release.issued_at or release.decided_at
    return HELD.rows(records=list(records), roster=release.request.roster_id, since=since)


def supersede(grants: QuerySet[G], release: Release) -> None:
    """End grants that a newer decision replaces, at the moment at which what it gives begins.

    Those that end before then anyway are left alone.
    """
    moment = release.starts_at or Now()
    at_once = grants.model is Grant and release.starts_at is None
    grants.filter(Q(revoked_at__isnull=True) | Q(revoked_at__gt=moment)).update(
        revoked_at=moment,
        revoked_by=release.issued_by,
        revoke_reason="superseded",
        superseded_by=release.request,
        **({"ended_at": Now()} if at_once else {}),
    )


def issue_grants(record: Record, release: Release) -> list[Grant]:
    """Write the grants of a release of one record, superseding those it replaces; the record is
    locked.
    """
    held = held_grants([record.pk, *(item.pk for item in release.items or ())], release)
    of_record = [one for one in held if one.record_id == record.pk]
    return _issue(draft_grants(record, release, of_record), held, release)


def issue_items(items: Sequence[Record], release: Release) -> list[Grant]:
    """Write a grant of each chosen item."""
    held = held_grants([item.pk for item in items], release)
    return _issue(_draft_items(items, release), held, release)


def draft_grants(record: Record, release: Release, held: Sequence[Grant]) -> list[Grant]:
    """Return the grants that a release of one record becomes, unwritten.

    *held* are those that its roster has of the record already.
    """
    if release.items is None:
        return [_draft(record, release, _scope(record, release), release.level)]
    drafts = _draft_items(release.items, release)
    level = min(release.level, Level.SUMMARY)
    if not _in_use(record, held, level):
        drafts.append(_draft(record, release, Grant.Scope.RECORD, level))
    return drafts


def _draft_items(items: Sequence[Record], release: Release) -> list[Grant]:
    """Return a grant of each chosen item; at most full, because one adds to cases."""
    level = min(release.level, Level.VIEW)
    return [_draft(item, release, Grant.Scope.RECORD, level) for item in items]


def _in_use(record: Record, held: Sequence[Grant], level: int) -> bool:
    """Return whether the roster holds as much of a case already, by a grant that gives it now."""
    enough = [
        one
        for one in held
        if one.level >= level
        and one.revoked_at is None
        and record.category in one.agreement.categories
    ]
    return bool(IN_USE & set(grant_states(enough).values()))


def issue_standing_grant(release: Release) -> StandingGrant:
    """Write the standing grant of a release by category, superseding the one it replaces."""
    request = release.request
    held = StandingGrant.objects.filter(
        owner_id=request.owner_id,
        roster_id=request.roster_id,
        category=request.category,
        until__gt=Now(),
    )
    supersede(held, release)
    grant = StandingGrant(
        owner_id=request.owner_id,
        roster_id=request.roster_id,
        category=request.category,
        level=release.level,
        purpose=request.purpose,
        agreement=release.agreement,
        decision=request,
        until=release.until,
        issued_by=release.issued_by,
    )
    return _written([grant], release)[0]


def shortened(wish: datetime, agreement: Agreement) -> datetime:
    """Return *wish*, or the agreement's end if that comes first."""
    return min(wish, agreement.expires_at)


def _scope(record: Record, release: Release) -> str:
    covers = record.kind != Record.Kind.ITEM and release.level >= Level.SUMMARY
    return Grant.Scope.ALL if covers else Grant.Scope.RECORD


def _draft(record: Record, release: Release, scope: str, level: int) -> Grant:
    items_until, protected_until = bounds(
        release.later, unmask=release.unmask, now=release.decided_at
    )
    grant = Grant(
        record_id=record.pk,
        roster_id=release.request.roster_id,
        scope=scope,
        level=level,
        purpose=release.request.purpose,
        agreement=release.agreement,
        decision=release.request,
        until=release.until,
        items_until=items_until,
        protected_until=protected_until,
        later=release.later if scope == Grant.Scope.ALL else Later.NO,
        export=release.export,
        unmask=release.unmask,
        issued_by=release.issued_by,
        owner=record.owner_id,
        **{name: getattr(record, name) for name in COPIED},
    )
    if release.issued_at is not None:
        grant.issued_at = release.issued_at
    return grant


def _issue(drafts: Sequence[Grant], held: Sequence[Grant], release: Release) -> list[Grant]:
    """Write grants in the place of those *held* of the same records, which they supersede."""
    about = {draft.record_id for draft in drafts}
    replaced = [one.pk for one in held if one.record_id in about]
    if replaced:
        supersede(Grant.objects.filter(pk__in=replaced), release)
    return _written(drafts, release)


def _written(grants: Sequence[G], release: Release) -> list[G]:
    """Return new grants as the database has them, begun when the release says."""
    if release.starts_at is not None:
        for grant in grants:
            grant.starts_at = release.starts_at
    return insert_new(grants)
