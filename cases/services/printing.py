"""Making a briefing copy: numbered, and on the ledger, before anything of it is set."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction

from agencies.actors import Actor
from agencies.codes import Level
from agencies.codetable import is_code
from agencies.refusals import Invalid, NotAllowed
from cases.listing import RELATED
from cases.models import Case, Item
from cases.presentation import level_of
from sharing.actions import Action
from sharing.copies import number_copy
from sharing.disclosure import LedgerUnavailable, require
from sharing.models import BriefingCopy
from sharing.posts import post_of
from sharing.printing import log_printing, with_way

LEVEL_TOO_LOW = "A briefing copy takes the full level; you have less. Ask the owner for more."
NO_LONGER = "Some of these items are no longer there for you to print."


@dataclass(frozen=True)
class Printed:
    """What a copy shows: the case and those of its items that were chosen; who was told of it."""

    copy: BriefingCopy
    case: Case
    items: list[Item]
    reached: int
    told: frozenset[UUID]


def print_case(
    actor: Actor,
    case_id: object,
    *,
    recipient: str,
    purpose: str,
    for_case: str,
    items: Collection[UUID] | None = None,
) -> Printed:
    """Number and log a briefing copy of a case and *items* of it (all reached, if None).

    What comes back may be set as paper: it is committed to the ledger.  Raises NotVisible, once
    logged; NotAllowed where nothing of it is reached in full; Invalid by field; LedgerUnavailable.
    """
    key = require(actor, case_id, channel="paper")
    said = _checked(recipient=recipient, purpose=purpose, for_case=for_case)
    try:
        with transaction.atomic(durable=True):
            return _print(actor, key, said, items)
    except DatabaseError:
        raise LedgerUnavailable from None


def _print(
    actor: Actor, key: UUID, said: dict[str, str], wanted: Collection[UUID] | None
) -> Printed:
    post = post_of(actor)
    case = with_way(actor, Case.objects.permitting(actor, Action.LIST)).filter(pk=key)
    found: Any = case.select_related(*RELATED).first()
    reached = list(
        with_way(actor, Item.objects.permitting(actor, Action.LIST))
        .select_related(*RELATED)
        .filter(record__case_id=key)
        .order_by("record__created_at", "pk")
    )
    items = [item for item in reached if wanted is None or item.pk in wanted]
    if wanted is not None and len(items) != len(set(wanted)):
        raise Invalid({"items": NO_LONGER})
    if found is None or not any(level_of(one) >= Level.VIEW for one in (found, *items)):
        raise NotAllowed(LEVEL_TOO_LOW, code="level")
    copy = number_copy(
        post,
        record_id=key,
        items=[item.pk for item in items],
        version=found.record.version,
        **said,
    )
    told = log_printing(actor, copy, [found, *items])
    return Printed(copy, found, items, len(reached), frozenset(told))


def _checked(*, recipient: str, purpose: str, for_case: str) -> dict[str, str]:
    """Return the particulars trimmed; Invalid, by field, for what is missing, long or no code."""
    said = {"recipient": recipient.strip(), "purpose": purpose, "for_case": for_case.strip()}
    errors = {
        name: "Say this in one short line."
        for name, longest in (("recipient", 120), ("for_case", 80))
        if not 0 < len(said[name]) <= longest or not said[name].isprintable()
    }
    if not is_code("purposes", purpose):
        errors["purpose"] = "This is not one of the purposes."
    if errors:
        raise Invalid(errors)
    return said
