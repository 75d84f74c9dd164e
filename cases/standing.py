"""How an item stands in its case: what decides whether it is protected."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from cases.fields.checks import moment_of
from cases.models import Case, Item
from cases.protection import Standing
from sharing.models import Record

NEEDING = (Item.Kind.PERSON, Item.Kind.PLACE)
"""Kinds that an event or the type of a case may turn out to protect."""


def standing_of(item: Item, restrictions: Collection[str], case: Case) -> Standing:
    """Return how *item* stands; it counts as of the first event of the case, or its opening."""
    return _standing(item, restrictions, case, first_day(case))


def reasons_of(items: Iterable[Item], case: Case) -> dict[UUID, str]:
    """Return in words what protects each protected one of *items*, for the agency that owns it."""
    protected = [item for item in items if item.record.protected]
    since = first_day(case) if protected else case.opened_on
    return {
        item.pk: ", ".join(_standing(item, item.record.restrictions, case, since).reasons)
        for item in protected
    }


def _standing(item: Item, restrictions: Collection[str], case: Case, since: date) -> Standing:
    return Standing(
        kind=item.kind,
        role=item.role,
        fields=item.fields,
        restrictions=restrictions,
        case_type=case.record.type,
        since=since,
    )


def first_day(case: Case) -> date:
    """Return the earliest day on which something in *case* happened, at the latest its opening."""
    begun = (
        Item.objects.unrestricted("when a case began decides who was a juvenile")
        .filter(record__case_id=case.pk, kind=Item.Kind.EVENT, fields__has_key="from")
        .values_list("fields__from", flat=True)
    )
    return min((moment_of(text).date() for text in begun), default=case.opened_on)


def protect_again(case: Case) -> None:
    """Protect what has turned out to need it: an earlier event, another type of case.

    Protecting restricts, so it needs nobody's leave; nothing is unmasked here.
    """
    since = first_day(case)
    items = Item.objects.unrestricted("what needs protecting is masked for every reader")
    for item in items.select_related("record").filter(
        record__case_id=case.pk, record__protected=False, kind__in=NEEDING
    ):
        standing = _standing(item, item.record.restrictions, case, since)
        if standing.is_protected:
            Record.objects.unrestricted("what needs protecting is masked for every reader").filter(
                pk=item.pk
            ).update(protected=True)
