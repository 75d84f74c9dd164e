"""Logging a disclosure that was made outside the portal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from agencies.forms import sent
from agencies.portal_request import PortalRequest
from cases.case_page import case_to_show
from sharing.forms import HandOverForm
from sharing.models import HandOver
from sharing.request_page import items_of_record
from sharing.services import log_hand_over


@require_http_methods(["GET", "HEAD", "POST"])
def case_told(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Log to whom a case, or items of it, was told, shown or given, and why."""
    case = case_to_show(request, pk)
    form = HandOverForm(
        request.POST or None,
        own=request.actor.agency_id,
        items=items_of_record(request.actor, pk),
    )
    context = {"case": case, "form": form}
    finding = request.POST.get("step") == "find"
    if request.method != "POST" or finding:
        return render(request, "cases/told.html", context | {"fresh": True})

    def log(**cleaned: Any) -> HandOver:
        return log_hand_over(request.actor, pk, **form.said())

    if sent(form, log) is None:
        return render(request, "cases/told.html", context, status=422)
    messages.success(request, "Logged. It stands in the disclosure log of this case.")
    return redirect("case_sharing", pk)
