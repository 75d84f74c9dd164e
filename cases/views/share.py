"""Sharing a case: to whom, how much, until when; what they will see; then on to approval."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from agencies.codes import Level
from agencies.forms import sent
from agencies.models import Membership
from agencies.portal_request import PortalRequest
from cases.case_page import case_to_show
from cases.models import Case
from cases.offer_panel import panel_of
from sharing.forms import OfferForm
from sharing.models import ShareRequest
from sharing.request_page import items_of_record
from sharing.services import offer_record

METHODS = ["GET", "HEAD", "POST"]
UNJUDGED = ("change", "find", "less")
"""Steps that keep what is typed and find no fault with it yet."""


@require_http_methods(METHODS)
def case_share(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Propose to share a case; the last step sends it to the release authority."""
    case = case_to_show(request, pk)
    form = offer_form(request, pk)
    context = dialog(request, case, form)
    step = request.POST.get("step", "")
    if request.method != "POST" or step.partition(":")[0] in UNJUDGED:
        return render(request, "cases/share.html", context | {"fresh": True})
    if step == "send":
        return _send(request, form, context)
    status = 200 if form.is_valid() else 422
    return render(request, "cases/share.html", context, status=status)


@require_POST
def case_share_panel(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Return a fragment: what the offer would do as the form stands."""
    case = case_to_show(request, pk)
    context = dialog(request, case, offer_form(request, pk))
    was = request.POST.get("was") == "blocked"
    context["renewed_acts"] = was != bool(context["panel"].blocked)
    return render(request, "cases/_offer_panel.html", context)


def offer_form(request: PortalRequest, pk: UUID) -> OfferForm:
    """Return the dialog's form with what was sent; ``step`` can set the level lower."""
    said: QueryDict | None = None
    if request.method == "POST":
        said = request.POST.copy()
        step, _, level = said.get("step", "").partition(":")
        if step == "less" and level.upper() in Level.__members__:
            said["level"] = level
    items = items_of_record(request.actor, pk)
    return OfferForm(said, own=request.actor.agency_id, items=items)


def dialog(request: PortalRequest, case: Case, form: OfferForm) -> dict[str, Any]:
    """Return what the dialog and the panel beside it show."""
    return {
        "case": case,
        "form": form,
        "releasers": releasers(request),
        "panel": panel_of(request.actor, case, form),
    }


def _send(request: PortalRequest, form: OfferForm, context: dict[str, Any]) -> HttpResponse:
    def act(who: UUID, **cleaned: Any) -> ShareRequest:
        case: Case = context["case"]
        return offer_record(request.actor, record_id=case.pk, roster_id=who, terms=form.terms())

    offered = sent(form, act)
    if offered is None:
        return render(request, "cases/share.html", context, status=422)
    messages.success(request, f"Sent for approval as {offered.number}.")
    return redirect("request", offered.pk)


def releasers(request: PortalRequest) -> list[str]:
    """Return who else of the actor's agency holds release authority now, by name."""
    posts = (
        Membership.objects.acting()
        .holding("supervisor")
        .filter(agency=request.actor.agency_id)
        .exclude(person=request.actor.person_id)
    )
    return list(posts.order_by("person__name").values_list("person__name", flat=True)[:5])
