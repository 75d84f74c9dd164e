"""Approving several requests at once: all their titles first, then all or none."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from agencies.portal_request import PortalRequest
from agencies.reauthentication import recently_authenticated_to_send
from agencies.refusals import Conflict, Invalid
from sharing.disclosure import id_of
from sharing.request_page import lines_of
from sharing.services.together import alike, approve_together, chosen_requests
from sharing.views.decisions import grace


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated_to_send
def requests_together(request: PortalRequest) -> HttpResponse:
    """List what was marked, and approve it all once that is confirmed."""
    if request.method == "POST":
        versions, records = _seen(request)
        done = approve_together(request.actor, versions, records=records, grace=grace())
        messages.success(request, f"{len(done)} approved together.")
        return redirect("request_list")
    context: dict[str, object] = {}
    try:
        found = chosen_requests(
            request.actor, [id_of(key) for key in request.GET.getlist("request")]
        )
        context["lines"] = lines_of(request.actor, found)
        alike(request.actor, found)
    except (Invalid, Conflict) as refusal:
        context["refused"] = refusal.reason.removeprefix("request: ")
    status = 409 if "refused" in context else 200
    return render(request, "sharing/together.html", context, status=status)


def _seen(request: PortalRequest) -> tuple[dict[UUID, int], dict[UUID, UUID | None]]:
    """Return the requests that the form names, with the versions and the records that it showed."""
    versions: dict[UUID, int] = {}
    records: dict[UUID, UUID | None] = {}
    for one in request.POST.getlist("request"):
        key, _, seen = one.partition(":")
        version, says_which, record = seen.partition(":")
        if not version.isdecimal() or len(version) > 9:
            raise Invalid({"request": "This form is not complete; open the list again."})
        versions[id_of(key)] = int(version)
        if says_which:
            records[id_of(key)] = id_of(record)
    return versions, records
