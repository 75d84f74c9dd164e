"""Lists of cases and of the items of one, each as far as its reader reaches it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from agencies.actors import Actor
from agencies.codes import Level
from cases.models import Case, Item
from cases.presentation import contributable, level_of
from sharing.actions import Action
from sharing.cursors import Key
from sharing.disclosure import id_of, list_records
from sharing.filters import Filters
from sharing.listing import Page, fill
from sharing.models import Record
from sharing.sealed.queryset import SealedQuerySet

RELATED = ("record", "record__owner", "record__originator")
NO_FILTERS = Filters()


def case_page(
    actor: Actor,
    filters: Filters = NO_FILTERS,
    *,
    after: Key | None = None,
    before: Key | None = None,
    size: int = 50,
    channel: str = "page",
) -> tuple[list[Case], Page]:
    """Return a page of cases, newest first; those of other agencies are on the ledger as listed."""
    cases, page = fill(
        actor,
        Case.objects.select_related("record", "record__owner"),
        filters,
        after=after,
        before=before,
        size=size,
    )
    _say_what_may_be_added_to(actor, cases)
    list_records(actor, cases, channel=channel)
    return cases, page


def _say_what_may_be_added_to(actor: Actor, cases: list[Case]) -> None:
    """Set ``may_contribute`` on every row, so that rows ask nothing each for itself."""
    given = [case.pk for case in cases if level_of(case) == Level.CONTRIBUTE]
    open_ = contributable(actor, given) if given else set()
    for case in cases:
        case.may_contribute = case.pk in open_  # type: ignore[attr-defined]


def reachable_items(actor: Actor, case_id: UUID) -> SealedQuerySet[Item]:
    """Return the items of a case that *actor* reaches, with how far; whoever shows them logs it."""
    return (
        Item.objects.permitting(actor, Action.LIST)
        .with_access(actor)
        .select_related(*RELATED)
        .filter(record__case_id=case_id)
    )


def items_of(actor: Actor, case_id: UUID, *, channel: str = "page") -> list[Item]:
    """Return the items of a case that *actor* reaches, contributed ones among them, oldest first.

    Those of other agencies are on the ledger as listed.
    """
    items = list(reachable_items(actor, case_id).order_by("record__created_at", "pk"))
    list_records(actor, items, channel=channel)
    return items


def items_after(
    actor: Actor, case_id: UUID, *, kind: str = "", after: str = "", size: int = 200
) -> tuple[list[Item], UUID | None]:
    """Return up to *size* items that *actor* reaches behind the one *after*, oldest first, and the
    id to go on from; of one *kind* if named.

    Those of other agencies are on the ledger as listed.
    """
    reached = reachable_items(actor, case_id)
    if kind:
        reached = reached.filter(kind=kind)
    last = reached.filter(pk=id_of(after)).first() if after else None
    if last is not None:
        at = last.record.created_at
        reached = reached.filter(
            Q(record__created_at__gt=at) | Q(record__created_at=at, pk__gt=last.pk)
        )
    found = list(reached.order_by("record__created_at", "pk")[: size + 1])
    items = found[:size]
    list_records(actor, items)
    return items, items[-1].pk if len(found) > size else None


def own_contributions(actor: Actor) -> list[Item]:
    """Return what the actor's agency added to others' cases, though it may reach those no more."""
    return list(
        Item.objects.permitting(actor, Action.EDIT)
        .with_access(actor)
        .select_related(*RELATED)
        .filter(record__case_id__in=_cases_contributed_to(actor))
        .order_by("-record__touched_at", "pk")
    )


def _cases_contributed_to(actor: Actor) -> list[UUID]:
    contributions = Record.objects.permitting(actor, Action.EDIT).filter(
        kind=Record.Kind.CONTRIBUTION
    )
    return list(contributions.values_list("case_id", flat=True))
