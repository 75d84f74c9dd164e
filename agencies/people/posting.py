"""Changing, ending and waking: what a coordinator does about one of their people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from agencies.authority import has_post, is_administrator
from agencies.charge import is_higher, require_charge_of, require_charge_of_person
from agencies.codes import Role
from agencies.forms import sent
from agencies.models import Credential, Membership
from agencies.people.access import office_of, person_in_sight, post_seen
from agencies.people.forms import AddressForm, CredentialForm, EndForm, RolesForm
from agencies.portal_request import PortalRequest
from agencies.reauthentication import recently_authenticated, recently_authenticated_to_send
from agencies.refusals import NotVisible
from agencies.services import (
    change_post,
    end_membership,
    propose_address,
    record_credential,
    revoke_credential,
    wake_person,
)
from agencies.text_direction import isolated

METHODS = ["GET", "HEAD", "POST"]


@recently_authenticated_to_send
@require_http_methods(METHODS)
def post_change(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Give a post other roles or another ceiling."""
    post = post_seen(request.actor, pk)
    require_charge_of(request.actor, post)
    initial = {"roles": post.roles, "ceiling": post.ceiling}
    form = RolesForm(request.POST or None, initial=initial)
    if request.method == "POST":
        done = sent(form, lambda **said: (change_post(request.actor, post, **said),))
        if done is not None:
            said = "Changed." if done[0] is None else "Sent. A second has to validate it."
            messages.success(request, said)
            return redirect("person", post.person_id)
    return form_page(
        request,
        form,
        title=f"Change the post of {isolated(post.person.name)}",
        lead="What you take away is gone at once. What you add waits until a second validates it.",
        button="Change",
        back=post.person_id,
    )


@recently_authenticated_to_send
@require_http_methods(METHODS)
def post_end(request: PortalRequest, pk: UUID) -> HttpResponse:
    """End a post now, or at the end of a day that is set ahead."""
    post = post_seen(request.actor, pk)
    form = EndForm(request.POST or None, ahead=_may_set_ahead(request, post))
    if _done(request, form, end_membership, membership=post):
        messages.success(request, "Done. Access ends with the post, by the database's clock.")
        return redirect("person", post.person_id)
    return form_page(
        request,
        form,
        title=f"End the post of {isolated(post.person.name)} at {isolated(post.agency.name)}",
        lead=(
            "At that moment end: acting for the agency, sessions and tokens under this post, task"
            " forces, mail about its cases, and access given to the person. What was given to the"
            " agency stays with the agency."
        ),
        button="End the post",
        back=post.person_id,
        danger=True,
    )


@recently_authenticated
@require_POST
def person_wake(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Let in again who was dormant."""
    found = person_in_sight(office_of(request.actor), pk)
    wake_person(request.actor, found)
    messages.success(request, f"{isolated(found.name)} can act again.")
    return redirect("person", pk)


@recently_authenticated_to_send
@require_http_methods(METHODS)
def person_address(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Propose another e-mail address, which the person confirms."""
    found = person_in_sight(office_of(request.actor), pk)
    require_charge_of_person(request.actor, found)
    form = AddressForm(request.POST or None)
    if _done(request, form, propose_address, person=found):
        messages.success(request, "A link was sent to the new address.")
        return redirect("person", pk)
    return form_page(
        request,
        form,
        title=f"New e-mail of {isolated(found.name)}",
        lead=f"Now {found.email}.",
        button="Send the link",
        back=pk,
    )


@recently_authenticated_to_send
@require_http_methods(METHODS)
def credential_new(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Record a credential of a person."""
    found = person_in_sight(office_of(request.actor), pk)
    require_charge_of_person(request.actor, found)
    form = CredentialForm(request.POST or None)
    if _done(request, form, record_credential, person=found):
        messages.success(request, "Recorded.")
        return redirect("person", pk)
    return form_page(
        request,
        form,
        title=f"Record a credential of {isolated(found.name)}",
        lead="What a post takes and this person lacks keeps them out until it is recorded here.",
        button="Record",
        back=pk,
    )


@recently_authenticated
@require_POST
def credential_revoke(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Have a credential count no more."""
    found = Credential.objects.select_related("person").filter(pk=pk).first()
    if found is None:
        raise NotVisible
    person_in_sight(office_of(request.actor), found.person_id)
    revoke_credential(request.actor, found)
    messages.success(request, "It counts no more.")
    return redirect("person", found.person_id)


def form_page(
    request: PortalRequest,
    form: forms.Form,
    *,
    title: str,
    lead: str,
    button: str,
    back: UUID | None = None,
    danger: bool = False,
) -> HttpResponse:
    """Return a page of one form; 422 where something was sent and has to be mended."""
    context: dict[str, Any] = {
        "form": form,
        "title": title,
        "lead": lead,
        "button": button,
        "back": back,
        "danger": danger,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "people/form.html", context, status=status)


def _done(
    request: PortalRequest, form: forms.Form, service: Callable[..., object], **about: Any
) -> bool:
    """Return whether what was sent was done; what is to be mended is on the form."""
    return request.method == "POST" and sent(form, service, by=request.actor, **about) is not None


def _may_set_ahead(request: PortalRequest, post: Membership) -> bool:
    """Return whether the service would let whoever asks set an end ahead."""
    if is_higher(post):
        return is_administrator(request.actor)
    return has_post(request.actor, post.agency_id, Role.COORDINATOR)
