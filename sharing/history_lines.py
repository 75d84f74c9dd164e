"""Lines of the disclosure log: events with names of people, agencies and records, in bulk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from agencies.models import Agency, Agreement, Membership, Person
from ledger.models import Event
from sharing.models import Record, ShareRequest
from sharing.naming import numbers_of

SHOWN_FACTS = ("channel", "reason_code", "copy")

Shown = Callable[[Iterable[UUID]], Sequence[Record]]


@dataclass(frozen=True)
class Line:
    """One event as the log shows it; *person* and *agency* are None where the portal acted."""

    id: UUID
    seq: int
    at: datetime
    kind: str
    outcome: str
    person: Mapping[str, str] | None
    agency: Mapping[str, str] | None
    acting_as: Sequence[str]
    level: str
    purpose: str
    for_case: str
    basis: Mapping[str, Any]
    records: Sequence[Mapping[str, Any]]
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_row(self) -> dict[str, Any]:
        """Return it as the interface shows it."""
        row = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: value for name, value in row.items() if name not in ("seq", "facts")}


@dataclass(frozen=True)
class _Names:
    people: Mapping[UUID, Person]
    agencies: Mapping[UUID, Agency]
    posts: Mapping[UUID, Membership]
    requests: Mapping[UUID, ShareRequest]
    agreements: Mapping[UUID, Agreement]
    records: Mapping[UUID, Mapping[str, Any]]


def lines_of(events: Iterable[Event], *, shown: Shown) -> list[Line]:
    """Return *events* as lines; *shown* says which of their records may be named in them."""
    events = list(events)
    names = _names(events, shown)
    return [_line(event, names) for event in events]


def _names(events: Sequence[Event], shown: Shown) -> _Names:
    records = shown(key for event in events for key in event.records)
    return _Names(
        people=Person.objects.in_bulk({event.person for event in events if event.person}),
        agencies=Agency.objects.in_bulk({event.agency for event in events if event.agency}),
        posts=_in_bulk(Membership.objects.select_related("person"), events, "approved_by"),
        requests=_in_bulk(ShareRequest.objects, events, "request"),
        agreements=_in_bulk(Agreement.objects, events, "agreement"),
        records=_rows(records),
    )


def _in_bulk(rows: Any, events: Sequence[Event], name: str) -> Any:
    return rows.in_bulk({UUID(event.basis[name]) for event in events if event.basis.get(name)})


def _rows(records: Sequence[Record]) -> dict[UUID, dict[str, Any]]:
    numbers = numbers_of(record.case_id or record.pk for record in records)
    return {
        record.pk: {
            "id": record.pk,
            "kind": record.kind,
            "number": numbers.get(record.case_id or record.pk, ""),
            "type": record.type,
            "owner": record.owner.short_name,
            "label": record.label,
        }
        for record in records
    }


def _line(event: Event, names: _Names) -> Line:
    person = names.people.get(event.person) if event.person else None
    agency = names.agencies.get(event.agency) if event.agency else None
    return Line(
        id=event.uuid,
        seq=event.seq,
        at=event.at,
        kind=event.kind,
        outcome=event.outcome,
        person={"name": person.name, "email": person.email} if person else None,
        agency={"short_name": agency.short_name or "", "name": agency.name} if agency else None,
        acting_as=list(event.roles),
        level=event.level,
        purpose=event.purpose,
        for_case=event.for_case,
        basis=_basis(event.basis, names),
        records=[names.records[key] for key in event.records if key in names.records],
        facts={name: event.facts[name] for name in SHOWN_FACTS if name in event.facts},
    )


def _basis(basis: Mapping[str, Any], names: _Names) -> dict[str, Any]:
    """Return what an access rested on by number and name."""
    request = names.requests.get(_key(basis, "request"))
    agreement = names.agreements.get(_key(basis, "agreement"))
    post = names.posts.get(_key(basis, "approved_by"))
    found: dict[str, Any] = {"via": basis.get("via"), "grant": basis.get("grant")}
    if request:
        found["request"] = {"id": request.pk, "number": request.number}
    if agreement:
        found["agreement"] = {"id": agreement.pk, "number": agreement.number}
        if "agreement_version" in basis:
            found["agreement"]["version"] = basis["agreement_version"]
    if post:
        found["approved_by"] = post.person.name
    return {name: value for name, value in found.items() if value is not None}


def _key(basis: Mapping[str, Any], name: str) -> UUID:
    return UUID(basis[name]) if basis.get(name) else UUID(int=0)
