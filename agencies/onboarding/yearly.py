"""Pages for coordinators: their agency's compliance answers, arrangements, evidence."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.actors import NOBODY
from agencies.arranged import answers_for
from agencies.authority import has_post
from agencies.codes import Role
from agencies.models import Agency, Arrangement, Membership
from agencies.onboarding.answering import answer_page, answered
from agencies.onboarding.checklist import answers_of, onboarding_of
from agencies.onboarding.figures import RECERTIFY_AHEAD
from agencies.portal_request import PortalRequest
from agencies.posts import unended
from agencies.reauthentication import recently_authenticated
from agencies.refusals import NotVisible
from agencies.services import (
    confirm_arrangement,
    end_arrangement,
    open_evidence,
    open_recertification,
)


def own_agency(request: PortalRequest) -> Agency:
    """Return the agency whose coordinator asks; NotVisible for anybody else."""
    agency = Agency.objects.filter(pk=request.actor.agency_id or NOBODY).first()
    if agency is None or not has_post(request.actor, agency.pk, Role.COORDINATOR):
        raise NotVisible
    return agency


@require_safe
def compliance(request: PortalRequest) -> HttpResponse:
    """Show a coordinator what their agency answered, when it answers next, and who does what."""
    agency = own_agency(request)
    way = onboarding_of(agency)
    held = Membership.objects.filter(unended()).select_related("person").order_by("person__name")
    arrangements = Arrangement.objects.filter(ended_at__isnull=True).prefetch_related(
        Prefetch("posts", held, to_attr="held")
    )
    context = {
        "agency": agency,
        "way": way,
        "asked": answers_of(way) if way else [],
        "begins": way.recertify_by - RECERTIFY_AHEAD if way and way.recertify_by else None,
        "ours": arrangements.filter(agency=agency).select_related("agency", "provider"),
        "theirs": arrangements.filter(provider=agency).select_related("agency", "provider"),
    }
    return render(request, "onboarding/compliance.html", context)


@require_POST
@recently_authenticated
def open_year(request: PortalRequest) -> HttpResponse:
    """Begin the year's answers."""
    open_recertification(request.actor, own_agency(request))
    return redirect("compliance")


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: PortalRequest, topic: str) -> HttpResponse:
    """Show one question to a coordinator, and keep the answer."""
    agency = own_agency(request)
    form = answered(request, request.actor, agency, topic)
    if form is None:
        messages.success(request, "Kept. An administrator reviews it.")
        return redirect("compliance")
    return answer_page(request, form, agency, topic, back=reverse("compliance"))


def _helped(request: PortalRequest, pk: UUID) -> Agency:
    """Return the agency that one answers for by arrangement; NotVisible for any other."""
    found = Agency.objects.filter(pk=pk).first()
    if found is None or not answers_for(request.actor, pk):
        raise NotVisible
    return found


@require_safe
def compliance_for(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Show a coordinator what another agency answered, for which theirs answers."""
    agency = _helped(request, pk)
    way = onboarding_of(agency)
    context = {"agency": agency, "way": way, "asked": answers_of(way) if way else []}
    return render(request, "onboarding/compliance_for.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def answer_for(request: PortalRequest, pk: UUID, topic: str) -> HttpResponse:
    """Show one question to a coordinator who answers for another agency, and keep the answer."""
    agency = _helped(request, pk)
    form = answered(request, request.actor, agency, topic)
    if form is None:
        messages.success(request, "Kept. An administrator reviews it.")
        return redirect("compliance_for", pk)
    back = reverse("compliance_for", args=[pk])
    return answer_page(request, form, agency, topic, back=back)


@require_POST
@recently_authenticated
def arrangement(request: PortalRequest, pk: UUID, name: str) -> HttpResponse:
    """Confirm what one's agency does for another, or end it."""
    own = own_agency(request).pk
    found = Arrangement.objects.filter(pk=pk).first()
    services = {"confirm": confirm_arrangement, "end": end_arrangement}
    if found is None or own not in (found.agency_id, found.provider_id) or name not in services:
        raise NotVisible
    services[name](request.actor, found)
    return redirect("compliance")


@require_safe
def evidence(request: PortalRequest, pk: UUID) -> FileResponse:
    """Give a file to an administrator or its agency's coordinator, to save and never to show."""
    found = open_evidence(request.actor, pk)
    answer = FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=found.name,
        content_type="application/octet-stream",
    )
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
