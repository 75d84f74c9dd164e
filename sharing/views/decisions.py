"""What may be done about a request: approve, deny, ask, answer, withdraw, attach a record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from agencies.forms import sent
from agencies.portal_request import PortalRequest
from agencies.recipients import roster_name
from agencies.refusals import Invalid
from sharing.boxes import denial_codes, open_share_request
from sharing.forms import ApproveForm, AttachForm, DenyForm, TextForm, VersionForm
from sharing.models import ShareRequest
from sharing.naming import own_record_by_number
from sharing.posts import roster_of
from sharing.request_page import decision_page, items_of_record
from sharing.services import (
    answer_question,
    approve_request,
    ask_question,
    attach_record,
    deny_request,
    withdraw_request,
)

Service = Callable[..., ShareRequest]


@require_POST
def request_approve(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Release what was asked for, or less where the form says so."""
    seen = open_share_request(request.actor, pk)
    if "as_asked" in request.POST:
        plain = VersionForm(request.POST)
        return _done(request, pk, plain, approve_request, "Approved. {who} is told at {now}.")
    form = ApproveForm(request.POST, items=items_of_record(request.actor, seen.record_id))

    def approve(actor: Any, request_id: UUID, **cleaned: Any) -> ShareRequest:
        return approve_request(actor, request_id, **form.release())

    said = "Approved with your changes. {who} is told at {now}."
    return _done(request, pk, form, approve, said, shown_as="approve_form")


@require_POST
def request_deny(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Refuse with a coded reason."""
    seen = open_share_request(request.actor, pk)
    form = DenyForm(request.POST, codes=denial_codes(seen))
    said = "Not approved. {who} is told at {now}."
    return _done(request, pk, form, deny_request, said, shown_as="deny_form")


@require_POST
def request_question(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Ask the asker something first."""
    form = TextForm(request.POST)
    said = "Your question was sent. The request waits for the answer."
    return _done(request, pk, form, ask_question, said, shown_as="text_form")


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


def _done(
    request: PortalRequest,
    pk: UUID,
    form: forms.Form,
    service: Service,
    said: str,
    *,
    shown_as: str = "failed_form",
) -> HttpResponse:
    """Do it and say so, or show the request again with what there is to mend."""

    def act(**cleaned: Any) -> ShareRequest:
        return service(request.actor, pk, **cleaned)

    decided = sent(form, act)
    if decided is None:
        context = {**decision_page(request.actor, pk), shown_as: form, "failed": shown_as}
        return render(request, "sharing/request.html", context, status=422)
    own = decided.owner_id == request.actor.agency_id
    who = roster_name(roster_of(decided.roster_id)) if own else decided.owner.name
    messages.success(request, said.format(who=who, now=f"{timezone.localtime():%H:%M}"))
    return redirect("request", pk)
