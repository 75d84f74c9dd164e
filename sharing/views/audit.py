"""The auditor's page: who saw a case in a period, and why; as a page and as a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from agencies.actors import Actor
from agencies.portal_request import PortalRequest
from agencies.reauthentication import recently_authenticated
from agencies.refusals import NotAllowed, NotVisible
from ledger.completeness import completeness
from sharing.audit.answer import readers_of_case, sections, weak_reasons
from sharing.audit.files import MOST, as_csv, for_paper, take_answer
from sharing.audit.question import ASKING_ROLES, Question, cases_meant, question_about
from sharing.forms.auditing import AuditFileForm, AuditForm
from sharing.models import Record
from sharing.naming import numbers_of
from sharing.paper import as_pdf, typeset
from sharing.views.ledger import period_of

FOR_WHOM = "Who saw a case is answered to its agency's release authority and auditors."


@dataclass(frozen=True)
class Asked:
    """What a form asks: one question, or several cases that its number may mean."""

    question: Question | None = None
    meant: list[tuple[Record, str]] = field(default_factory=list)


@require_safe
def audit(request: PortalRequest) -> HttpResponse:
    """Show who read a case of the actor's agency, and why."""
    if not request.actor.holds(*ASKING_ROLES):
        raise NotAllowed(FOR_WHOM)
    form = AuditForm(request.GET.dict())
    if not form.is_valid():
        return render(request, "sharing/audit.html", {"form": form}, status=422)
    asked = asked_by(request.actor, form.cleaned_data)
    page = {"form": form, "sought": form.cleaned_data["number"], "meant": asked.meant}
    if asked.question is not None:
        page |= answer_page(asked.question)
    return render(request, "sharing/audit.html", page)


@require_POST
@recently_authenticated
def audit_file(request: PortalRequest) -> HttpResponse:
    """Hand over the same as a file; that it was made is on the ledger before it is."""
    form = AuditFileForm(request.POST.dict())
    if not form.is_valid():
        raise NotVisible
    question = asked_by(request.actor, form.cleaned_data).question
    if question is None:
        raise NotVisible
    kind, name = form.cleaned_data["kind"], f"who-saw-{question.number}"
    answer = take_answer(request.actor, question, kind=kind)
    if kind == "pdf":
        return as_pdf(typeset("audit.typ", for_paper(answer)), name)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return HttpResponse(as_csv(answer), content_type="text/csv; charset=utf-8", headers=headers)


def asked_by(actor: Actor, values: dict[str, Any]) -> Asked:
    """Return what is asked by id or by number; nothing where no such case of the agency's is."""
    since, until = period_of(values)
    key = values.get("record")
    if key is None:
        cases = cases_meant(actor, values["number"]) if values.get("number") else []
        if len(cases) != 1:
            numbers = numbers_of(case.pk for case in cases)
            return Asked(meant=[(case, numbers.get(case.pk, "")) for case in cases])
        key = cases[0].pk
    return Asked(question_about(actor, key, since=since, until=until))


def answer_page(question: Question) -> dict[str, Any]:
    """Return what the page shows of an answer."""
    return {
        "question": question,
        "sections": sections(question),
        "readers": readers_of_case(question),
        "weak": weak_reasons(question),
        "sealed": completeness(),
        "most": MOST,
    }
