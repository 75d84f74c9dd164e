"""Accounts that wait for somebody: locked ones, and what takes a second person to confirm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from agencies.actors import Actor
from agencies.codes import Role
from agencies.models import Enabling, FactorClearing, Membership, Person, SignInName
from agencies.posts import unended
from agencies.services.looking_after import RESTRICTING
from agencies.services.releasing_accounts import locked_since
from agencies.text_direction import isolated

SHOWN = 50
"""Most lines of a sort that a page shows."""


@dataclass(frozen=True)
class Waiting:
    """One account, what about it waits since when, and where that is done."""

    person: Person
    what: str
    since: datetime
    act: str
    url_name: str


def accounts_waiting(actor: Actor) -> list[Waiting]:
    """Return the accounts about which *actor* may do something now; never their own.

    Of their agency; of everybody for an administrator, but of the locked ones those alone that
    few others release: administrators and coordinators.  Where nothing waits, one statement.
    """
    if not actor.is_administrator and not actor.holds(*RESTRICTING):
        return []
    sorts: dict[str, Callable[[Actor], list[Waiting]]] = {"enabling": _enabling}
    if actor.is_administrator or actor.holds(Role.COORDINATOR):
        sorts = {"locked": _locked, "clearing": _clearing, **sorts}
    anything = _anything()
    return [one for sort, found in sorts.items() if anything[sort] for one in found(actor)]


def _anything() -> dict[str, bool]:
    """Return of which sorts there is anything at all, whoever's it is."""
    open_ones = Q(closed_at__isnull=True)
    found = Person.objects.order_by().values(
        locked=Exists(SignInName.objects.filter(locked_at__isnull=False)),
        clearing=Exists(FactorClearing.objects.filter(open_ones)),
        enabling=Exists(Enabling.objects.filter(open_ones)),
    )
    return {sort: bool(there) for sort, there in found[:1][0].items()}


def _locked(actor: Actor) -> list[Waiting]:
    people = _others(actor)
    if actor.is_administrator:
        posts = Membership.objects.filter(unended(), person=OuterRef("pk"))
        people = people.filter(
            Q(is_staff=True) | Exists(posts.filter(roles__contains=[Role.COORDINATOR]))
        )
    since = locked_since(people)
    locked = people.filter(pk__in=since).order_by("name", "pk")[:SHOWN] if since else []
    said = "Locked after failed sign-ins"
    return [Waiting(one, said, since[one.pk], "Release", "person_release") for one in locked]


def _clearing(actor: Actor) -> list[Waiting]:
    open_ones = _proposed(actor, FactorClearing, settings.CLEARING_OPEN_SECONDS)
    if not actor.is_administrator:
        coordinating = Membership.objects.filter(
            unended(), person=OuterRef("person"), roles__contains=[Role.COORDINATOR]
        )
        open_ones = open_ones.exclude(Exists(coordinating))
    return [
        Waiting(
            one.person,
            f"{isolated(one.proposed_by.name)} asked to clear lost second factors",
            one.proposed_at,
            "Look and confirm",
            "person_factors",
        )
        for one in open_ones[:SHOWN]
    ]


def _enabling(actor: Actor) -> list[Waiting]:
    return [
        Waiting(
            one.person,
            f"{isolated(one.proposed_by.name)} proposed to let them in again",
            one.proposed_at,
            "Look and confirm",
            "person_enable",
        )
        for one in _proposed(actor, Enabling, settings.ENABLING_OPEN_SECONDS)[:SHOWN]
    ]


def _proposed(actor: Actor, model: Any, seconds: int) -> Any:
    """Return what somebody else proposed about others than *actor* and waits."""
    rows = model.objects.filter(
        closed_at__isnull=True,
        proposed_at__gt=Now() - timedelta(seconds=seconds),
        proposed_by__is_active=True,
        person__in=_others(actor, active=model is FactorClearing),
    )
    rows = rows.exclude(proposed_by=actor.person_id).select_related("person", "proposed_by")
    return rows.order_by("proposed_at", "pk")


def _others(actor: Actor, *, active: bool = True) -> QuerySet[Person]:
    """Return whose accounts *actor* may look after, without their own."""
    people = Person.objects.exclude(pk=actor.person_id)
    if active:
        people = people.filter(is_active=True)
    if actor.is_administrator:
        return people
    posts = Membership.objects.people().filter(
        unended(), agency=actor.agency_id, person=OuterRef("pk")
    )
    return people.filter(Exists(posts), is_staff=False)
