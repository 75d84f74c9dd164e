"""The list of cases: filters in the address, pages by key."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.actors import Actor
from agencies.forms import values_of
from agencies.models import Agency
from agencies.portal_request import PortalRequest
from cases.forms import CaseFilterForm
from cases.listing import RELATED
from cases.models import Case
from cases.presentation import shown_case
from sharing.disclosure import list_records
from sharing.listing import Filters, Page, decode, encode, fill, first_page, rows

SIZE = 50
Facets = dict[str, list[tuple[str, int]]]
SHOWN = 8
FACETS = (
    ("Status", "status", "case_statuses"),
    ("Class", "class", "case_classes"),
    ("Type", "type", "case_types"),
)


@require_safe
def case_list(request: PortalRequest) -> HttpResponse:
    """Show the newest cases that the reader may see, narrowed as the address says."""
    form = CaseFilterForm(request.GET)
    values = values_of(form)
    filters = filters_of(values)
    cases, page, counted = read(request.actor, filters, values.get("cursor", ""))
    list_records(request.actor, cases)
    context = {
        "form": form,
        "values": values,
        "cases": [shown_case(case) for case in cases],
        "facet_lists": facet_lists(counted),
        "newer": encode(page.previous, backwards=True) if page.previous else "",
        "older": encode(page.next) if page.next else "",
        "query": query_of(values),
        "owner": Agency.objects.filter(pk=values["owner"]).first() if "owner" in values else None,
    }
    return render(request, "cases/list.html", context)


def read(actor: Actor, filters: Filters, cursor: str) -> tuple[list[Case], Page, Facets]:
    """Return the rows of a page; of the first one also how the list divides, in one reading."""
    cases = Case.objects.select_related(*RELATED)
    if not cursor:
        page, counted = first_page(actor, filters, size=SIZE)
        return rows(actor, cases, page.keys), page, counted
    after, before = decode(cursor)
    return *fill(actor, cases, filters, after=after, before=before, size=SIZE), {}


def facet_lists(counted: Facets) -> list[tuple[Any, ...]]:
    """Return the commonest values of each facet that divides the list at all."""
    return [
        (title, name, table, counted[name][:SHOWN])
        for title, name, table in FACETS
        if len(counted.get(name, ())) > 1
    ]


def filters_of(values: dict[str, Any]) -> Filters:
    """Return the filters that the address names."""
    received = values.get("received")
    return Filters(
        grouping=values.get("class", ""),
        status=values.get("status", ""),
        type=values.get("type", ""),
        owner=values.get("owner"),
        received=None if received is None else received == "true",
        text=values.get("q", ""),
    )


def query_of(values: dict[str, Any]) -> dict[str, str]:
    """Return what links of the list carry on, without the place in it."""
    return {name: str(value) for name, value in values.items() if name != "cursor"}
