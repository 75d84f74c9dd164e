"""Sharing a case: to whom, how much, until when; what they will see; then on to approval."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from agencies.forms import sent
from agencies.models import Membership
from agencies.portal_request import PortalRequest
from agencies.recipients import roster_name
from cases.case_page import case_to_show
from cases.models import Case
from sharing.forms import OfferForm
from sharing.models import ShareRequest
from sharing.posts import roster_of
from sharing.preview import preview
from sharing.request_page import items_of_record
from sharing.services import offer_record

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def case_share(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Propose to share a case; the last step sends it to the release authority."""
    case = case_to_show(request, pk)
    items = items_of_record(request.actor, pk)
    form = OfferForm(request.POST or None, own=request.actor.agency_id, items=items)
    context = {"case": case, "form": form, "releasers": releasers(request)}
    step = request.POST.get("step", "")
    if request.method != "POST" or step == "change":
        return render(request, "cases/share.html", context | {"fresh": True})
    if step == "send":
        return _send(request, form, context)
    if not form.is_valid():
        return render(request, "cases/share.html", context, status=422)
    return render(request, "cases/share_preview.html", context | _preview(request, case, form))


def _send(request: PortalRequest, form: OfferForm, context: dict[str, Any]) -> HttpResponse:
    def act(roster_id: UUID, **cleaned: Any) -> ShareRequest:
        case: Case = context["case"]
        return offer_record(
            request.actor, record_id=case.pk, roster_id=roster_id, terms=form.terms()
        )

    offered = sent(form, act)
    if offered is None:
        return render(request, "cases/share.html", context, status=422)
    messages.success(request, f"Sent for approval as {offered.number}.")
    return redirect("request", offered.pk)


def _preview(request: PortalRequest, case: Case, form: OfferForm) -> dict[str, Any]:
    terms = form.terms()
    roster = roster_of(form.cleaned_data["roster_id"])
    effect = preview(
        request.actor,
        case.pk,
        roster_id=roster.pk,
        level=terms.level,
        items=terms.items,
        later=terms.later,
        unmask=terms.unmask,
    )
    return {"effect": effect, "terms": terms, "who": roster_name(roster)}


def releasers(request: PortalRequest) -> list[str]:
    """Return who else of the actor's agency holds release authority now, by name."""
    posts = (
        Membership.objects.acting()
        .holding("supervisor")
        .filter(agency=request.actor.agency_id)
        .exclude(person=request.actor.person_id)
    )
    return list(posts.order_by("person__name").values_list("person__name", flat=True)[:5])
