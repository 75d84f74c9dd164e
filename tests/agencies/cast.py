"""A cast of named people in three agencies, and the ways to look at what the services wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from agencies.actors import Actor, acting_as
from agencies.codes import Level, Role, Sensitivity
from agencies.models import Agency, Agreement, Membership, Person
from agencies.services import add_membership, admit_person, conclude_agreement, register_agency
from ledger.doer import Portal
from ledger.models import Event

PORTAL = Portal()
PASSWORD = "a long walk by the river"


def days(number: float) -> datetime:
    """Return the moment that many days from now."""
    return datetime.now(UTC) + timedelta(days=number)


def on_board(short_name: str, **fields: Any) -> Agency:
    """Return an agency that comes on board."""
    values = {"name": f"{short_name.title()} Police", "kind": "municipal"} | fields
    return register_agency(PORTAL, short_name=short_name, **values)


def known(name: str, **fields: Any) -> Person:
    """Return a person made known by the portal, with the password of the cast."""
    values = {"password": PASSWORD} | fields
    return admit_person(PORTAL, email=f"{name}@example.org", name=name.title(), **values)


def post(agency: Agency, name: str, *roles: Role, **fields: Any) -> Membership:
    """Return the post of that person in *agency*."""
    values = {"ceiling": Sensitivity.SENSITIVE} | fields
    return add_membership(PORTAL, known(name), agency, roles=roles, **values)


def agreement(*parties: Agency, **fields: Any) -> Agreement:
    """Return an agreement in effect between *parties*."""
    values: dict[str, Any] = {
        "title": "Sharing",
        "categories": ["investigation", "incident_report"],
        "purposes": ["criminal_justice"],
        "level": Level.VIEW,
        "effective_at": days(-30),
        "expires_at": days(300),
    }
    return conclude_agreement(PORTAL, parties=parties, **values | fields)


@dataclass(frozen=True)
class Cast:
    """Alpha with one person per role, Bravo with two people, and a portal administrator."""

    alpha: Agency
    bravo: Agency
    ana: Membership
    sam: Membership
    lee: Membership
    kim: Membership
    ida: Membership
    bo: Membership
    bea: Membership
    root: Actor

    def acts(self, name: str) -> Actor:
        """Return somebody of the cast as an actor."""
        someone = getattr(self, name)
        return someone if isinstance(someone, Actor) else acting_as(someone)


def a_cast() -> Cast:
    """Return the cast, all of them in force."""
    alpha, bravo = on_board("alpha"), on_board("bravo")
    root = known("root", is_administrator=True)
    return Cast(
        alpha=alpha,
        bravo=bravo,
        ana=post(alpha, "ana", Role.ANALYST),
        sam=post(alpha, "sam", Role.SUPERVISOR),
        lee=post(alpha, "lee", Role.LIAISON),
        kim=post(alpha, "kim", Role.COORDINATOR),
        ida=post(alpha, "ida", Role.AUDITOR),
        bo=post(bravo, "bo", Role.ANALYST),
        bea=post(bravo, "bea", Role.COORDINATOR),
        root=Actor(person_id=root.pk, is_administrator=True),
    )


def last_event() -> Event:
    """Return what was written last."""
    return Event.objects.latest("seq")


def events() -> int:
    """Return how many events there are."""
    return Event.objects.count()
