"""Where an agency can go from where it stands, as one table.

Each step of onboarding is an event of its own, with a service that enforces its guard; restricting
and what undoes it are the same from wherever an agency stands on board.
"""

from __future__ import annotations

from dataclasses import dataclass

from agencies.codes import AgencyStatus
from agencies.refusals import Conflict

Status = AgencyStatus

ON_BOARD = (Status.PILOT, Status.ACTIVE, Status.LIMITED_ACCESS)


@dataclass(frozen=True)
class Move:
    """That an event leads an agency from one status to another; a service enforces the guard."""

    source: AgencyStatus
    event: str
    guard: str
    target: AgencyStatus


ADMINISTRATOR = "a portal administrator"
ALONE = f"{ADMINISTRATOR}, with a coded reason"

TAKING_UP = f"{ADMINISTRATOR} takes up a verified application"

STEPS = (
    Move(Status.ENQUIRY, "apply", TAKING_UP, Status.APPLIED),
    Move(
        Status.DIRECTORY,
        "apply",
        f"{ADMINISTRATOR} takes up a verified application",
        Status.APPLIED,
    ),
    Move(
        Status.APPLIED,
        "verify",
        f"{ADMINISTRATOR}, by other means than the application gave",
        Status.VERIFIED,
    ),
    Move(Status.VERIFIED, "assign_tier", f"{ADMINISTRATOR}, with a reason", Status.TIER_ASSIGNED),
    Move(Status.TIER_ASSIGNED, "send_agreements", ADMINISTRATOR, Status.AGREEMENTS),
    Move(
        Status.AGREEMENTS,
        "sign",
        f"{ADMINISTRATOR} records who signed the participation agreement",
        Status.COMPLIANCE,
    ),
    Move(
        Status.COMPLIANCE,
        "meet",
        f"{ADMINISTRATOR} has accepted the answer to each question",
        Status.BOARD_DECISION,
    ),
    Move(
        Status.BOARD_DECISION,
        "admit",
        "two portal administrators, neither of them the applicant",
        Status.PROVISIONING,
    ),
    Move(
        Status.PROVISIONING,
        "start_pilot",
        f"{ADMINISTRATOR}; coordinators appointed and willing, duty desk and liaisons named",
        Status.PILOT,
    ),
    Move(
        Status.PILOT,
        "activate",
        f"{ADMINISTRATOR}; the pilot is over, release authority and duty desk are held",
        Status.ACTIVE,
    ),
)
"""The way on board, step by step."""

WAY = tuple(dict.fromkeys(move.target for move in STEPS))
"""The statuses on the way on board, in order."""

UNDECIDED = WAY[: WAY.index(Status.BOARD_DECISION)]

MOVES = (
    *STEPS,
    *(Move(source, "decline", ALONE, Status.DIRECTORY) for source in UNDECIDED),
    Move(
        Status.BOARD_DECISION,
        "decline",
        "two portal administrators, neither of them the applicant",
        Status.DIRECTORY,
    ),
    *(
        Move(source, "limit", f"{ALONE}; or the portal, when recertification is overdue", target)
        for source in (Status.PILOT, Status.ACTIVE, Status.SUSPENDED)
        for target in (Status.LIMITED_ACCESS,)
    ),
    *(Move(source, "suspend", ALONE, Status.SUSPENDED) for source in ON_BOARD),
    *(
        Move(source, "reinstate", f"{ALONE}; recertified", target)
        for source in (Status.LIMITED_ACCESS, Status.SUSPENDED)
        for target in (Status.PILOT, Status.ACTIVE)
    ),
    *(
        Move(source, "close", ALONE, Status.CLOSED)
        for source in (Status.ENQUIRY, *WAY, Status.LIMITED_ACCESS, Status.SUSPENDED)
    ),
)

PAST = {
    "apply": "applied",
    "verify": "verified",
    "assign_tier": "tier_assigned",
    "send_agreements": "agreements_sent",
    "sign": "signed",
    "meet": "compliance_met",
    "admit": "admitted",
    "start_pilot": "pilot_started",
    "activate": "activated",
    "decline": "declined",
    "limit": "limited",
    "suspend": "suspended",
    "reinstate": "reinstated",
    "close": "closed",
}
"""What history calls each event."""

CHANGES = ("limit", "suspend", "reinstate", "close")
"""The events that change how an agency stands, apart from its way on board."""

_EVENTS = {(move.source, move.target): move.event for move in MOVES}
_TARGETS = {(move.source, move.event): move.target for move in STEPS}
_TARGETS |= {
    (move.source, "decline"): Status.DIRECTORY for move in MOVES if move.event == "decline"
}


def event_between(source: str, target: str) -> str:
    """Return the event that leads from one status to the other; Conflict if none does."""
    event = _EVENTS.get((Status(source), Status(target)))
    if event is None:
        raise Conflict(
            f"The agency is {Status(source).label.lower()}; "
            f"it cannot become {Status(target).label.lower()} from there.",
            code="agency_status",
        )
    return event


def step_from(source: str, event: str) -> AgencyStatus:
    """Return where a step of onboarding leads from *source*; Conflict if it is not its turn."""
    target = _TARGETS.get((Status(source), event))
    if target is None:
        raise Conflict(
            f"The agency is {Status(source).label.lower()}: this step is not its turn.",
            code="agency_status",
        )
    return target
