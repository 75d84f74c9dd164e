"""The page that a link to a new address leads to: signed in, it is confirmed."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from agencies.actors import NOBODY
from agencies.forms import sent
from agencies.links import ADDRESS, key_in
from agencies.middleware import needs_no_hat
from agencies.models import AddressChange
from agencies.portal_request import PortalRequest
from agencies.refusals import NotVisible
from agencies.services import confirm_address


@needs_no_hat
@require_http_methods(["GET", "HEAD", "POST"])
def address_link(request: PortalRequest, token: str) -> HttpResponse:
    """Show the new address to whom it was given, and keep it once they say so."""
    found = AddressChange.objects.filter(pk=key_in(ADDRESS, token) or NOBODY).first()
    if found is None or found.person_id != request.user.pk:
        raise NotVisible
    form = forms.Form(request.POST if request.method == "POST" else None)
    person = request.user
    posted = request.method == "POST"
    done = sent(form, confirm_address, person=person, change=found) if posted else None
    if done is not None:
        messages.success(request, "This is your address from now on.")
        return redirect("preferences")
    status = 422 if posted else 200
    return render(request, "people/address.html", {"form": form, "change": found}, status=status)
