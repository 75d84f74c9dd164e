"""Importing incidents in bulk: the same checks and rows as one by one, in fewer statements.

A file of twenty thousand rows becomes sixty thousand records.  One service call each would take
an hour; a batch is one transaction with one event that names what it made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from agencies.codes import Sensitivity
from agencies.codetable import label
from agencies.models import Agency
from cases.content import content_of_case, content_of_item
from cases.defaults import HANDLING, default_category, default_findability
from cases.fields import clean_fields
from cases.finding import index_many
from cases.imports.incidents import Incident
from cases.models import Case, Item
from cases.numbers import free_numbers
from ledger.doer import Doer
from ledger.services import Ref, record_event
from sharing.bulk import register_records
from sharing.inserting import insert_rows
from sharing.models import Record
from sharing.normalize import normalize_number

Kind = Item.Kind


@dataclass(frozen=True)
class Importer:
    """Who history lays an import to: the portal, for the agency that sent the file."""

    agency_id: UUID
    person_id: None = None
    membership_id: None = None
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Imported:
    """How many cases a batch made and how many it found there already; which it made."""

    created: int
    unchanged: int
    made: tuple[UUID, ...] = ()


@transaction.atomic
def import_batch(
    agency: Agency,
    incidents: Sequence[Incident],
    *,
    source: str,
    submitted_by: Agency | None = None,
    importer: Doer | None = None,
    sensitivity: int = Sensitivity.SENSITIVE,
) -> Imported:
    """Make a case with an event and a place of each incident that *agency* does not have yet.

    Idempotent by agency, source and source id; two imports of one source wait for each other.
    History lays it to *importer*, or else to the portal.
    """
    _one_at_a_time(agency, source)
    there = known_ids(agency, source, [one.source_id for one in incidents])
    new = [one for one in incidents if one.source_id not in there]
    doer = importer or Importer(submitted_by.pk if submitted_by else agency.pk)
    cases = [
        _case(agency, one, number, source, submitted_by, sensitivity)
        for one, number in zip(new, _numbers(agency, new), strict=True)
    ]
    if new:
        _make(doer, agency, cases, new)
    made = tuple(case.pk for case in cases)
    return Imported(created=len(made), unchanged=len(incidents) - len(made), made=made)


def known_ids(agency: Agency, source: str, ids: Sequence[str]) -> set[str]:
    """Return those of *ids* that were imported for *agency* before."""
    cases = Case.objects.unrestricted("what was imported is not imported again")
    return set(
        cases.filter(agency=agency, source=source, source_id__in=ids).values_list(
            "source_id", flat=True
        )
    )


def _one_at_a_time(agency: Agency, source: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{agency.pk}:{source}"])


def _numbers(agency: Agency, incidents: Sequence[Incident]) -> Iterator[str]:
    return free_numbers(agency, [one.opened_on.year for one in incidents])


def _make(doer: Doer, agency: Agency, cases: Sequence[Case], incidents: Sequence[Incident]) -> None:
    """Insert new cases, each with its event and its place."""
    items = [
        item
        for case, one in zip(cases, incidents, strict=True)
        for item in (_event(case, one), _place(case, one))
    ]
    submitted_by = cases[0].record.submitted_by_id
    contents: dict[UUID, dict[str, Any]] = {
        **{case.pk: content_of_case(case) for case in cases},
        **{item.pk: content_of_item(item) for item in items},
    }
    register_records(doer, [one.record for one in (*cases, *items)], contents)
    insert_rows(cases)
    insert_rows(items)
    index_many([*cases, *items])
    record_event(
        doer,
        "case.imported",
        Ref("agency", agency.pk),
        records=[one.pk for one in (*cases, *items)],
        concerns=[agency.pk, *([submitted_by] if submitted_by else [])],
        source=cases[0].source,
        cases=len(cases),
    )


def findability_of(incident: Incident) -> str:
    """Return what other agencies will learn of the case that an incident becomes."""
    kind = _kind(incident)
    return default_findability(**kind, category=default_category(**kind))


def _kind(incident: Incident) -> dict[str, str]:
    return {"type": incident.type, "grouping": str(Case.Class.INCIDENT)}


def _case(
    agency: Agency,
    incident: Incident,
    number: str,
    source: str,
    submitted_by: Agency | None,
    sensitivity: int,
) -> Case:
    key = uuid4()
    kind = _kind(incident)
    record = Record(
        id=key,
        kind=Record.Kind.CASE,
        owner=agency,
        originator=agency,
        submitted_by=submitted_by,
        cover_id=key,
        title=incident.title,
        category=default_category(**kind),
        findability=findability_of(incident),
        sensitivity=sensitivity,
        handling=list(HANDLING),
        status=incident.status,
        **kind,
    )
    return Case(
        record=record,
        agency=agency,
        number=number,
        own_number=incident.own_number,
        own_number_key=normalize_number(incident.own_number),
        summary=incident.summary,
        opened_on=incident.opened_on,
        disposition=incident.disposition,
        labels={f"{agency.pk}:{label('item_kinds', kind)}": 1 for kind in (Kind.EVENT, Kind.PLACE)},
        source=source,
        source_id=incident.source_id,
        received=incident.received,
    )


def _event(case: Case, incident: Incident) -> Item:
    return _item(case, Kind.EVENT, incident.title, "occurrence", incident.event, {})


def _place(case: Case, incident: Incident) -> Item:
    title = incident.place.get("address") or (
        "Place on the map" if incident.is_placed else "Place not known"
    )
    return _item(case, Kind.PLACE, title, "scene", incident.place, incident.place_received)


def _item(
    case: Case,
    kind: str,
    title: str,
    role: str,
    fields: dict[str, Any],
    received: dict[str, str],
) -> Item:
    of_case = case.record
    record = Record(
        id=uuid4(),
        kind=Record.Kind.ITEM,
        owner_id=of_case.owner_id,
        originator_id=of_case.originator_id,
        submitted_by_id=of_case.submitted_by_id,
        case_id=of_case.pk,
        cover_id=of_case.pk,
        title=title,
        label=f"{label('item_kinds', kind)} 1",
        type=kind,
        category=of_case.category,
        findability=of_case.findability,
        sensitivity=of_case.sensitivity,
    )
    return Item(
        record=record,
        kind=kind,
        role=role,
        fields=clean_fields(kind, fields),
        received=received,
    )
