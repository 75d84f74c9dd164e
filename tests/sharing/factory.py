"""Rows of the rule in as few words as a test needs, for tests that are about rows alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from agencies.actors import Actor, acting_as
from agencies.codes import Level, Role, Sensitivity
from agencies.models import (
    Agency,
    Agreement,
    Membership,
    Party,
    Person,
    Roster,
    Secondment,
    TaskForce,
)
from cases.models import Case
from sharing.models import Grant, Record, ShareRequest, StandingGrant

CATEGORY = "investigation"
FOREVER = datetime(9999, 12, 31, tzinfo=UTC)
NEVER = datetime(1900, 1, 1, tzinfo=UTC)
_serial = count(1)


def serial() -> int:
    """Return a number that was not given before."""
    return next(_serial)


def days(number: float) -> datetime:
    """Return the moment that many days from now."""
    return datetime.now(UTC) + timedelta(days=number)


def an_agency(short_name: str, **fields: Any) -> Agency:
    """Return an active agency with its roster."""
    agency = Agency.objects.create(
        **{"short_name": short_name, "name": f"{short_name.title()} Police", "status": "active"}
        | fields
    )
    Roster.objects.create(id=agency.pk, kind=Roster.Kind.AGENCY, agency=agency)
    return agency


def a_person(name: str) -> Person:
    """Return a person who can sign in."""
    return Person.objects.create(email=f"{name}@{next(_serial)}.example", name=name.title())


def a_membership(
    agency: Agency, name: str = "", *, person: Person | None = None, **fields: Any
) -> Membership:
    """Return a post in *agency*, an analyst's with the highest ceiling unless said."""
    membership = Membership.objects.create(
        **{
            "person": person or a_person(name or f"p{next(_serial)}"),
            "agency": agency,
            "roles": [Role.ANALYST],
            "ceiling": Sensitivity.HIGHLY_CONFIDENTIAL,
            "started_at": days(-1),
        }
        | fields
    )
    Roster.objects.create(id=membership.pk, kind=Roster.Kind.MEMBERSHIP, membership=membership)
    return membership


def an_actor(agency: Agency, name: str = "", *roles: str, **fields: Any) -> Actor:
    """Return someone acting for *agency*, as an analyst unless roles are said."""
    return acting_as(a_membership(agency, name, roles=list(roles or (Role.ANALYST,)), **fields))


def an_agreement(*parties: Agency, **fields: Any) -> Agreement:
    """Return an agreement in effect between *parties*."""
    agreement = Agreement.objects.create(
        **{
            "number": f"M{next(_serial)}",
            "title": "Sharing",
            "categories": [CATEGORY],
            "purposes": ["criminal_justice"],
            "level": Level.CONTRIBUTE,
            "effective_at": days(-30),
            "expires_at": days(300),
        }
        | fields
    )
    for agency in parties:
        Party.objects.create(agreement=agreement, agency=agency, joined_at=days(-20))
    return agreement


def a_task_force(lead: Agency, agreement: Agreement, *members: Membership) -> TaskForce:
    """Return a task force to which *members* are seconded."""
    number = next(_serial)
    force = TaskForce.objects.create(
        short_name=f"tf{number}", name=f"Task Force {number}", lead=lead, agreement=agreement
    )
    Roster.objects.create(id=force.pk, kind=Roster.Kind.TASK_FORCE, task_force=force)
    for member in members:
        Secondment.objects.create(task_force=force, membership=member, started_at=days(-1))
    return force


def a_record(owner: Agency, **fields: Any) -> Record:
    """Return a case's envelope of *owner*."""
    key = uuid4()
    values: dict[str, Any] = {
        "id": key,
        "kind": Record.Kind.CASE,
        "owner": owner,
        "originator": owner,
        "cover_id": key,
        "title": f"Case {next(_serial)}",
        "category": CATEGORY,
        "sensitivity": Sensitivity.SENSITIVE,
        "grouping": "investigation",
        "type": "robbery",
        "status": "open",
    }
    record = Record(**values | fields)
    record.save(force_insert=True)
    record.refresh_from_db()
    return record


