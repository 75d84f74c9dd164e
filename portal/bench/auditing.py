"""The auditor's question as it is asked: by number, for a page, for a spreadsheet, for paper."""

from __future__ import annotations

from agencies.actors import Actor
from sharing.audit.answer import readers_of_case, sections, weak_reasons
from sharing.audit.files import as_csv, for_paper, take_answer
from sharing.audit.question import Question, cases_meant, question_about
from sharing.paper import typeset


def asked(auditor: Actor, number: str) -> Question:
    """Return the question about the one case of a number; ValueError if there is none."""
    (case,) = cases_meant(auditor, number)
    question = question_about(auditor, case.pk)
    if question is None:
        raise ValueError(number)
    return question


def page(auditor: Actor, number: str) -> None:
    """Ask for all that the page shows."""
    question = asked(auditor, number)
    sections(question)
    readers_of_case(question)
    weak_reasons(question)


def spreadsheet(auditor: Actor, number: str) -> None:
    """Ask for the CSV."""
    as_csv(take_answer(auditor, asked(auditor, number), kind="csv"))


def paper(auditor: Actor, number: str) -> None:
    """Ask for the PDF."""
    typeset("audit.typ", for_paper(take_answer(auditor, asked(auditor, number), kind="pdf")))


WAYS = {"page": page, "CSV": spreadsheet, "PDF": paper}
