"""Recalls: what one is asked to answer, what one's agency called back, and incident notes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.forms import sent
from agencies.portal_request import PortalRequest
from agencies.refusals import NotAllowed, NotVisible
from sharing.forms import AnswerForm, IncidentForm, SendForm
from sharing.models import IncidentNote, Recall, RecallReceipt
from sharing.naming import numbers_of
from sharing.recalls import (
    INCIDENT_ROLES,
    given_recalls,
    incident_notes_for,
    open_notice,
    open_recall,
    receipts_for,
)
from sharing.services import answer_recall, send_recall, write_incident_note

SHOWN = 100


@require_safe
def recall_list(request: PortalRequest) -> HttpResponse:
    """Show the newest recalls to answer, and those of one's own agency."""
    if not request.actor.reads_cases:
        raise NotAllowed("Recalls are answered by an agency's readers.", code="role")
    asked: dict[UUID, dict[str, Any]] = {}
    for receipt in receipts_for(request.actor)[: SHOWN * 2]:
        line = asked.setdefault(receipt.recall_id, {"recall": receipt.recall, "waiting": 0})
        line["waiting"] += not receipt.answer
    given = list(given_recalls(request.actor).prefetch_related("receipts")[:SHOWN])
    return render(
        request, "sharing/recalls.html", {"asked": list(asked.values())[:SHOWN], "given": given}
    )


@require_safe
def recall(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Show a recall: to the owner its steps, to who had it what is asked."""
    own = given_recalls(request.actor).filter(pk=pk).first()
    if own is not None:
        return redirect("record_mistake", own.record_id)
    return render(request, "sharing/recall.html", notice(request, pk))


def notice(request: PortalRequest, pk: UUID) -> dict[str, Any]:
    """Return what a holder is shown: number, own copies and answers, and nothing of the record."""
    receipts = open_notice(request.actor, pk)
    called = receipts[0].recall
    knows = any(one.names_case for one in receipts)
    number = numbers_of([called.case]).get(called.case, "") if knows else ""
    return {
        "recall": called,
        "number": number,
        "lines": [{"receipt": one, "form": _answer_form(one)} for one in receipts],
    }


def _answer_form(receipt: RecallReceipt, data: Any = None) -> AnswerForm:
    said = {"answer": receipt.answer, "text": receipt.answer_text}
    return AnswerForm(data, initial=said, prefix=str(receipt.pk)[:8])


@require_POST
def recall_send(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Send a recall to everybody who has what was stopped."""
    called = open_recall(request.actor, pk)

    def send(**said: Any) -> Recall:
        return send_recall(request.actor, pk, **said)

    done = sent(SendForm(request.POST), send)
    if done is None:
        messages.error(request, "Not sent: it was sent already, or the day has passed.")
    else:
        messages.success(request, f"Recall {done.number} is sent; each holder answers.")
    return redirect("record_mistake", called.record_id)


@require_POST
def receipt_answer(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Answer for one copy; or note, for who is not in the portal, what they answered."""
    receipt = RecallReceipt.objects.select_related("recall").filter(pk=pk).first()
    if receipt is None:
        raise NotVisible
    own = given_recalls(request.actor).filter(pk=receipt.recall_id).exists()
    if not own:
        open_notice(request.actor, receipt.recall_id)
    form = _answer_form(receipt, request.POST)

    def answer(**said: Any) -> RecallReceipt:
        return answer_recall(request.actor, pk, **said)

    if sent(form, answer) is not None:
        messages.success(request, "Answered. The owning agency sees it.")
        return redirect("recall", receipt.recall_id)
    if own:
        messages.error(request, words_of(form))
        return redirect("recall", receipt.recall_id)
    page = notice(request, receipt.recall_id)
    lines = [line | {"form": form} if line["receipt"].pk == pk else line for line in page["lines"]]
    return render(request, "sharing/recall.html", page | {"lines": lines}, status=422)


def words_of(form: forms.Form) -> str:
    """Return what is wrong with a form on one line."""
    return "; ".join(str(one) for errors in form.errors.values() for one in errors)


@require_http_methods(["GET", "HEAD", "POST"])
def recall_incident(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Write down for the privacy officer what went wrong."""
    called = open_recall(request.actor, pk)
    note = IncidentNote.objects.filter(recall=called).first()
    form: forms.Form = IncidentForm.of(note)
    if request.method == "POST":
        form = IncidentForm(request.POST)

        def write(**said: Any) -> IncidentNote:
            return write_incident_note(request.actor, pk, **said)

        if sent(form, write) is not None:
            messages.success(request, "Kept. Release authority, coordinators and auditors read it.")
            return redirect("record_mistake", called.record_id)
    status = 422 if request.method == "POST" else 200
    return render(
        request, "sharing/incident_form.html", {"recall": called, "form": form}, status=status
    )


@require_safe
def incident_list(request: PortalRequest) -> HttpResponse:
    """Show the newest incident notes of one's agency to whoever answers for its privacy."""
    if not (request.actor.holds(*INCIDENT_ROLES) or request.actor.reads_cases):
        raise NotAllowed("Incident notes are read by an agency's own people.", code="role")
    notes = list(incident_notes_for(request.actor)[:SHOWN])
    return render(request, "sharing/incidents.html", {"notes": notes})


@require_safe
def incident(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Show one incident note, and how the recall stands: numbers and labels, never a title."""
    note = incident_notes_for(request.actor).filter(pk=pk).first()
    if note is None:
        raise NotVisible
    context = {
        "note": note,
        "recall": note.recall,
        "number": numbers_of([note.recall.case]).get(note.recall.case, ""),
        "receipts": note.recall.receipts.select_related("agency").order_by("agency__name", "copy"),
    }
    return render(request, "sharing/incident.html", context)
