"""What a revision keeps of a case or an item beside its title: its body as it stood."""

from __future__ import annotations

from typing import Any

from cases.models import Case, Item


def content_of_case(case: Case) -> dict[str, Any]:
    """Return the body of a case as JSON."""
    return {
        "summary": case.summary,
        "own_number": case.own_number,
        "opened_on": case.opened_on.isoformat(),
        "disposition": case.disposition,
        "offences": case.offences,
    }


def content_of_item(item: Item) -> dict[str, Any]:
    """Return the body of an item as JSON."""
    return {
        "kind": item.kind,
        "role": item.role,
        "withheld": item.withheld,
        "fields": item.fields,
    }
