"""The rule asked as if something had been given: its own branches, over grants that nobody wrote.

The conditions of ``sharing.policy`` read ``sharing_grant``; here a part of the statement has that
name, and holds the grants around the records that are asked about and the supposed ones beside
them.  Nothing is written, so nothing is locked or undone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models.expressions import DatabaseDefault

from agencies.actors import NOBODY, Actor
from agencies.clock import database_time
from agencies.effect import seats
from agencies.models import Membership, Roster
from agencies.refusals import Conflict
from sharing.models import Grant, Record, ShareRequest
from sharing.posts import exchanging_post_of, receiving_agency, roster_of
from sharing.reached import REACHED
from sharing.services.issuing import Release, draft_grants, shortened, unended_grants
from sharing.services.offering import chosen_items, own_record
from sharing.services.opening import agreement_for, require_sense
from sharing.terms import Terms

SUPPOSED = f"""
WITH sharing_grant AS MATERIALIZED (
    SELECT * FROM public.sharing_grant
     WHERE record_id = ANY (%(around)s::uuid[]) AND id <> ALL (%(without)s::uuid[])
    UNION ALL
    SELECT * FROM jsonb_populate_recordset(NULL::public.sharing_grant, %(grants)s::jsonb)
), acting AS MATERIALIZED (
    SELECT * FROM agencies_acting WHERE membership_id = %(membership)s::uuid
), seat AS MATERIALIZED (
    SELECT x.* FROM ({seats("acting")}) x WHERE x.roster_id = ANY (%(rosters)s::uuid[])
), reached AS MATERIALIZED{REACHED.partition("reached AS MATERIALIZED")[2]}"""  # noqa: S608  (of parts of our own)
"""``REACHED`` for one reader through some of its rosters, over supposed grants."""


@dataclass(frozen=True)
class Supposition:
    """As whom records are looked at, and what is supposed to be given.

    *post* reads through *rosters* alone; None where nobody there reads cases.  *grants* are
    supposed, those of *without* are not.
    """

    roster: Roster
    post: UUID | None
    ceiling: int
    rosters: Sequence[UUID]
    grants: Sequence[Grant] = field(default_factory=tuple)
    without: Sequence[UUID] = field(default_factory=tuple)
    release: Release | None = None


def as_readers_of(roster: Roster) -> Supposition:
    """Return how things stand for who reads furthest of a roster, through that roster.

    A person sees by all of its posts' ways; of an agency or a task force, what all of it sees.
    """
    post, ceiling = _furthest(roster.pk)
    return Supposition(roster, post, ceiling, _ways_of(roster, post))


def as_if_released(actor: Actor, record_id: UUID, *, roster_id: UUID, terms: Terms) -> Supposition:
    """Return how things would stand if *actor*'s release authority approved these terms now.

    Raises what offering them would: NotVisible, NotAllowed, Invalid, and Conflict without an
    agreement that covers it.
    """
    post = exchanging_post_of(actor)
    require_sense(terms)
    record = own_record(actor, record_id)
    roster = roster_of(roster_id)
    if receiving_agency(roster) == record.owner_id:
        raise Conflict("They are of your own agency and have access already.", code="own_record")
    release = _release(record, roster, post, terms, chosen_items(actor, record, terms.items))
    held = list(unended_grants([record.pk], release))
    grants = draft_grants(record, release, held)
    standing = as_readers_of(roster)
    return Supposition(
        roster=roster,
        post=standing.post,
        ceiling=standing.ceiling,
        rosters=standing.rosters,
        grants=grants,
        without=[one.pk for one in unended_grants([each.record_id for each in grants], release)],
        release=release,
    )


def _release(
    record: Record, roster: Roster, post: Membership, terms: Terms, chosen: list[Record]
) -> Release:
    agreement = agreement_for(
        owner=record.owner, roster=roster, category=record.category, terms=terms
    )
    return Release(
        request=ShareRequest(roster_id=roster.pk, purpose=terms.purpose),
        agreement=agreement,
        issued_by=post,
        level=terms.level,
        until=shortened(terms.until, agreement),
        later=terms.later,
        items=None if terms.items is None else chosen,
        decided_at=database_time(),
        export=terms.export,
        unmask=terms.unmask,
    )


def _furthest(roster_id: UUID) -> tuple[UUID | None, int]:
    """Return the post of a roster that reads cases up to the highest ceiling, and that ceiling."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT membership_id, ceiling FROM agencies_seat"
            " WHERE roster_id = %s AND reads AND exchanging"
            " ORDER BY ceiling DESC, membership_id LIMIT 1",
            [roster_id],
        )
        found = cursor.fetchone()
    return (found[0], found[1]) if found else (None, 0)


def _ways_of(roster: Roster, post: UUID | None) -> list[UUID]:
    if roster.kind != Roster.Kind.MEMBERSHIP:
        return [roster.pk]
    with connection.cursor() as cursor:
        cursor.execute("SELECT roster_id FROM agencies_seat WHERE membership_id = %s", [post])
        return [row[0] for row in cursor.fetchall()]


def supposed_ahead(
    supposed: Supposition, level: int, roles: Sequence[str], keys: Sequence[UUID]
) -> tuple[str, list[Any]]:
    """Return ``SUPPOSED`` for *keys* and what it is run with, in order."""
    values = {
        "membership": supposed.post or NOBODY,
        "rosters": list(supposed.rosters),
        "around": list(keys),
        "without": list(supposed.without),
        "grants": json.dumps(_rows(supposed.grants)),
        "keys": list(keys),
        "roles": list(roles),
        "level": level,
    }
    order = re.findall(r"%\((\w+)\)s", SUPPOSED)
    return re.sub(r"%\(\w+\)s", "%s", SUPPOSED), [values[name] for name in order]


def _rows(grants: Sequence[Grant]) -> list[dict[str, Any]]:
    """Return unwritten grants as rows of their table; what the database fills in is now."""
    now = database_time()
    return [
        {
            one.column: _plain(one.value_from_object(grant), now)
            for one in grant._meta.concrete_fields  # noqa: SLF001  (public by its documentation)
        }
        for grant in grants
    ]


def _plain(value: Any, now: datetime) -> Any:
    if isinstance(value, DatabaseDefault):
        return now.isoformat()
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
