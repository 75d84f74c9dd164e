"""Standing access: every listed case of a category, open while an agreement lasts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from agencies.forms import sent
from agencies.portal_request import PortalRequest
from sharing.forms import StandingForm
from sharing.holdings import allowed_on_grant, grant_states, standing_grants_for
from sharing.models import ShareRequest
from sharing.posts import exchanging_post_of
from sharing.services import offer_standing


@require_safe
def standing_list(request: PortalRequest) -> HttpResponse:
    """Show what is open between the actor's agency and others, given and received."""
    grants = list(standing_grants_for(request.actor))
    states = grant_states(grants)
    rows = [
        {
            "grant": grant,
            "state": states[grant.pk],
            "allowed": allowed_on_grant(request.actor, grant, states[grant.pk]),
            "is_ours": grant.owner_id == request.actor.agency_id,
        }
        for grant in grants
    ]
    return render(request, "sharing/standing.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def standing_new(request: PortalRequest) -> HttpResponse:
    """Propose to open a category of listed cases."""
    exchanging_post_of(request.actor)
    form = StandingForm(request.POST or None, own=request.actor.agency_id)

    def offer(who: str, category: str, **said: Any) -> ShareRequest:
        return offer_standing(
            request.actor, roster_id=UUID(who), category=category, terms=form.terms()
        )

    offered = sent(form, offer) if request.method == "POST" else None
    if offered is None:
        status = 422 if request.method == "POST" else 200
        return render(request, "sharing/standing_form.html", {"form": form}, status=status)
    messages.success(request, f"Sent for approval as {offered.number}.")
    return redirect("request", offered.pk)
