"""Opening a case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from agencies.actors import Actor
from agencies.models import Agency
from agencies.refusals import Conflict, NotAllowed
from cases import envelope
from cases.content import content_of_case
from cases.defaults import HANDLING, default_category, default_findability, sensitivity_within
from cases.finding import index
from cases.models import Case
from cases.numbers import TRIES, random_number
from cases.statuses import FIRST
from ledger.services import record_event
from sharing.models import Record
from sharing.normalize import normalize_number
from sharing.posts import post_of
from sharing.records import register_record

CHECKS = {
    "title": envelope.title,
    "summary": envelope.narrative,
    "type": envelope.coded("case_types"),
    "grouping": envelope.coded("case_classes"),
    "category": envelope.coded("categories"),
    "own_number": envelope.number,
    "findability": envelope.coded("findabilities"),
    "status": envelope.coded("case_statuses"),
    "opened_on": envelope.day,
    "handling": envelope.marks,
    "restrictions": envelope.several("restrictions"),
    "offences": envelope.offences,
    "source": envelope.number,
    "source_id": envelope.number,
}

OF_BODY = ("summary", "own_number", "opened_on", "offences", "source", "source_id")
"""What the body of a case keeps; the rest is its record's."""


@transaction.atomic
def open_case(
    actor: Actor,
    *,
    title: str,
    type: str,  # noqa: A002  (the field's own word)
    summary: str = "",
    grouping: str = Case.Class.INVESTIGATION,
    own_number: str = "",
    sensitivity: int | str | None = None,
    owner: Agency | None = None,
    submitted_by: Agency | None = None,
    received: Mapping[str, Any] | None = None,
    **more: Any,
) -> Case:
    """Open a case of the actor's agency; what nobody says is derived from its type and class.

    *more* takes category, findability, status, opened_on, handling, restrictions, offences, source
    and source_id; None stands for "derive it".  Raises NotAllowed and Invalid.
    """
    post = post_of(actor)
    if owner is not None and owner.pk != post.agency_id:
        raise NotAllowed("You open cases for your own agency only.", code="not_owner")
    said = {name: value for name, value in more.items() if value is not None}
    named = {"title": title, "summary": summary, "type": type, "grouping": grouping}
    kept = envelope.clean({**said, **named, "own_number": own_number}, CHECKS)
    _complete(kept, today=timezone.now().date())
    case = _body(post.agency, kept, received or {})
    case.record = register_record(
        actor,
        kind=Record.Kind.CASE,
        sensitivity=sensitivity_within(sensitivity, post.ceiling),
        content=content_of_case(case),
        submitted_by_id=submitted_by.pk if submitted_by else None,
        **{name: value for name, value in kept.items() if name not in OF_BODY},
    )
    _insert(case)
    index(case)
    _record(actor, case.record)
    return case


def _body(agency: Agency, kept: Mapping[str, Any], received: Mapping[str, Any]) -> Case:
    return Case(
        agency=agency,
        own_number_key=normalize_number(kept["own_number"]),
        received=dict(received),
        **{name: kept[name] for name in OF_BODY},
    )


def _record(actor: Actor, record: Record) -> None:
    record_event(
        actor,
        "case.opened",
        record,
        records=[record.pk],
        concerns=[record.owner_id],
        type=record.type,
        grouping=record.grouping,
        category=record.category,
    )


def _complete(kept: dict[str, Any], *, today: date) -> None:
    """Fill in what nobody said."""
    kind = {"type": kept["type"], "grouping": kept["grouping"]}
    kept.setdefault("category", default_category(**kind))
    kept.setdefault("findability", default_findability(**kind, category=kept["category"]))
    kept.setdefault("opened_on", today)
    kept.setdefault("handling", list(HANDLING))
    for name in ("restrictions", "offences"):
        kept.setdefault(name, [])
    for name in ("source", "source_id"):
        kept.setdefault(name, "")
    if kept.setdefault("status", "open") not in FIRST:
        raise Conflict("A case is opened as proposed or open.", code="status")


def _insert(case: Case) -> None:
    """Insert a case under a number that is free."""
    for _ in range(TRIES):
        case.number = random_number(case.agency, case.opened_on.year)
        try:
            with transaction.atomic():
                case.save(force_insert=True)
                return
        except IntegrityError as error:
            if "number" not in str(error):
                raise Conflict("This was imported already.", code="imported") from error
    raise Conflict("No free case number was found; try again.", code="number")
