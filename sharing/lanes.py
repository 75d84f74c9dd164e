"""Which requests take a second look before they are decided, and why, in words.

Flags are read for all requests of a page together, in the same few statements however many there
are.  They speak to the owner's people of what their own agency holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Count, F, Max, Q

from agencies.actors import Actor
from agencies.codes import Level
from agencies.recipients import roster_name
from agencies.text_direction import isolated
from sharing.actions import Action
from sharing.forms.terms import USUAL_DAYS
from sharing.models import Record, ShareRequest
from sharing.pending import released

INTELLIGENCE = ("criminal_intelligence", "gang", "tip_sar")
USUAL = timedelta(days=USUAL_DAYS + 1)
"""Longer than the days that forms propose, whose last day counts to its end."""


@dataclass(frozen=True)
class Contents:
    """What is in what a request asks for, as far as it takes a second look."""

    juvenile: bool = False
    protected: bool = False
    foreign: int = 0
    newest: datetime | None = None


NOTHING = Contents()
JUVENILE = Q(label__startswith="Juvenile")
"""What a masked person is called who is protected as a juvenile alone."""


def flags_of(actor: Actor, requests: Sequence[ShareRequest]) -> dict[UUID, list[str]]:
    """Return by request why to look closer, in words; nothing where it is routine."""
    known = set(
        ShareRequest.objects.filter(released(), owner=actor.agency_id)
        .filter(roster__in={request.roster_id for request in requests})
        .values_list("roster_id", flat=True)
    )
    wanted = [request.record_id for request in requests if request.record_id]
    records = Record.objects.permitting(actor, Action.PROPOSE).in_bulk(wanted)
    held = _contents(actor, requests, records)
    return {
        request.pk: [
            *_of_terms(request),
            *([] if request.roster_id in known else [f"First time with {isolated(_who(request))}"]),
            *_of_record(request, records.get(request.record_id)),
            *_of_contents(request, held.get(request.pk, NOTHING)),
        ]
        for request in requests
    }


def _who(request: ShareRequest) -> str:
    return roster_name(request.roster)


def _of_terms(request: ShareRequest) -> list[str]:
    flags = {
        "Names of protected people asked for": request.unmask,
        "May export it": request.export,
        "May add to it": request.level == Level.CONTRIBUTE,
        f"Longer than the usual {USUAL_DAYS} days": request.until > request.created_at + USUAL,
        "Standing access, not one case": bool(request.category),
        "No case attached yet": request.record_id is None and not request.category,
    }
    return [words for words, yes in flags.items() if yes]


def _of_record(request: ShareRequest, record: Record | None) -> list[str]:
    if record is None:
        return []
    flags = {
        "Intelligence": record.category in INTELLIGENCE or record.grouping == "intelligence",
        "Case changed since it was asked for": record.touched_at > request.created_at,
    }
    return [words for words, yes in flags.items() if yes]


def _of_contents(request: ShareRequest, held: Contents) -> list[str]:
    flags = {
        "Juvenile in it": held.juvenile,
        "Protected person in it": held.protected and not held.juvenile,
        "Items added since": held.newest is not None and held.newest > request.created_at,
        f"{held.foreign} of another agency: left out": held.foreign > 0,
    }
    return [words for words, yes in flags.items() if yes]


def _contents(
    actor: Actor, requests: Iterable[ShareRequest], records: Mapping[UUID, Record]
) -> dict[UUID, Contents]:
    """Return what is in the cases asked for, or in the items where some were chosen.

    A case by itself gives nobody who is protected; only who is chosen by name takes a second look.
    """
    about = {
        one.pk: records[one.record_id]
        for one in requests
        if one.record_id and one.record_id in records
    }
    some = {one.pk: one.items for one in requests if one.items is not None}
    some |= {pk: [one.pk] for pk, one in about.items() if one.kind == Record.Kind.ITEM}
    whole = {pk: one.case_id or one.pk for pk, one in about.items() if pk not in some}
    cases = _grouped(actor, "case_id", set(whole.values()))
    items = _grouped(actor, "pk", {item for chosen in some.values() for item in chosen})
    found = {
        pk: replace(cases[case], protected=False) for pk, case in whole.items() if case in cases
    }
    for pk, chosen in some.items():
        found[pk] = _together([items[item] for item in chosen if item in items])
    return found


def _grouped(actor: Actor, by: str, wanted: set[UUID]) -> Mapping[UUID, Contents]:
    """Return what is in the items that the actor manages, by their case or each by itself."""
    if not wanted:
        return {}
    rows = (
        Record.objects.permitting(actor, Action.PROPOSE)
        .filter(kind=Record.Kind.ITEM, **{f"{by}__in": wanted})
        .order_by()
        .values(by)
        .annotate(
            is_juvenile=BoolOr(Q(restrictions__contains=["juvenile"]) | JUVENILE),
            is_protected=BoolOr("protected"),
            foreign=Count("pk", filter=~Q(originator=F("owner"))),
            newest=Max("created_at"),
        )
        .values_list(by, "is_juvenile", "is_protected", "foreign", "newest")
    )
    return {row[0]: Contents(*row[1:]) for row in rows}


def _together(found: Sequence[Contents]) -> Contents:
    return Contents(
        juvenile=any(one.juvenile for one in found),
        protected=any(one.protected for one in found),
        foreign=sum(one.foreign for one in found),
        newest=max((one.newest for one in found if one.newest), default=None),
    )
