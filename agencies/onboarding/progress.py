"""How far an application is, as its applicant sees it: the same steps, without who did them."""

from __future__ import annotations

from dataclasses import dataclass, field

from agencies.codetable import label
from agencies.models import Application, Contact
from agencies.onboarding.checklist import Asked, Step, answers_of, checklist
from agencies.services.pilot import NAMEABLE


@dataclass(frozen=True)
class Progress:
    """What an applicant is shown and may do."""

    steps: list[Step] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    may_answer: bool = False
    may_name: bool = False
    declined_for: str = ""


def progress_of(application: Application) -> Progress:
    """Return how far it is; nothing but the state before it is taken up."""
    if application.state == Application.State.DECLINED:
        return Progress(declined_for=label("decline_reasons", application.reason_code))
    if application.state != Application.State.OPENED or application.agency is None:
        return Progress()
    agency, onboarding = application.agency, application.onboarding
    may_name = agency.status in NAMEABLE
    return Progress(
        steps=checklist(agency, onboarding),
        asked=answers_of(onboarding),
        contacts=list(onboarding.contacts.order_by("duty")),
        may_answer=may_name and onboarding.answers_are_due,
        may_name=may_name,
    )
