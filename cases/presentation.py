"""What a reader sees of a case or an item: the one place where a row and a level become values.

Rows come with ``access_level`` and ``access_unmask``, as ``with_access`` annotates them.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from agencies.actors import Actor
from agencies.codes import Level, Sensitivity
from agencies.codetable import coded
from agencies.models import Agency
from cases.case_line import CaseLine, OwnerLine
from cases.models import Case, Item
from sharing.actions import Action
from sharing.models import Access, Grant, Record


def level_of(thing: Case | CaseLine | Item) -> Level:
    """Return the level at which the reader has *thing*."""
    return Level(thing.access_level)  # type: ignore[union-attr]


def shows_identity(thing: Case | Item) -> bool:
    """Return whether the reader may see who or what it is: in full, unmasked if protected."""
    full = level_of(thing) >= Level.VIEW
    return full and (not thing.record.protected or bool(thing.access_unmask))  # type: ignore[union-attr]


def is_received(thing: Case | CaseLine | Item) -> bool:
    """Return whether another agency than the reader's owns it."""
    return level_of(thing) < Level.MANAGE


def named(agency: Agency | OwnerLine) -> dict[str, str | None]:
    """Return an agency as rows name it."""
    return {"short_name": agency.short_name, "name": agency.name}


def shown_case(case: Case | CaseLine) -> dict[str, Any]:
    """Return a case as its reader may see it; what the level hides is None."""
    shown: dict[str, Any] = {
        "id": case.pk,
        "number": case.number,
        "owner": named(case.record.owner),
        "contact": case.record.owner.contact,
        "received": is_received(case),
        "level": level_of(case).code,
    }
    summary = dict.fromkeys(SUMMARY_OF_CASE) | (
        _summary_of_case(case) if level_of(case) >= Level.SUMMARY else {}
    )
    full = level_of(case) >= Level.VIEW
    body = {
        "own_number": case.own_number if full else None,
        "summary": case.summary if full else None,
    }
    return {**shown, **summary, **body}


SUMMARY_OF_CASE = (
    "class",
    "title",
    "type",
    "status",
    "disposition",
    "sensitivity",
    "handling",
    "category",
    "findability",
    "opened_on",
    "touched_at",
    "version",
)


def _summary_of_case(case: Case | CaseLine) -> dict[str, Any]:
    record = case.record
    values = (
        record.grouping,
        record.title,
        record.type,
        record.status,
        case.disposition,
        Sensitivity(record.sensitivity).code,
        record.handling,
        record.category,
        record.findability,
        case.opened_on,
        record.touched_at,
        record.version,
    )
    return dict(zip(SUMMARY_OF_CASE, values, strict=True))


def shown_item(item: Item) -> dict[str, Any]:
    """Return an item as its reader may see it: masked, it has its generated title and no fields."""
    record = item.record
    known = level_of(item) >= Level.SUMMARY
    open_ = shows_identity(item)
    summary = {
        "kind": item.kind,
        "title": shown_title(item),
        "role": shown_role(item),
        "protected": record.protected,
        "sensitivity": Sensitivity(record.sensitivity).code,
        "covered_at": record.covered_at,
        "touched_at": record.touched_at,
        "version": record.version,
    }
    return {
        "id": item.pk,
        "case": record.case_id,
        "owner": named(record.owner),
        "originator": named(record.originator),
        "level": level_of(item).code,
        **(summary if known else dict.fromkeys(summary)),
        "fields": item.fields if open_ else None,
        "masked": not open_,
        "withheld": None if is_received(item) else item.withheld,
    }


def shown_title(item: Item) -> str:
    """Return the item's own title where its reader may see it, else the generated one."""
    return item.record.title if shows_identity(item) else item.record.label


def shown_role(item: Item) -> str | None:
    """Return the role, unless the role alone would tell a reader whom to look for."""
    if not item.role or shows_identity(item) or "masked_as" not in coded("item_roles", item.role):
        return item.role
    return None


def allowed_on_case(actor: Actor, case: Case) -> list[str]:
    """Return what *actor* may do about a case in a list; each is checked again when it is done."""
    level = level_of(case)
    if level == Level.MANAGE:
        allowed = {
            "read": actor.reads_cases,
            "edit": actor.reads_cases,
            "add_item": actor.reads_cases,
            "share": actor.reads_cases,
            "revoke": actor.reads_cases,
        }
        return [name for name, yes in allowed.items() if yes]
    allowed = {
        "read": level >= Level.VIEW,
        "contribute": level == Level.CONTRIBUTE and _may_contribute(actor, case),
        "ask": level < Level.CONTRIBUTE,
    }
    return [name for name, yes in allowed.items() if yes]


def allowed_on_item(actor: Actor, item: Item) -> list[str]:
    """Return what *actor* may do about an item as a row shows it."""
    if level_of(item) == Level.MANAGE and actor.reads_cases:
        return ["read", "edit", "share", "release" if item.withheld else "withhold"]
    return ["read"] if shows_identity(item) else ["ask"]


def contributable(actor: Actor, cases: list[UUID]) -> set[UUID]:
    """Return those of *cases* to which *actor* may add now: given, acknowledged and opened."""
    reached = Access.objects.filter(
        membership=actor.seat,
        record__in=cases,
        level=Level.CONTRIBUTE,
        via="grant",
    )
    acknowledged = Grant.objects.filter(
        pk__in=reached.values("basis"), acknowledged_at__isnull=False
    ).values_list("record_id", flat=True)
    opened = Record.objects.permitting(actor, Action.EDIT).filter(
        kind=Record.Kind.CONTRIBUTION, case_id__in=acknowledged
    )
    return set(opened.values_list("case_id", flat=True))


def _may_contribute(actor: Actor, case: Case) -> bool:
    known: bool | None = getattr(case, "may_contribute", None)
    return case.pk in contributable(actor, [case.pk]) if known is None else known
