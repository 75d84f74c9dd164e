"""The list of cases: filters in the address, pages by key."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from agencies.actors import Actor
from agencies.models import Agency
from agencies.portal_request import PortalRequest
from cases.case_line import CaseLine, case_lines
from cases.exports.columns import COLUMNS
from cases.list_page import (
    DENSITIES,
    Address,
    address_of,
    filter_fields,
    filters_of,
    values_in,
)
from cases.models import SavedView
from cases.presentation import shown_case
from cases.services.saved_views import listed_views
from sharing.cursors import decode, encode
from sharing.disclosure import list_records
from sharing.filters import Filters
from sharing.listing import CAP, Facets, Page, filled, first_page

SIZE = 50
SHOWN = 8
FACETS = (
    ("Status", "status", "case_statuses"),
    ("Class", "class", "case_classes"),
    ("Type", "type", "case_types"),
)


@require_http_methods(["GET", "HEAD", "POST"])
def case_list(request: PortalRequest) -> HttpResponse:
    """Show the newest cases that the reader may see, narrowed as the address or a view says.

    What is typed is sent by POST and leads to an address that does not hold it.
    """
    if request.method == "POST":
        return _narrowed(request)
    views = listed_views(request.actor) if request.actor.membership_id else []
    first = first_view(views)
    if first is not None and not request.GET:
        return redirect(f"{reverse('case_list')}?{link_to(first)}")
    query = query_of(request.GET, views)
    values = values_in(query, request.session)
    cases, page, counted = read(request.actor, filters_of(values), values.get("cursor", ""))
    list_records(request.actor, cases)
    address = address_of(query, values, request.session)
    context = {
        "fields": filter_fields(values),
        "cases": [shown_case(case) for case in cases],
        "newer": encode(page.previous, backwards=True) if page.previous else "",
        "older": encode(page.next) if page.next else "",
        "query": address.carried,
        "forgotten": "s" in query and "q" not in values,
        "facet_lists": facet_lists(counted),
        "total": total(counted, page),
        **around(address, views, values),
    }
    return render(request, "cases/list.html", context)


def _narrowed(request: PortalRequest) -> HttpResponse:
    """Lead to the address of what was typed and chosen."""
    values = values_in(request.POST, request.session)
    query = urlencode(address_of(request.POST, values, request.session).carried)
    return redirect(f"{reverse('case_list')}?{query or 'all=1'}")


def query_of(said: QueryDict, views: Sequence[SavedView]) -> QueryDict:
    """Return what an address asks for, where it names a view and nothing else what that holds."""
    view = next((one for one in views if str(one.pk) == said.get("view")), None)
    if view is None or set(said) - {"view", "cursor"}:
        return said
    held = QueryDict(view.query, mutable=True)
    for name in said:
        held.setlist(name, said.getlist(name))
    return held


def around(address: Address, views: Sequence[SavedView], values: dict[str, Any]) -> dict[str, Any]:
    """Return what stands around the rows: chips, columns and views."""
    owner = Agency.objects.filter(pk=values["owner"]).first() if "owner" in values else None
    return {
        "address": address,
        "owner": owner,
        "chips": address.chips(owner.name if owner else "Unknown agency"),
        "columns": [(name, column.title) for name, column in COLUMNS.items()],
        "densities": DENSITIES.items(),
        "views": [(view, link_to(view)) for view in views],
    }


def first_view(views: Sequence[SavedView]) -> SavedView | None:
    """Return the view that the list begins with: one's own, else the agency's."""
    firsts = [view for view in views if view.is_default]
    return min(firsts, key=lambda view: view.agency_id is not None, default=None)


def link_to(view: SavedView) -> str:
    """Return the query that opens a view."""
    return f"view={view.pk}"


def total(counted: Facets, page: Page) -> str:
    """Return how many the list holds, as far as it was counted; nothing behind its first page."""
    number = sum(found for _, found in counted.get("status", ()))
    return f"{number:,}+" if number >= CAP and page.next else f"{number:,}" if counted else ""


def read(actor: Actor, filters: Filters, cursor: str) -> tuple[list[CaseLine], Page, Facets]:
    """Return the rows of a page; of the first one also how the list divides, in one reading."""
    if not cursor:
        page, counted = first_page(actor, filters, size=SIZE)
        return case_lines(actor, page.keys), page, counted
    after, before = decode(cursor)
    lines = partial(case_lines, actor)
    return *filled(actor, lines, filters, after=after, before=before, size=SIZE), {}


def facet_lists(counted: Facets) -> list[tuple[Any, ...]]:
    """Return the commonest values of each facet that divides the list at all."""
    return [
        (title, name, table, counted[name][:SHOWN])
        for title, name, table in FACETS
        if len(counted.get(name, ())) > 1
    ]
