"""Making a series of cases, adding to it and taking out of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from agencies.actors import Actor
from agencies.refusals import Conflict, Invalid
from cases.models import Case, SeriesMember
from cases.reach import case_to_change
from cases.services.opening import open_case
from ledger.services import record_event
from sharing.actions import Action
from sharing.posts import post_of

MOST = 200
"""Cases of one series: as many as one page can compare."""

GONE = "A case that you chose is not available any more. Choose again."
"""Said of what may not be listed and of what never was alike."""


@transaction.atomic
def make_series(actor: Actor, *, members: Sequence[UUID], **opening: Any) -> Case:
    """Open a case of class series and say of which cases it is made.

    *opening* is what ``open_case`` takes.  Raises Invalid where a member may not be listed by the
    actor, with the same words as where there is none.
    """
    series = open_case(actor, **{**opening, "grouping": Case.Class.SERIES})
    _add(actor, series, members)
    return series


@transaction.atomic
def add_to_series(actor: Actor, series_id: UUID, *, members: Sequence[UUID]) -> Case:
    """Say that more cases belong to a series of one's own agency.  Idempotent."""
    series = _series_to_change(actor, series_id)
    _add(actor, series, members)
    return series


@transaction.atomic
def take_out_of_series(actor: Actor, series_id: UUID, *, member: UUID) -> Case:
    """Say that a case does not belong to a series after all.  Idempotent, also for no member."""
    series = _series_to_change(actor, series_id)
    gone, _ = SeriesMember.objects.filter(series_id=series.pk, member_id=member).delete()
    if gone:
        _record(actor, series, "series.reduced", [member])
    return series


def _series_to_change(actor: Actor, series_id: UUID) -> Case:
    post_of(actor)
    series = case_to_change(actor, series_id)
    if series.record.grouping != Case.Class.SERIES:
        raise Conflict("This case is no series.", code="class")
    return series


def _add(actor: Actor, series: Case, members: Iterable[UUID]) -> None:
    """Link what the actor may list and is no series itself; the series stays where it is in lists:
    who else reads it learns nothing of its members.
    """
    wanted = list(dict.fromkeys(members))
    there = set(_members(series).values_list("member_id", flat=True))
    new = [key for key in wanted if key not in there]
    _check(actor, new, total=len(there) + len(new))
    post = post_of(actor)
    SeriesMember.objects.bulk_create(
        SeriesMember(series_id=series.pk, member_id=key, added_by=post) for key in new
    )
    if new:
        _record(actor, series, "series.extended", new)


def _members(series: Case) -> Any:
    return SeriesMember.objects.filter(series_id=series.pk)


def _check(actor: Actor, new: list[UUID], *, total: int) -> None:
    if not total:
        raise Invalid({"case": "Choose the cases that the series is made of."})
    if total > MOST:
        raise Invalid({"case": f"A series is made of at most {MOST} cases."})
    cases = Case.objects.permitting(actor, Action.LIST).filter(pk__in=new)
    classes = dict(cases.values_list("pk", "record__grouping"))
    if len(classes) < len(new):
        raise Invalid({"case": GONE})
    if Case.Class.SERIES in classes.values():
        raise Invalid({"case": "A series is made of cases, not of other series."})


def _record(actor: Actor, series: Case, kind: str, members: list[UUID]) -> None:
    """Write it to the history of the series alone: a member's readers need not know of it."""
    record_event(
        actor,
        kind,
        series.record,
        records=[series.pk],
        concerns=[series.record.owner_id],
        cases=members,
    )
