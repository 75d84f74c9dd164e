"""The items of a case by kind, how many there are of each, and which wait to be released."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Q

from agencies.actors import Actor
from agencies.codes import Level
from agencies.recipients import roster_name
from cases.models import Item
from cases.presentation import level_of
from sharing.actions import Action
from sharing.holdings import grants_for
from sharing.models import Grant
from sharing.naming import names_of
from sharing.services.releasing import waiting_items

Kind = Item.Kind

MANY: Mapping[str, str] = {
    Kind.PERSON: "People",
    Kind.ORGANIZATION: "Organizations",
    Kind.VEHICLE: "Vehicles",
    Kind.PLACE: "Places",
    Kind.EVENT: "Events",
    Kind.PROPERTY: "Property",
    Kind.PHONE: "Phones",
    Kind.ACCOUNT: "Accounts",
    Kind.DOCUMENT: "Documents",
    Kind.NOTE: "Notes",
}
"""What several items of a kind are called, in the order in which they are shown."""


@dataclass(frozen=True)
class Group:
    """Items of one kind, as a page shows them."""

    kind: str
    rows: Sequence[Mapping[str, Any]]

    @property
    def label(self) -> str:
        """Return what they are called together."""
        return MANY[self.kind]


@dataclass(frozen=True)
class Waiting:
    """Protected items that were added since somebody was given the case, and that it lacks."""

    grant: Grant
    who: str
    items: Sequence[tuple[UUID, str]]


def groups_of(rows: Iterable[Mapping[str, Any]]) -> list[Group]:
    """Return items by kind, those that a level hides the kind of left out."""
    found: dict[str, list[Mapping[str, Any]]] = {kind: [] for kind in MANY}
    for row in rows:
        found[row["kind"]].append(row)
    return [Group(kind, several) for kind, several in found.items() if several]


class Counted(NamedTuple):
    """How many items of each kind a reader reaches: the kind, its name, the number; and how many
    protected ones its own agency has.
    """

    kinds: list[tuple[str, str, int]]
    guarded: int


def counted_in(actor: Actor, case_id: UUID) -> Counted:
    """Return how many items of a case a reader reaches; what its own agency has is among them."""
    reached = Item.objects.permitting(actor, Action.LIST).filter(record__case_id=case_id)
    own = Q(record__protected=True, record__owner_id=actor.agency_id)
    numbers = (
        reached.order_by()
        .values_list("kind")
        .annotate(every=Count("pk"), guarded=Count("pk", filter=own))
    )
    found = {kind: (number, guarded) for kind, number, guarded in numbers}
    kinds = [(kind, words, found[kind][0]) for kind, words in MANY.items() if kind in found]
    return Counted(kinds, sum(guarded for _, guarded in found.values()))


def waiting_in(actor: Actor, case_id: UUID, items: Iterable[Item]) -> list[Waiting]:
    """Return what waits in a case of the actor's own, by who lacks it; asked only where *items*
    hold something protected.
    """
    held = (item for item in items if level_of(item) == Level.MANAGE and not item.withheld)
    if not any(item.record.protected for item in held):
        return []
    grants = grants_for(actor, record=case_id, direction="given", state="active")
    found = ((grant, waiting_items(actor, grant)) for grant in grants)
    return [
        Waiting(grant, roster_name(grant.roster), _named(actor, keys))
        for grant, keys in found
        if keys
    ]


def _named(actor: Actor, keys: Sequence[UUID]) -> list[tuple[UUID, str]]:
    return [(key, name.title) for key, name in names_of(actor, keys).items()]
