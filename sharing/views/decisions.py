"""What may be done about a request: approve, undo, deny, ask, answer, withdraw, attach a record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from agencies.forms import sent
from agencies.portal_request import PortalRequest
from agencies.reauthentication import recently_authenticated
from agencies.recipients import roster_name
from agencies.refusals import Invalid
from sharing.boxes import denial_codes, open_share_request
from sharing.decision_page import decision_page
from sharing.forms import ApproveForm, AsAskedForm, AttachForm, DenyForm, TextForm, VersionForm
from sharing.models import ShareRequest
from sharing.naming import own_record_by_number
from sharing.posts import roster_of
from sharing.request_page import items_of_record, next_waiting
from sharing.services import (
    answer_question,
    approve_request,
    ask_question,
    attach_record,
    deny_request,
    undo_approval,
    withdraw_request,
)
from sharing.services.approving import KEEP

Service = Callable[..., ShareRequest]


def grace() -> timedelta:
    """Return how long an approval on a page can be undone."""
    return timedelta(seconds=settings.APPROVAL_UNDO_SECONDS)


@require_POST
@recently_authenticated
def request_approve(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Release what was asked for, or less where the form says so; then on to the next."""
    seen = open_share_request(request.actor, pk)
    if "as_asked" in request.POST:
        as_asked = AsAskedForm(request.POST)
        return _done(request, pk, as_asked, _approving(request), APPROVED, then=_next)
    form = ApproveForm(request.POST, items=items_of_record(request.actor, seen.record_id))

    def approve(actor: Any, request_id: UUID, **cleaned: Any) -> ShareRequest:
        return _approving(request)(actor, request_id, **form.release())

    return _done(request, pk, form, approve, APPROVED_LESS, then=_next, shown_as="approve_form")


APPROVED = "Approved. {who} is told at {now}."
APPROVED_LESS = "Approved with your changes. {who} is told at {now}."


def _approving(request: PortalRequest) -> Service:
    """Return the approval that a page sends: of the record that it showed, or of none."""
    says_which = "record" in request.POST

    def approve(actor: Any, request_id: UUID, *, record: UUID | None, **said: Any) -> ShareRequest:
        shown = record if says_which else KEEP
        return approve_request(actor, request_id, grace=grace(), shown=shown, **said)

    return approve


@require_POST
def request_undo(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Take back an approval that is not live yet."""
    undone = undo_approval(request.actor, pk)
    messages.success(request, f"{undone.number} waits for a decision again. Nobody was told.")
    return redirect("request", pk)


@require_POST
@recently_authenticated
def request_deny(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Refuse with a coded reason; then on to the next."""
    seen = open_share_request(request.actor, pk)
    form = DenyForm(request.POST, codes=denial_codes(seen))
    said = "Not approved. {who} is told at {now}."
    return _done(request, pk, form, deny_request, said, then=_next, shown_as="deny_form")


@require_POST
def request_question(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Ask the asker something first."""
    form = TextForm(request.POST)
    said = "Your question was sent. The request waits for the answer."
    then = _next if request.actor.is_supervisor else _stay
    return _done(request, pk, form, ask_question, said, then=then, shown_as="text_form")


@require_POST
def request_answer(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Answer what the owner asked."""
    form = TextForm(request.POST)
    said = "Your answer was sent. The request is under review again."
    return _done(request, pk, form, answer_question, said, shown_as="text_form")


@require_POST
def request_withdraw(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Take a request back."""
    return _done(request, pk, VersionForm(request.POST), withdraw_request, "Withdrawn.")


@require_POST
def request_attach(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Say which case of one's own an ask by number is about."""

    def attach(actor: Any, request_id: UUID, *, number: str) -> ShareRequest:
        record_id = own_record_by_number(actor, number)
        if record_id is None:
            raise Invalid({"number": "You can open no case of your agency with this number."})
        return attach_record(actor, request_id, record_id=record_id)

    said = "Attached. The asker is not told until it is released."
    return _done(request, pk, AttachForm(request.POST), attach, said, shown_as="attach_form")


def _stay(request: PortalRequest, decided: ShareRequest) -> HttpResponse:
    return redirect("request", decided.pk)


def _next(request: PortalRequest, decided: ShareRequest) -> HttpResponse:
    """Lead to the next request that waits, or to the empty box."""
    waiting = next_waiting(request.actor, decided)
    return redirect("request", waiting.pk) if waiting else redirect("request_list")


def _done(
    request: PortalRequest,
    pk: UUID,
    form: forms.Form,
    service: Service,
    said: str,
    *,
    then: Callable[[PortalRequest, ShareRequest], HttpResponse] = _stay,
    shown_as: str = "failed_form",
) -> HttpResponse:
    """Do it and say so, or show the request again with what there is to mend."""

    def act(**cleaned: Any) -> ShareRequest:
        return service(request.actor, pk, **cleaned)

    decided = sent(form, act)
    if decided is None:
        context = {**decision_page(request.actor, pk), shown_as: form, "failed": shown_as}
        return render(request, "sharing/request.html", context, status=422)
    if decided.effective_at is None or decided.owner_id != request.actor.agency_id:
        own = decided.owner_id == request.actor.agency_id
        who = roster_name(roster_of(decided.roster_id)) if own else decided.owner.name
        messages.success(request, said.format(who=who, now=f"{timezone.localtime():%H:%M:%S}"))
    return then(request, decided)
