"""Which access stood behind a line that names none, such as a list of many records.

Taken from the releases as they were at that time; of two, the one that was given last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from agencies.models import Secondment
from ledger.models import Event
from sharing.audit.question import Question
from sharing.holdings import AnyGrant
from sharing.models import Grant, StandingGrant

RELATED = ("decision", "agreement", "issued_by__person")


def accesses_then(question: Question, events: Sequence[Event]) -> dict[int, AnyGrant]:
    """Return, by the number of the event, the access of those of *events* that name none."""
    bare = [event for event in events if question.reads(event) and not event.basis.get("grant")]
    if not bare:
        return {}
    given = _given(question)
    forces = _task_forces(event.membership for event in bare if event.membership)
    found = ((event.seq, _behind(event, given, forces)) for event in bare)
    return {seq: grant for seq, grant in found if grant is not None}


def _given(question: Question) -> dict[UUID, list[AnyGrant]]:
    """Return all that was ever given of the case or its parts, last first, by its roster."""
    grants: list[AnyGrant] = [
        *Grant.objects.select_related(*RELATED).filter(record_id__in=question.records),
        *StandingGrant.objects.select_related(*RELATED).filter(
            owner=question.case.owner_id, category=question.case.category
        ),
    ]
    by_roster: dict[UUID, list[AnyGrant]] = defaultdict(list)
    for grant in sorted(grants, key=lambda one: one.issued_at, reverse=True):
        by_roster[grant.roster_id].append(grant)
    return by_roster


def _task_forces(posts: Iterable[UUID]) -> dict[UUID, list[Secondment]]:
    found: dict[UUID, list[Secondment]] = defaultdict(list)
    for one in Secondment.objects.filter(membership__in=set(posts)):
        found[one.membership_id].append(one)
    return found


def _behind(
    event: Event,
    given: dict[UUID, list[AnyGrant]],
    forces: dict[UUID, list[Secondment]],
) -> AnyGrant | None:
    seconded = forces.get(event.membership, ()) if event.membership else ()
    rosters = [
        event.membership,
        *(one.task_force_id for one in seconded if _held(one.started_at, one.ended_at, event.at)),
        event.agency,
    ]
    standing = (
        grant
        for roster in rosters
        for grant in given.get(roster or UUID(int=0), ())
        if _held(grant.issued_at, min(grant.revoked_at or grant.until, grant.until), event.at)
    )
    return next(standing, None)


def _held(since: datetime, until: datetime | None, at: datetime) -> bool:
    return since <= at and (until is None or at < until)
