"""Home: queues, not charts."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.models import Agreement
from agencies.portal_request import PortalRequest
from agencies.refusals import NotVisible
from portal.queues import ALL, queues_of


@require_safe
def home(request: PortalRequest) -> HttpResponse:
    """Show what waits for the reader under the post acted under."""
    queues = [(queue, queue.count, queue.lines) for queue in queues_of(request.actor)]
    agreements = Agreement.objects.in_effect().filter(
        parties__agency=request.actor.agency_id, parties__left_at__isnull=True
    )
    context = {
        "queues": queues,
        "waiting": any(count for _, count, _ in queues),
        "agreements": agreements.distinct().count(),
    }
    return render(request, "portal/home.html", context)


@require_safe
def queue(request: PortalRequest, key: str) -> HttpResponse:
    """Show one queue in full."""
    found = queues_of(request.actor, only=key, limit=ALL)
    if not found:
        raise NotVisible
    context = {"queue": found[0], "count": found[0].count, "lines": found[0].lines}
    return render(request, "portal/queue.html", context)
