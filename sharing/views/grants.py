"""What may be done about access that was given: acknowledge, narrow, stop, renew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agencies.actors import Actor
from agencies.codes import Level
from agencies.forms import sent
from agencies.portal_request import PortalRequest
from agencies.recipients import roster_name
from agencies.refusals import NotVisible
from sharing.forms import AcknowledgeForm, NarrowForm, ReleaseForm, RenewForm, RevokeForm
from sharing.forms.terms import USUAL_DAYS
from sharing.holdings import AnyGrant
from sharing.models import Grant, ShareRequest
from sharing.naming import Name, names_of, shown_names
from sharing.one_grant import open_grant
from sharing.services import (
    acknowledge_grant,
    narrow_grant,
    release_item,
    renew_grant,
    revoke_grant,
)
from sharing.services.releasing import waiting_items

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def grant_revoke(request: PortalRequest, pk: UUID) -> HttpResponse:
    """End access now; any of the owner's members may."""
    page = _Page("Stop sharing", "Stop sharing now", "Access ended. {who} is told.", danger=True)
    return _act(request, pk, RevokeForm(request.POST or None), revoke_grant, page)


@require_http_methods(METHODS)
def grant_narrow(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Give less than was given."""
    grant = open_grant(request.actor, pk)
    initial = {
        "level": Level(grant.level).code,
        "until": grant.until,
        "later": getattr(grant, "later", "no"),
    }
    page = _Page("Share less", "Share less from now on", "Narrowed. {who} is told.")
    return _act(request, pk, NarrowForm(request.POST or None, initial=initial), narrow_grant, page)


@require_http_methods(METHODS)
def grant_acknowledge(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Accept access for one's agency, which opens contributing."""
    page = _Page("Acknowledge access", "Acknowledge", "Acknowledged. Your people can now add.")
    form = AcknowledgeForm(request.POST or None)
    return _act(request, pk, form, acknowledge_grant, page)


@require_http_methods(METHODS)
def grant_release(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Propose to give one protected item to who holds its case."""
    grant = open_grant(request.actor, pk)
    if not isinstance(grant, Grant):
        raise NotVisible
    names = names_of(request.actor, waiting_items(request.actor, grant))
    items = [(str(key), name.title) for key, name in names.items()]
    page = _Page("Release a waiting item", "Send for approval", "Sent as {number}.")

    def release(actor: Actor, grant_id: UUID, *, item_id: str, **said: Any) -> ShareRequest:
        return release_item(actor, UUID(item_id), grant_id=grant_id, **said)

    return _act(request, pk, ReleaseForm(request.POST or None, items=items), release, page)


@require_http_methods(METHODS)
def grant_renew(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Ask for the same access for longer."""
    grant = open_grant(request.actor, pk)
    initial = {
        "until": max(grant.until, timezone.now()) + timedelta(days=USUAL_DAYS),
        "reason": grant.decision.reason,
    }
    page = _Page("Ask for longer", "Send for approval", "Sent as {number}.")
    form = RenewForm(request.POST or None, initial=initial)
    return _act(request, pk, form, renew_grant, page)


class _Page:
    """The words of one of these pages."""

    def __init__(self, title: str, button: str, said: str, *, danger: bool = False) -> None:
        self.title, self.button, self.said, self.danger = title, button, said, danger


def _act(
    request: PortalRequest,
    pk: UUID,
    form: forms.Form,
    service: Callable[..., AnyGrant | ShareRequest],
    page: _Page,
) -> HttpResponse:
    grant = open_grant(request.actor, pk)
    name = _name_of(request, grant)

    def act(**cleaned: Any) -> AnyGrant | ShareRequest:
        return service(request.actor, pk, **cleaned)

    done = sent(form, act) if request.method == "POST" else None
    if done is not None:
        number = done.number if isinstance(done, ShareRequest) else ""
        messages.success(request, page.said.format(who=roster_name(grant.roster), number=number))
        return redirect(name.url + "sharing/" if name else "home")
    context = {"grant": grant, "name": name, "form": form, "words": page}
    status = 422 if request.method == "POST" else 200
    return render(request, "sharing/grant_form.html", context, status=status)


def _name_of(request: PortalRequest, grant: AnyGrant) -> Name | None:
    if not isinstance(grant, Grant):
        return None
    return shown_names(request.actor, [grant.record_id]).get(grant.record_id)
