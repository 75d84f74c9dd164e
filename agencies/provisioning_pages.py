"""The page of the key by which an agency's own directory makes its people known (SCIM)."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from agencies.codes import Role, Sensitivity
from agencies.forms import sent
from agencies.models import Membership, ProvisioningKey
from agencies.portal_request import PortalRequest
from agencies.reauthentication import recently_authenticated
from agencies.refusals import NotVisible
from agencies.scim_views import KEY_PREFIX
from agencies.services.membership import RESTRICTING
from agencies.services.provisioning import (
    PROPOSED,
    issue_provisioning_key,
    revoke_provisioning_key,
)
from agencies.tokens import RANDOM_BYTES


class KeyForm(forms.Form):
    """What a nomination by the directory proposes."""

    roles = forms.MultipleChoiceField(
        label="It proposes posts as",
        choices=[(role.value, role.label) for role in PROPOSED],
        widget=forms.CheckboxSelectMultiple,
    )
    ceiling = forms.TypedChoiceField(
        label="Reading up to", choices=Sensitivity.choices, coerce=int, initial=Sensitivity.ROUTINE
    )


@recently_authenticated
@require_http_methods(["GET", "HEAD", "POST"])
def provisioning(request: PortalRequest) -> HttpResponse:
    """Show the key of the actor's agency, or make one and show it this once."""
    actor = _restricting(request)
    form = KeyForm(request.POST if request.method == "POST" else None)
    plain = KEY_PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    made = None
    if request.method == "POST":
        made = sent(form, lambda **said: issue_provisioning_key(actor, plain, **said))
    context: dict[str, Any] = {
        "form": form,
        "plain": plain if made else None,
        "address": f"{settings.PORTAL_URL}/scim/v2",
        "coordinates": actor.holds(Role.COORDINATOR),
        "key": _living(actor.agency_id),
    }
    status = 422 if form.is_bound and not made else 200
    return render(request, "agencies/provisioning.html", context, status=status)


@recently_authenticated
@require_POST
def provisioning_revoke(request: PortalRequest) -> HttpResponse:
    """End the key of the actor's agency now."""
    actor = _restricting(request)
    key = _living(actor.agency_id)
    if key is not None:
        revoke_provisioning_key(actor, key)
    messages.success(request, "Revoked. The directory reaches nothing here any more.")
    return redirect("provisioning")


def _restricting(request: PortalRequest) -> Any:
    """Return the actor, whose post may stop the directory; NotVisible otherwise."""
    posts = Membership.objects.acting().holding(*RESTRICTING)
    if not posts.filter(pk=request.actor.seat).exists():
        raise NotVisible
    return request.actor


def _living(agency: UUID | None) -> ProvisioningKey | None:
    keys = ProvisioningKey.objects.select_related("membership__person")
    return keys.filter(membership__agency=agency, revoked_at__isnull=True).first()
