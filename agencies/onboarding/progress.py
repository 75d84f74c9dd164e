"""How far an application is, as its applicant sees it: the same steps, without who did them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agencies.codetable import label
from agencies.models import Application
from agencies.onboarding.checklist import Asked, Step, answers_of, checklist
from agencies.onboarding.named import Named, named_for
from agencies.services.pilot import NAMEABLE

TOLD = {
    "verify": "They call your agency on a number that it publishes. Nothing for you to do.",
    "assign_tier": "They settle which data your agency takes part in. Nothing for you to do.",
    "send_agreements": "They send the participation agreement to your agency's head.",
    "sign": "Your agency's head signs what was sent and sends it back.",
    "meet": "Answer the five questions below, each with a file that shows it.",
    "admit": "They decide whether your agency comes on board. Nothing for you to do.",
    "start_pilot": "Name below who coordinates, who is reached, and an alternate for each.",
    "activate": "Your agency gives and receives already. Its coordinator goes on, signed in.",
}
"""What a step means for the applicant while it is the next."""


@dataclass(frozen=True)
class Progress:
    """What an applicant is shown and may do."""

    steps: list[Step] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    contacts: list[Named] = field(default_factory=list)
    may_answer: bool = False
    may_name: bool = False
    declined_for: str = ""
    told: Mapping[str, str] = field(default_factory=lambda: TOLD)


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
        contacts=named_for(onboarding),
        may_answer=may_name and onboarding.answers_are_due,
        may_name=may_name,
    )
