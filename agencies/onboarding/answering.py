"""The page of one compliance question, the same for an applicant and for a coordinator."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.authority import By
from agencies.forms import sent
from agencies.models import Agency, ComplianceAnswer
from agencies.onboarding.checklist import answers_of, onboarding_of
from agencies.onboarding.public_forms import AnswerForm
from agencies.onboarding.questions import TOPICS
from agencies.refusals import NotVisible
from agencies.services import answer_question


def answered(request: HttpRequest, by: By, agency: Agency, topic: str) -> AnswerForm | None:
    """Keep what was answered; None when that is done, else the form to show."""
    if topic not in TOPICS:
        raise NotVisible
    if request.method != "POST":
        return AnswerForm(initial=_given(agency, topic))
    form = AnswerForm(request.POST, request.FILES)
    evidence = form.evidence()
    form.cleaned_data.pop("file", None)
    done = sent(form, partial(answer_question, by, agency, topic=topic, evidence=evidence))
    return form if done is None else None


def _given(agency: Agency, topic: str) -> dict[str, str]:
    answer = _answer(agency, topic)
    return {"says": answer.says, "text": answer.text} if answer else {}


def _answer(agency: Agency, topic: str) -> ComplianceAnswer | None:
    onboarding = onboarding_of(agency)
    asked = answers_of(onboarding) if onboarding else []
    return next((one.answer for one in asked if one.question.topic == topic), None)


def answer_page(
    request: HttpRequest, form: AnswerForm, agency: Agency, topic: str, *, back: str
) -> HttpResponse:
    """Show a question with the form to answer it; *back* is where all of them stand."""
    context = {
        "back": back,
        "form": form,
        "agency": agency,
        "question": TOPICS[topic],
        "answer": _answer(agency, topic),
    }
    status = 422 if form.is_bound else 200
    return render(request, "onboarding/answer.html", context, status=status)
