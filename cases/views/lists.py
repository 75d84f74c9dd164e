"""The list of cases: filters in the address, pages by key."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.forms import values_of
from agencies.models import Agency
from agencies.portal_request import PortalRequest
from cases.forms import CaseFilterForm
from cases.listing import RELATED
from cases.models import Case
from cases.presentation import shown_case
from sharing.disclosure import list_records
from sharing.listing import Filters, decode, encode, facets, fill
from sharing.sealed import SealedQuerySet

SIZE = 50
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
    after, before = decode(values.get("cursor", ""))
    cases, page = fill(request.actor, rows(), filters, after=after, before=before, size=SIZE)
    list_records(request.actor, cases)
    context = {
        "form": form,
        "values": values,
        "cases": [shown_case(case) for case in cases],
        "facet_lists": facet_lists(facets(request.actor, filters)),
        "newer": encode(page.previous, backwards=True) if page.previous else "",
        "older": encode(page.next) if page.next else "",
        "query": query_of(values),
        "owner": Agency.objects.filter(pk=values["owner"]).first() if "owner" in values else None,
    }
    return render(request, "cases/list.html", context)


def rows() -> SealedQuerySet[Case]:
    """Return cases with what a row shows; who reads them is said where they are read."""
    return Case.objects.select_related(*RELATED)


def facet_lists(counted: dict[str, list[tuple[str, int]]]) -> list[tuple[Any, ...]]:
    """Return the commonest values of each facet that divides the list at all."""
    return [
        (title, name, table, counted[name][:SHOWN])
        for title, name, table in FACETS
        if len(counted[name]) > 1
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
