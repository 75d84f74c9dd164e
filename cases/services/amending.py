"""Amending a case: its own agency's people save a new version of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from agencies.actors import Actor
from agencies.models import Membership
from agencies.refusals import NotAllowed
from cases import envelope
from cases.content import content_of_case
from cases.defaults import sensitivity_within
from cases.finding import index
from cases.models import Case
from cases.reach import case_to_change
from cases.standing import protect_again
from cases.statuses import event_between
from ledger.services import record_event
from sharing.models import Record
from sharing.normalize import normalize_number
from sharing.posts import post_of
from sharing.records import amend_record

OF_BODY = {
    "summary": envelope.narrative,
    "own_number": envelope.number,
    "opened_on": envelope.day,
    "disposition": envelope.coded("dispositions"),
    "offences": envelope.offences,
}
OF_RECORD = {
    "title": envelope.title,
    "type": envelope.coded("case_types"),
    "grouping": envelope.coded("case_classes"),
    "status": envelope.coded("case_statuses"),
    "category": envelope.coded("categories"),
    "findability": envelope.coded("findabilities"),
    "handling": envelope.marks,
    "restrictions": envelope.several("restrictions"),
    "sensitivity": lambda wish: wish,
}


@transaction.atomic
def amend_case(actor: Actor, case_id: UUID, *, version: int, **changes: Any) -> Case:
    """Save *changes* to a case of one's own agency.

    Items follow its category and findability, and are held at least as closely as it is.  Raises
    NotVisible, NotAllowed, Invalid, Conflict (no such step of status) and Stale.
    """
    case = case_to_change(actor, case_id)
    post = post_of(actor)
    kept = envelope.clean(changes, {**OF_BODY, **OF_RECORD})
    body = {name: kept.pop(name) for name in OF_BODY if name in kept}
    _check(case, kept, post)
    for name, value in body.items():
        setattr(case, name, value)
    case.own_number_key = normalize_number(case.own_number)
    case.record = amend_record(
        actor, case.record, version=version, content=content_of_case(case), **kept
    )
    if body:
        case.save(update_fields=[*body, "own_number_key"])
    _carry_to_items(case.record, kept)
    if {"type", "opened_on"} & {*kept, *body}:
        protect_again(case)
    index(case)
    record_event(
        actor,
        "case.amended",
        case.record,
        records=[case.pk],
        concerns=[case.record.owner_id],
        version=case.record.version,
        fields=sorted([*body, *kept]),
    )
    return case


def _check(case: Case, kept: dict[str, Any], post: Membership) -> None:
    """Refuse what the field alone does not show to be wrong."""
    if "sensitivity" in kept:
        kept["sensitivity"] = sensitivity_within(kept["sensitivity"], post.ceiling)
    if kept.get("status", case.record.status) != case.record.status:
        event_between(case.record.status, kept["status"])
    refuse_to_lift(case.record, kept, post)


def refuse_to_lift(record: Record, kept: dict[str, Any], post: Membership) -> None:
    """Raise NotAllowed where a legal restriction would be taken off without release authority."""
    lifted = set(record.restrictions) - set(kept.get("restrictions", record.restrictions))
    if lifted and "supervisor" not in post.roles:
        raise NotAllowed(
            "Only the release authority of an agency takes off a legal restriction.", code="role"
        )


def _carry_to_items(case: Record, kept: dict[str, Any]) -> None:
    """Let the parts of a case follow what its envelope now says."""
    parts = Record.objects.unrestricted("parts follow the envelope of their case").filter(
        case_id=case.pk
    )
    follows = {name: kept[name] for name in ("category", "findability") if name in kept}
    if follows:
        parts.filter(owner_id=case.owner_id).update(**follows)
    if "sensitivity" in kept:
        parts.filter(sensitivity__lt=case.sensitivity).update(sensitivity=case.sensitivity)
