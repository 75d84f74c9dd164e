"""Search: one box for names, numbers, plates and phones; and what it suggests while one types.

What is typed is sent by POST and kept in the session, so that no address holds it.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from agencies.forms import values_of
from agencies.portal_request import PortalRequest
from sharing.disclosure import list_records
from sharing.forms import SearchForm
from sharing.search import suggest
from sharing.search.keeping import keep, kept
from sharing.search_page import FILTERS, found, named_hits, records_of

SUGGESTED = 8
SHORTEST = 2
CARRIED = ("q", "s", *FILTERS, "all", "cursor")
"""What the address of a search may carry."""


@require_http_methods(["GET", "HEAD", "POST"])
def search_page(request: PortalRequest) -> HttpResponse:
    """Show what the reader may see of what the words find; take new words by POST."""
    if request.method == "POST":
        return _searched(request)
    form = SearchForm(request.GET)
    values = values_of(form)
    remembered = kept(request.session, values["s"]) if "s" in values else None
    text = remembered or values.get("q", "")
    carried = [name for name in CARRIED if name in values and name in request.GET]
    query = {name: request.GET[name] for name in carried}
    view = found(request.actor, text, values, query)
    list_records(request.actor, records_of(request.actor, view.page.hits))
    context = {"form": form, "view": view, "forgotten": "s" in values and remembered is None}
    return render(request, "sharing/search.html", context)


def _searched(request: PortalRequest) -> HttpResponse:
    """Keep what was typed and lead to its address; what cannot be searched comes back."""
    form = SearchForm(request.POST)
    if not form.is_valid():
        return render(request, "sharing/search.html", {"form": form}, status=422)
    text = form.cleaned_data["q"].strip()
    if not text:
        return redirect("search")
    query = {"s": keep(request.session, text)}
    return redirect(f"{reverse('search')}?{urlencode(query)}")


@require_http_methods(["GET", "HEAD", "POST"])
def search_suggest(request: PortalRequest) -> HttpResponse:
    """Return a fragment with the first few hits of what is typed so far."""
    sent = request.POST if request.method == "POST" else request.GET
    text = values_of(SearchForm(sent)).get("q", "")
    hits = suggest(request.actor, text, n=SUGGESTED) if len(text) >= SHORTEST else []
    list_records(request.actor, records_of(request.actor, hits))
    context = {"hits": named_hits(request.actor, hits, text), "text": text}
    return render(request, "sharing/_suggestions.html", context)
