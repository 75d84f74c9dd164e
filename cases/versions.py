"""What the forms of cases and items start with, now and at an earlier version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from agencies.actors import Actor
from agencies.codes import Sensitivity
from cases.forms import handling_of
from cases.item_form import initial_of
from cases.models import Case, Item
from sharing.revisions import revision_at

OF_RECORD = ("title", "status", "grouping", "type", "category", "findability")


def case_values(case: Case) -> dict[str, Any]:
    """Return what the form of a case starts with."""
    record = case.record
    return {
        **{name: getattr(record, name) for name in OF_RECORD},
        **handling_of(record.handling),
        "own_number": case.own_number,
        "summary": case.summary,
        "disposition": case.disposition,
        "opened_on": case.opened_on.isoformat(),
        "sensitivity": Sensitivity(record.sensitivity).code,
        "version": record.version,
    }


def case_values_at(actor: Actor, pk: UUID, version: int) -> Mapping[str, Any] | None:
    """Return what the form of a case started with at *version*; None where nobody kept it."""
    revision = revision_at(actor, pk, version)
    if revision is None or "handling" not in revision.content:
        return None
    content = dict(revision.content)
    return {
        **content,
        **handling_of(content["handling"]),
        "sensitivity": Sensitivity(content["sensitivity"]).code,
    }


def item_values(item: Item) -> dict[str, Any]:
    """Return what the form of an item starts with."""
    return initial_of(
        item.fields,
        title=item.record.title,
        role=item.role,
        withheld=item.withheld,
        version=item.record.version,
    )


def item_values_at(actor: Actor, pk: UUID, version: int) -> Mapping[str, Any] | None:
    """Return what the form of an item started with at *version*; None where nobody kept it."""
    revision = revision_at(actor, pk, version)
    if revision is None:
        return None
    said = {name: revision.content.get(name) for name in ("title", "role", "withheld")}
    return initial_of(revision.content.get("fields", {}), **said)
