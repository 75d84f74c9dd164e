"""The checklist of one agency: every step done by whom and when, or who must do what next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from agencies.codes import AgencyStatus
from agencies.models import Agency, ComplianceAnswer, Onboarding, Person
from agencies.onboarding.questions import QUESTIONS, Question
from agencies.services.board import NEEDED
from agencies.services.pilot import missing_for_activation, missing_for_pilot
from agencies.services.signing import open_to
from agencies.standing import PAST, STEPS, WAY
from ledger.models import Event

ADMINISTRATOR = "A portal administrator"
BOARD = "Two portal administrators"


@dataclass(frozen=True)
class Plan:
    """What a step is, who takes it, and how, for somebody who never did."""

    event: str
    title: str
    who: str
    how: str
    place: str = ""
    """Where on the agency's page it is done."""


PLANS = (
    Plan(
        "apply",
        "Take up the application",
        ADMINISTRATOR,
        "Somebody applied and proved their e-mail address. Taking it up gives the agency a short"
        " name and this checklist; nobody there can sign in yet.",
    ),
    Plan(
        "verify",
        "Verify its authority",
        ADMINISTRATOR,
        "Look up the agency's published number, never the one on the application. Call, ask for"
        " its head, and hear that the agency applies and that the applicant speaks for it.",
        "verify",
    ),
    Plan(
        "assign_tier",
        "Assign a tier",
        ADMINISTRATOR,
        "The tier bounds which data the agency takes part in and how far. Give the lowest that"
        " does its work; it can be changed at any time, and a lower one holds at once.",
        "tier",
    ),
    Plan(
        "send_agreements",
        "Send the agreements",
        ADMINISTRATOR,
        "Send the participation agreement, and any other that the agency needs, to its head to"
        " be signed. Say which others went with it: the checklist then keeps them in sight.",
        "send",
    ),
    Plan(
        "sign",
        "Record the signature",
        "The agency signs; a portal administrator records it",
        "Enter who signed, in what office and when. The agency becomes a party; nothing flows"
        " before its pilot. Other agreements are recorded under Agreements, now or at any time.",
        "sign",
    ),
    Plan(
        "meet",
        "Compliance",
        "The agency answers; a portal administrator reviews",
        "Five questions, each with a file that shows it. Accept what is shown, return what is not"
        " with a word on what is missing: whoever answers is mailed that it is their turn.",
        "answers",
    ),
    Plan(
        "admit",
        "Board decision",
        BOARD,
        "Two different people decide, neither of them the applicant. The second who says the same"
        " decides.",
        "vote",
    ),
    Plan(
        "start_pilot",
        "Provision",
        "The agency names its people; a portal administrator appoints the coordinators; they say"
        " yes",
        "A coordinator and an alternate, a primary and an alternate liaison, the duty desk. Two"
        " people can hold all of these; a larger agency may do parts of it by arrangement. Both"
        " coordinators get a link by mail, and have their post once they said yes.",
        "people",
    ),
    Plan(
        "activate",
        "Pilot",
        "The agency's coordinator appoints its people; a portal administrator ends the pilot",
        "The agency gives and receives while you watch. Release authority and duty desk must be"
        " held before it becomes active.",
        "activate",
    ),
)


@dataclass(frozen=True)
class Step:
    """One line of the checklist: ``state`` is done, next or later."""

    number: int
    plan: Plan
    state: str
    done_by: str = ""
    done_at: datetime | None = None
    missing: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """What of it is still to be done, and holds nothing up."""


@dataclass(frozen=True)
class Asked:
    """A question, and the answer to it in the round that is open or was last."""

    question: Question
    answer: ComplianceAnswer | None


def onboarding_of(agency: Agency) -> Onboarding | None:
    """Return an agency's way on board, its latest if it has ended; None where it has none."""
    found = Onboarding.objects.filter(agency=agency).select_related("application")
    return found.order_by("-began_at").first()


def checklist(agency: Agency, onboarding: Onboarding) -> list[Step]:
    """Return every step in order."""
    done = _done(agency, onboarding)
    names = _names(done)
    reached = _reached(agency, done)
    left = {"sign": _unsigned(agency, done.get("send_agreements"))}
    steps = []
    for place, plan in enumerate(PLANS):
        state = "done" if place < reached else "next" if place == reached else "later"
        event = done.get(plan.event)
        steps.append(
            Step(
                number=place + 1,
                plan=plan,
                state=state,
                done_by=names.get(event.person, "The portal's own command") if event else "",
                done_at=event.at if event else None,
                missing=missing(agency, onboarding, plan.event) if state == "next" else [],
                left=left.get(plan.event, []) if state != "later" else [],
            )
        )
    return steps


def _done(agency: Agency, onboarding: Onboarding) -> dict[str, Event]:
    """Return the event by which each step was taken on this way on board."""
    kinds = {f"agency.{PAST[move.event]}": move.event for move in STEPS}
    events = Event.objects.filter(
        target=agency.pk, target_kind="agency", kind__in=kinds, at__gte=onboarding.began_at
    )
    return {kinds[event.kind]: event for event in events.order_by("seq")}


def _unsigned(agency: Agency, sent: Event | None) -> list[str]:
    """Return, a sentence each, the agreements that were sent and can still be signed."""
    wanted = sent.facts.get("others", []) if sent else []
    if not wanted:
        return []
    return [
        f"{one.title} ({one.number}) was sent as well: the agency signs it, a portal administrator"
        " records it under Agreements."
        for one in open_to(agency).filter(pk__in=wanted)
    ]


def _names(done: dict[str, Event]) -> dict[object, str]:
    people = Person.objects.filter(pk__in=[event.person for event in done.values()])
    return dict(people.values_list("pk", "name"))


def _reached(agency: Agency, done: dict[str, Event]) -> int:
    """Return how many steps are behind an agency, wherever it stands."""
    if agency.status in WAY:
        return WAY.index(AgencyStatus(agency.status)) + 1
    if agency.status in (AgencyStatus.DIRECTORY, AgencyStatus.ENQUIRY):
        return 0
    return len(done) or len(PLANS)


def missing(agency: Agency, onboarding: Onboarding, event: str) -> list[str]:
    """Return, a sentence each, what blocks the next step."""
    match event:
        case "meet":
            return _unanswered(onboarding)
        case "admit":
            return _undecided(onboarding)
        case "start_pilot":
            return missing_for_pilot(agency, onboarding)
        case "activate":
            return missing_for_activation(agency, onboarding)
        case _:
            return []


def _unanswered(onboarding: Onboarding) -> list[str]:
    found = []
    for asked in answers_of(onboarding):
        state = asked.answer.state if asked.answer else ""
        words = {
            "": "the agency has not answered",
            ComplianceAnswer.State.GIVEN: "waits for a portal administrator",
            ComplianceAnswer.State.RETURNED: "returned to the agency",
            ComplianceAnswer.State.FAILED: "not met",
        }
        if state in words:
            found.append(f"{asked.question.label}: {words[state]}.")
    return found


def _undecided(onboarding: Onboarding) -> list[str]:
    votes = list(onboarding.votes.values_list("admits", flat=True))
    left = NEEDED - max(votes.count(True), votes.count(False))
    return [f"{left} more of the board must say the same."]


def answers_of(onboarding: Onboarding) -> list[Asked]:
    """Return every question with its answer of the current round, and the files of that."""
    answers = onboarding.answers.filter(cycle=onboarding.cycle).select_related(
        "answered_by", "reviewed_by"
    )
    found = {answer.topic: answer for answer in answers.prefetch_related("files")}
    return [Asked(question, found.get(question.topic)) for question in QUESTIONS]