def a_case(owner: Agency, **fields: Any) -> Case:
    """Return a case of *owner*, read as no reader."""
    record = a_record(owner, **fields)
    Case(record=record, agency=owner, number=f"N-{next(_serial)}", opened_on=days(-3).date()).save(
        force_insert=True
    )
    cases = Case.objects.unrestricted("a test reads what it made").select_related("record")
    return cases.get(pk=record.pk)


def an_item(case: Record, **fields: Any) -> Record:
    """Return an item's envelope under *case*, covered by it and of its owner."""
    values: dict[str, Any] = {
        "kind": Record.Kind.ITEM,
        "case": case,
        "cover_id": case.pk,
        "title": f"Item {next(_serial)}",
        "grouping": "",
        "type": "person",
        "status": "",
    }
    return a_record(fields.pop("owner", case.owner), **values | fields)


def a_request(record: Record, supervisor: Membership, **fields: Any) -> ShareRequest:
    """Return an approved request for *record*."""
    return ShareRequest.objects.create(
        **{
            "number": f"SR-{next(_serial)}",
            "state": ShareRequest.State.APPROVED,
            "direction": ShareRequest.Direction.ASK,
            "record_id": record.pk,
            "owner_id": record.owner_id,
            "roster_id": record.owner_id,
            "level": Level.VIEW,
            "purpose": "criminal_justice",
            "for_case": "BR-77",
            "reason": "Same crew",
            "until": days(30),
            "due_at": days(1),
            "decided_by": supervisor,
            "decided_at": days(0),
        }
        | fields
    )


def a_supervisor(agency: Agency) -> Membership:
    """Return somebody who holds release authority in *agency*."""
    return a_membership(agency, roles=[Role.SUPERVISOR])


def a_grant(record: Record, roster: Any, agreement: Agreement, **fields: Any) -> Grant:
    """Return a live grant of the whole of *record* to an agency, task force or membership."""
    issuer = fields.pop("issued_by", None) or a_supervisor(record.owner)
    decision = fields.pop("decision", None) or a_request(record, issuer, roster_id=roster.pk)
    grant = Grant(
        **{
            "record_id": record.pk,
            "roster_id": roster.pk,
            "scope": Grant.Scope.ALL,
            "level": Level.VIEW,
            "purpose": "criminal_justice",
            "agreement": agreement,
            "decision": decision,
            "until": days(30),
            "items_until": FOREVER,
            "protected_until": NEVER,
            "issued_by": issuer,
        }
        | fields
    )
    grant.save(force_insert=True)
    return Grant.objects.get(pk=grant.pk)


def a_standing_grant(
    owner: Agency, roster: Any, agreement: Agreement, **fields: Any
) -> StandingGrant:
    """Return a live standing grant of *owner*'s listed cases to *roster*."""
    issuer = a_supervisor(owner)
    decision = ShareRequest.objects.create(
        number=f"SR-{next(_serial)}",
        state=ShareRequest.State.APPROVED,
        direction=ShareRequest.Direction.OFFER,
        category=CATEGORY,
        owner=owner,
        roster_id=roster.pk,
        level=Level.VIEW,
        purpose="criminal_justice",
        reason="Joint work",
        until=days(30),
        due_at=days(1),
        decided_by=issuer,
        decided_at=days(0),
    )
    return StandingGrant.objects.create(
        **{
            "owner": owner,
            "roster_id": roster.pk,
            "category": CATEGORY,
            "level": Level.VIEW,
            "purpose": "criminal_justice",
            "agreement": agreement,
            "decision": decision,
            "until": days(30),
            "issued_by": issuer,
        }
        | fields
    )


def change(record: Record, **fields: Any) -> None:
    """Change a record's envelope past the services."""
    Record.objects.unrestricted("a test changes a row").filter(pk=record.pk).update(**fields)


class World:
    """Alpha owns; Bravo and Charlie are its partners; Ana acts for Alpha, Bo for Bravo."""

    def __init__(self) -> None:
        self.alpha = an_agency("alpha")
        self.bravo = an_agency("bravo")
        self.charlie = an_agency("charlie")
        self.agreement = an_agreement(self.alpha, self.bravo, self.charlie)
        self.ana = an_actor(self.alpha, "ana")
        self.bo = an_actor(self.bravo, "bo")

    def share(self, record: Record, to: Any = None, **fields: Any) -> Grant:
        """Return a live grant of *record*, to Bravo unless said."""
        return a_grant(record, to or self.bravo, self.agreement, **fields)
