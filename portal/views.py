"""Home: queues, not charts."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.accounts_waiting import accounts_waiting
from agencies.models import Agreement
from agencies.portal_request import PortalRequest
from agencies.refusals import NotVisible
from agencies.services.visit import last_visit
from portal.queues import named_queues, queue_of, queues_of


@require_safe
def home(request: PortalRequest) -> HttpResponse:
    """Show what waits for the reader under the post acted under."""
    queues = queues_of(request.actor)
    listed = [queue for queue in queues if queue.sort.waits]
    named_queues(request.actor, listed)
    agreements = Agreement.objects.in_effect().filter(
        parties__agency=request.actor.agency_id, parties__left_at__isnull=True
    )
    accounts = accounts_waiting(request.actor)
    context = {
        "queues": queues,
        "listed": listed,
        "accounts": accounts,
        "waiting": bool(accounts) or any(queue.count for queue in listed),
        "agreements": agreements.distinct().count(),
    }
    return render(request, "portal/home.html", context)


@require_safe
def queue(request: PortalRequest, key: str) -> HttpResponse:
    """Show one queue, page by page."""
    found = queue_of(request.actor, key, cursor=request.GET.get("cursor", ""))
    if found is None:
        raise NotVisible
    named_queues(request.actor, [found])
    since = last_visit(request.actor) if found.sort.rows == "changes" else None
    context = {"queue": found, "since": since}
    return render(request, "portal/queue.html", context)
