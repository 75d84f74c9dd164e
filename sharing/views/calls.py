"""Telephone calls: a code for the caller, and who is calling for the duty desk."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agencies.forms import sent
from agencies.models import Agency
from agencies.portal_request import PortalRequest
from agencies.reauthentication import recently_authenticated
from agencies.refusals import NotAllowed
from sharing.boxes import DESK
from sharing.forms import CallForm, CodeForm
from sharing.posts import exchanging_post_of
from sharing.services import announce_call, identify_caller

METHODS = ["GET", "HEAD", "POST"]
ONLY_DESK = "Callers are identified by an agency's duty desk or release authority."


@never_cache
@require_http_methods(METHODS)
@recently_authenticated
def call_new(request: PortalRequest) -> HttpResponse:
    """Show the caller a code, once."""
    actor = request.actor
    exchanging_post_of(actor)
    initial = {"agency_id": request.GET.get("agency", "")}
    form = CallForm(request.POST or None, own=actor.agency_id, initial=initial)
    code = sent(form, announce_call, actor=actor) if request.method == "POST" else None
    if code is None:
        status = 422 if request.method == "POST" else 200
        return render(request, "sharing/call.html", {"form": form}, status=status)
    agency = Agency.objects.get(pk=form.cleaned_data["agency_id"])
    context = {"code": f"{code[:4]} {code[4:]}", "agency": agency}
    return render(request, "sharing/call.html", context)


@never_cache
@require_http_methods(METHODS)
@recently_authenticated
def call_check(request: PortalRequest) -> HttpResponse:
    """Show the duty desk who is calling."""
    if not request.actor.holds(*DESK):
        raise NotAllowed(ONLY_DESK, code="role")
    form = CodeForm(request.POST or None)
    caller = sent(form, identify_caller, actor=request.actor) if request.method == "POST" else None
    status = 422 if request.method == "POST" and caller is None else 200
    context = {"form": CodeForm() if caller else form, "caller": caller}
    return render(request, "sharing/call_check.html", context, status=status)
