"""Which cases a series is made of and which series a case is part of, as far as one may see."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F, Q

from agencies.actors import NOBODY, Actor
from agencies.text_direction import isolated
from cases.listing import RELATED
from cases.models import Case, SeriesMember
from cases.presentation import shown_case
from sharing.actions import Action
from sharing.disclosure import list_records
from sharing.models import Record
from sharing.sealed.queryset import SealedQuerySet

SHOWN = 200


def members_of(actor: Actor, series: Record) -> SealedQuerySet[Case]:
    """Return the members of *series* that *actor* may list, oldest first; never how many others.

    Its own agency sees all that it may list.  Others see the owner's own, which it may pass on, and
    those of their own agency: that it holds a third agency's case is not the owner's to tell.
    """
    members = SeriesMember.objects.filter(series_id=series.pk).values("member_id")
    cases = _listed(actor).filter(pk__in=members)
    if series.owner_id == actor.agency_id:
        return cases
    owners = Q(record__owner_id=series.owner_id, record__originator_id=F("record__owner_id"))
    return cases.filter(owners | Q(record__owner_id=actor.agency_id or NOBODY))


def series_of(actor: Actor, case: Record) -> SealedQuerySet[Case]:
    """Return the series that *actor* may list and in whose page *case* would stand."""
    series = SeriesMember.objects.filter(member_id=case.pk).values("series_id")
    found = _listed(actor).filter(pk__in=series)
    own = actor.agency_id or NOBODY
    if case.owner_id == own:
        return found
    passed_on = Q(record__owner_id=case.owner_id)
    original = case.originator_id == case.owner_id
    return found.filter(Q(record__owner_id=own) | (passed_on if original else Q(pk__in=[])))


def _listed(actor: Actor) -> SealedQuerySet[Case]:
    found = Case.objects.permitting(actor, Action.LIST).with_access(actor)
    return found.select_related(*RELATED).order_by("opened_on", "number")


def series_page(actor: Actor, case: Record) -> dict[str, object]:
    """Return what the page of *case* shows of series: its members, or those it is part of."""
    is_series = case.grouping == Case.Class.SERIES
    found = list((members_of if is_series else series_of)(actor, case)[:SHOWN])
    list_records(actor, found)
    return {
        "is_series": is_series,
        "series_cases": [shown_case(one) for one in found],
        "may_change_series": case.owner_id == actor.agency_id and actor.reads_cases,
    }


def own_series(actor: Actor, *, most: int = 50) -> list[tuple[UUID, str]]:
    """Return the newest series of the actor's agency to which it may add, by number and title."""
    series = Case.objects.permitting(actor, Action.EDIT).filter(
        record__grouping=Case.Class.SERIES, record__owner_id=actor.agency_id
    )
    newest = series.order_by("-record__touched_at").values_list("pk", "number", "record__title")
    return [(key, f"{number} {isolated(title)}") for key, number, title in newest[:most]]
