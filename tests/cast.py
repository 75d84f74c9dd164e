"""A cast of named people in two cities and a county, made through the services."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from agencies.actors import Actor, acting_as
from agencies.codes import Level, Sensitivity
from agencies.models import Agency, Agreement, Membership, TaskForce
from agencies.services.agency import register_agency
from agencies.services.agreement import conclude_agreement
from agencies.services.membership import add_membership
from agencies.services.person import admit_person
from agencies.services.secondment import second
from agencies.services.task_force import form_task_force
from ledger.doer import Portal
from sharing import services
from sharing.actions import Action
from sharing.models import Grant, Record
from sharing.records import register_record
from sharing.terms import Terms

PORTAL = Portal()
CATEGORIES = ["investigation", "incident_report"]


def in_days(days: float) -> datetime:
    """Return the moment that many days from now."""
    return datetime.now(UTC) + timedelta(days=days)


@dataclass
class Cast:
    """Agencies, people and agreements by short name."""

    agencies: dict[str, Agency] = field(default_factory=dict)
    posts: dict[str, Membership] = field(default_factory=dict)
    agreements: dict[str, Agreement] = field(default_factory=dict)
    task_forces: dict[str, TaskForce] = field(default_factory=dict)

    def agency(self, short_name: str, **changes: Any) -> Agency:
        """Add an agency in good standing."""
        made = register_agency(
            PORTAL,
            short_name=short_name,
            name=changes.pop("name", f"{short_name.title()} Police"),
            kind=changes.pop("kind", "municipal"),
            contact="+1 555 0100",
            **changes,
        )
        self.agencies[short_name] = made
        return made

    def person(
        self,
        name: str,
        agency: str,
        *roles: str,
        ceiling: Sensitivity = Sensitivity.CONFIDENTIAL,
        also: str = "",
    ) -> Membership:
        """Add a person with one membership; *also* names whose person takes a second hat
        instead.
        """
        person = (
            self.posts[also].person
            if also
            else admit_person(PORTAL, email=f"{name}@{agency}.example", name=name.title())
        )
        post = add_membership(
            PORTAL, person, self.agencies[agency], roles=list(roles), ceiling=ceiling
        )
        self.posts[name] = post
        return post

    def agree(self, key: str, *parties: str, **changes: Any) -> Agreement:
        """Conclude an agreement between agencies that binds from yesterday for a year."""
        values: dict[str, Any] = {
            "title": f"Agreement {key}",
            "categories": CATEGORIES,
            "purposes": ["criminal_justice"],
            "level": Level.CONTRIBUTE,
            "onward": "consent",
            "effective_at": in_days(-1),
            "expires_at": in_days(365),
        }
        made = conclude_agreement(
            PORTAL, parties=[self.agencies[one] for one in parties], **{**values, **changes}
        )
        self.agreements[key] = made
        return made

    def actor(self, name: str) -> Actor:
        """Return a person acting now."""
        post = Membership.objects.select_related("person").get(pk=self.posts[name].pk)
        return acting_as(post)

    def id(self, short_name: str) -> UUID:
        """Return an agency's id, which is its roster's."""
        return self.agencies[short_name].pk

    @property
    def rosters(self) -> dict[str, UUID]:
        """Return who can be given something: agencies, people and task forces, by short name."""
        named = {**self.agencies, **self.posts, **self.task_forces}
        return {name: one.pk for name, one in named.items()}

    def task_force(self, short_name: str, lead: str, agreement: str, *members: str) -> TaskForce:
        """Form a task force of people under an agreement."""
        made = form_task_force(
            PORTAL,
            short_name=short_name,
            name=f"{short_name.title()} Task Force",
            lead=self.agencies[lead],
            agreement=self.agreements[agreement],
        )
        for name in members:
            second(PORTAL, made, self.posts[name])
        self.task_forces[short_name] = made
        return made


def two_agencies() -> Cast:
    """Return Alpha (Ana, Abe below the ceiling, Sam, Ida, Cora) and Bravo (Bo, Stella), with
    an agreement.
    """
    cast = Cast()
    cast.agency("alpha")
    cast.agency("bravo")
    cast.person("ana", "alpha", "analyst")
    cast.person("abe", "alpha", "analyst", ceiling=Sensitivity.ROUTINE)
    cast.person("sam", "alpha", "supervisor")
    cast.person("lee", "alpha", "liaison")
    cast.person("ida", "alpha", "auditor")
    cast.person("cora", "alpha", "coordinator")
    cast.person("bo", "bravo", "analyst")
    cast.person("stella", "bravo", "supervisor")
    cast.agree("M1", "alpha", "bravo")
    return cast


def a_case(actor: Actor, title: str = "Burglary series", **changes: Any) -> Record:
    """Register the envelope of a case of the actor's agency."""
    values: dict[str, Any] = {
        "category": "investigation",
        "findability": "contact_only",
        "sensitivity": Sensitivity.SENSITIVE,
        "grouping": "investigation",
        "type": "burglary",
        "status": "open",
    }
    return register_record(
        actor, kind=Record.Kind.CASE, title=title, content={}, **{**values, **changes}
    )


def an_item(actor: Actor, case: Record, title: str = "Blue Civic", **changes: Any) -> Record:
    """Register the envelope of an item that its case covers, unless *cover* says otherwise."""
    values: dict[str, Any] = {
        "category": case.category,
        "findability": case.findability,
        "sensitivity": case.sensitivity,
        "label": "Vehicle 1",
        "cover": case,
    }
    return register_record(
        actor,
        kind=Record.Kind.ITEM,
        title=title,
        content={},
        case=case,
        **{**values, **changes},
    )


def terms(**changes: Any) -> Terms:
    """Return plain terms: full, criminal justice, thirty days."""
    values: dict[str, Any] = {
        "level": Level.VIEW,
        "purpose": "criminal_justice",
        "reason": "Same pry marks on four entries",
        "until": in_days(30),
    }
    return Terms(**{**values, **changes})


def readable(cast: Cast, name: str, action: Action = Action.LIST) -> set[str]:
    """Return the titles of the records a person reaches."""
    found = Record.objects.permitting(cast.actor(name), action)
    return set(found.values_list("title", flat=True))


def shared(cast: Cast, case: Record, *, to: str = "bravo", **changes: Any) -> Grant:
    """Offer a record as Ana, approve it as Sam, and return its grant."""
    roster = cast.rosters[to]
    request = services.offer_record(
        cast.actor("ana"), record_id=case.pk, roster_id=roster, terms=terms(**changes)
    )
    services.approve_request(cast.actor("sam"), request.pk)
    return Grant.objects.get(record_id=case.pk, roster_id=roster, revoked_at=None)
