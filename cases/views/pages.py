"""One case: overview, items, sharing, history; each a page of its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.codes import Level
from agencies.codetable import label
from agencies.portal_request import PortalRequest
from cases.accesses import accesses
from cases.case_page import opened_case
from cases.item_groups import counted_in, groups_of, waiting_in
from cases.item_words import facts_of
from cases.listing import items_after
from cases.models import Item
from cases.past import versions_of
from cases.presentation import allowed_on_item, level_of, shown_item
from cases.series import series_page
from cases.standing import reasons_of
from sharing.copies import copies_for
from sharing.history import events_for

EVENTS = 100
"""Lines of history on one page."""

ITEMS = 200
"""Items on one page."""


@require_safe
def case(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Show what a case is about; at contact only, whom to call."""
    page = opened_case(request, pk, "case", needs=Level.POINTER)
    template = "cases/pointer.html" if page["level"] < Level.SUMMARY else "cases/overview.html"
    if page["level"] >= Level.SUMMARY:
        page["kinds"], page["guarded"] = counted_in(request.actor, pk)
        page |= series_page(request.actor, page["body"].record)
    return render(request, template, page)


@require_safe
def case_items(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Show the items of a case that the reader reaches, what others contributed apart."""
    page = opened_case(request, pk, "case_items", needs=Level.SUMMARY)
    kind = request.GET.get("kind", "")
    after = request.GET.get("after", "")
    found, page["more"] = items_after(request.actor, pk, kind=kind, after=after, size=ITEMS)
    reasons = reasons_of((item for item in found if level_of(item) == Level.MANAGE), page["body"])
    items = [item_page(request, item) | {"reason": reasons.get(item.pk)} for item in found]
    page["groups"] = groups_of(item for item in items if item["owner_id"] == page["owner"].pk)
    contributed = by_owner(item for item in items if item["owner_id"] != page["owner"].pk)
    page["contributed"] = [(owner, groups_of(rows)) for owner, rows in contributed]
    page |= {"kinds": counted_in(request.actor, pk).kinds, "kind": kind, "after": after}
    page |= {"item_kinds": Item.Kind.choices, "waiting": waiting_in(request.actor, pk, found)}
    return render(request, "cases/items.html", page)


@require_safe
def case_sharing(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Show to every reader who can see a case, why, and until when."""
    page = opened_case(request, pk, "case_sharing", needs=Level.SUMMARY)
    page |= accesses(request.actor, pk) | {"copies": copies_for(request.actor, pk)}
    return render(request, "cases/sharing.html", page)


@require_safe
def case_history(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Show to the owner's people what happened to a case and who read it."""
    page = opened_case(request, pk, "case_history", needs=Level.MANAGE)
    said = request.GET.get("after", "")[:18]
    after = int(said) if said.isascii() and said.isdecimal() else None
    events = events_for(request.actor, record=pk)
    page["events"], older = events.page(after=after, size=EVENTS)
    page["older"] = str(older or "")
    page["versions"] = versions_of(request.actor, pk) if after is None else []
    return render(request, "cases/history.html", page)


def item_page(request: PortalRequest, item: Item) -> dict[str, Any]:
    """Return what the page shows of one item."""
    shown = shown_item(item)
    return shown | {
        "facts": facts_of(shown),
        "text": (shown["fields"] or {}).get("text", ""),
        "warnings": (shown["fields"] or {}).get("warnings", []),
        "kind_label": label("item_kinds", shown["kind"]),
        "role_label": label("item_roles", shown["role"]) if shown["role"] else "",
        "owner_id": item.record.owner_id,
        "allowed": allowed_on_item(request.actor, item),
    }


def by_owner(items: Iterable[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return what others contributed, by agency."""
    found: dict[str, list[dict[str, Any]]] = {}
    for item in items:
        found.setdefault(item["owner"]["name"], []).append(item)
    return sorted(found.items())
