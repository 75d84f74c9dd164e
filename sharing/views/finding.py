"""Search: one box for names, numbers, plates and phones; and what it suggests while one types."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.forms import values_of
from agencies.portal_request import PortalRequest
from sharing.disclosure import list_records
from sharing.forms import SearchForm
from sharing.search import search, suggest
from sharing.search_page import named_hits, records_of

SUGGESTED = 8
SHORTEST = 2


@require_safe
def search_page(request: PortalRequest) -> HttpResponse:
    """Show what the reader may see of what the words find."""
    form = SearchForm(request.GET)
    values = values_of(form)
    text, kind = values.get("q", ""), values.get("kind", "")
    cursor = values.get("cursor")
    page = search(request.actor, text, kinds=[kind] if kind else None, after=cursor)
    list_records(request.actor, records_of(request.actor, page.hits))
    context = {
        "form": form,
        "text": text,
        "found": page,
        "hits": named_hits(request.actor, page.hits),
        "kinds": sorted(page.facets.get("kind", {}).items()),
        "query": {name: value for name, value in values.items() if name != "cursor"},
    }
    return render(request, "sharing/search.html", context)


@require_safe
def search_suggest(request: PortalRequest) -> HttpResponse:
    """Return a fragment with the first few hits of what is typed so far."""
    text = values_of(SearchForm(request.GET)).get("q", "")
    hits = suggest(request.actor, text, n=SUGGESTED) if len(text) >= SHORTEST else []
    list_records(request.actor, records_of(request.actor, hits))
    context = {"hits": named_hits(request.actor, hits), "text": text}
    return render(request, "sharing/_suggestions.html", context)
