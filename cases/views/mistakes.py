"""Shared by mistake: stop it, see who has it, call it back, note it, find it elsewhere."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from agencies.portal_request import PortalRequest
from cases.mistake_page import steps
from cases.services import stop_sharing
from cases.services.stopping import own_to_stop
from sharing.disclosure import require


@require_http_methods(["GET", "HEAD", "POST"])
def record_mistake(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Show the steps for a case or an item of one's own; sending it stops all sharing at once."""
    if request.method == "POST":
        recall = stop_sharing(request.actor, pk)
        messages.success(request, f"Stopped. Nobody outside can open it now. {recall.number}")
        return redirect("record_mistake", pk)
    require(request.actor, pk)
    record = own_to_stop(request.actor, pk)
    return render(request, "cases/mistake.html", steps(request.actor, record))
