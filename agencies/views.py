"""Pages of the agency directory."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.codes import EXCHANGING
from agencies.directory import agreements_between, directory
from agencies.forms import LINE, values_of
from agencies.models import Agency
from agencies.portal_request import PortalRequest
from agencies.refusals import NotVisible


class DirectoryForm(forms.Form):
    """What the directory is narrowed by, as its address carries it."""

    q = forms.CharField(label="Name, ORI, county or state", max_length=LINE, required=False)
    everyone = forms.BooleanField(label="Also agencies not on board", required=False)
    after = forms.UUIDField(required=False, widget=forms.HiddenInput)


@require_safe
def agency_list(request: PortalRequest) -> HttpResponse:
    """Show agencies by name, on board or all that the directory knows."""
    form = DirectoryForm(request.GET)
    values = values_of(form)
    page = directory(
        text=values.get("q", ""),
        everyone=values.get("everyone", False),
        after=values.get("after"),
    )
    return render(request, "agencies/list.html", {"form": form, "page": page, "values": values})


@require_safe
def agency(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Show one agency, whom to call, and which agreements bind it and the reader's agency."""
    found = Agency.objects.filter(pk=pk).first()
    if found is None:
        raise NotVisible
    context = {
        "agency": found,
        "agreements": agreements_between(request.actor.agency_id, found.pk),
        "is_own": found.pk == request.actor.agency_id,
        "takes_requests": found.status in EXCHANGING,
    }
    return render(request, "agencies/agency.html", context)
