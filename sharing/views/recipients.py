"""Looking up whom to share with, while one types."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.forms import values_of
from agencies.portal_request import PortalRequest
from agencies.recipients import recipients
from agencies.refusals import NotAllowed
from sharing.forms import FindForm, RecipientForm


@require_safe
def recipient_list(request: PortalRequest) -> HttpResponse:
    """Return a fragment: the choice of whom to share with, narrowed to what is typed."""
    if not request.actor.reads_cases:
        raise NotAllowed("Whom to share with is looked up by an agency's readers.", code="role")
    find = values_of(FindForm(request.GET)).get("find", "")
    own = request.actor.agency_id
    chosen = request.GET.get("who", "")
    form = RecipientForm(initial={"find": find, "who": chosen}, own=own)
    return render(
        request, "sharing/_recipient.html", {"form": form, "nobody": not recipients(own, find)}
    )
