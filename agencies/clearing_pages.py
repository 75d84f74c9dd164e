"""The way back for somebody who lost every second factor: one asks, another confirms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from agencies.codetable import label
from agencies.factors import factors_of
from agencies.forms import CodeField, sent
from agencies.middleware import needs_no_hat
from agencies.models import FactorClearing, Person
from agencies.portal_request import PortalRequest
from agencies.reauthentication import recently_authenticated_to_send
from agencies.refusals import NotVisible
from agencies.services.clearing import (
    CHECKS,
    REASONS,
    confirm_clearing,
    open_clearing,
    propose_clearing,
    require_clears,
    withdraw_clearing,
)
from agencies.session_views import page_of_ours
from agencies.text_direction import isolated


class AskForm(forms.Form):
    """Why, and how whoever asks made sure who it is."""

    reason_code = CodeField(
        REASONS, label="What happened", explained=True, widget=forms.RadioSelect
    )
    checked_how = CodeField(
        CHECKS, label="How you made sure who it is", explained=True, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label="For whoever confirms",
        required=False,
        max_length=300,
        help_text="When and where, for instance. No case information.",
    )


class ConfirmForm(forms.Form):
    """Which proposal was read."""

    proposal = forms.UUIDField(widget=forms.HiddenInput)


@needs_no_hat
@recently_authenticated_to_send
@require_http_methods(["GET", "HEAD", "POST"])
def clear_factors(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Ask to clear somebody's second factors, or see what was asked."""
    person = _person(request, pk)
    form = AskForm(request.POST or None)
    if request.method == "POST":
        made = sent(form, lambda **said: propose_clearing(request.actor, person, **said))
        if made is not None:
            name = isolated(person.name)
            words = f"Asked. Somebody else confirms it, then {name} signs in and adds anew."
            messages.success(request, words)
            return _back(request)
    return _page(request, person, form)


@needs_no_hat
@recently_authenticated_to_send
@require_POST
def confirm(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Clear what somebody else asked to clear."""
    person = _person(request, pk)
    form = ConfirmForm(request.POST)
    done = sent(form, lambda **said: confirm_clearing(request.actor, person, **said))
    if done is None:
        return _page(request, person, form)
    messages.success(
        request, f"Cleared. {isolated(person.name)} adds a second factor at the next sign-in."
    )
    return _back(request)


@needs_no_hat
@require_POST
def withdraw(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Take back what was asked; stopping waits for no confirmation."""
    person = _person(request, pk)
    withdraw_clearing(request.actor, person)
    messages.success(request, "Taken back. Nothing is cleared.")
    return _back(request)


@needs_no_hat
@require_POST
def stop(request: PortalRequest) -> HttpResponse:
    """Stop the clearing of one's own factors: they are not lost."""
    withdraw_clearing(request.actor, request.user)
    messages.success(request, "Stopped. Tell your coordinator that it was not you who asked.")
    return redirect("mfa_index")


def _person(request: PortalRequest, pk: UUID) -> Person:
    """Return whose factors the reader may have a part in clearing."""
    person = Person.objects.filter(pk=pk).first()
    if person is None:
        raise NotVisible
    require_clears(request.actor, person)
    return person


def _page(request: PortalRequest, person: Person, form: forms.Form) -> HttpResponse:
    proposal = open_clearing(person)
    asks = person.is_active and proposal is None and factors_of(person).exists()
    context = {
        "person": person,
        "form": form if isinstance(form, AskForm) else AskForm(),
        "errors": () if asks and isinstance(form, AskForm) else form.non_field_errors(),
        "proposal": proposal,
        "told": _told(proposal) if proposal else {},
        "own": proposal is not None and proposal.proposed_by_id == request.user.pk,
        "asks": asks,
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "agencies/clear_factors.html", context, status=status)


def _told(proposal: FactorClearing) -> dict[str, Any]:
    """Return what whoever confirms reads before."""
    return {
        "reason": label(REASONS, proposal.reason_code),
        "checked": label(CHECKS, proposal.checked_how),
    }


def _back(request: PortalRequest) -> HttpResponse:
    return redirect(page_of_ours(request, request.POST.get("next", "")))
