"""Where an agency can go from where it stands, as one table."""

from __future__ import annotations

from dataclasses import dataclass

from agencies.codes import AgencyStatus
from agencies.refusals import Conflict

Status = AgencyStatus

ONBOARDING = (
    Status.ENQUIRY,
    Status.APPLIED,
    Status.VERIFIED,
    Status.TIER_ASSIGNED,
    Status.AGREEMENTS,
    Status.COMPLIANCE,
    Status.BOARD_DECISION,
    Status.PROVISIONING,
    Status.PILOT,
    Status.ACTIVE,
)
ON_BOARD = (Status.PILOT, Status.ACTIVE, Status.LIMITED_ACCESS)


@dataclass(frozen=True)
class Move:
    """That an event leads an agency from one status to another; a service enforces the guard."""

    source: AgencyStatus
    event: str
    guard: str
    target: AgencyStatus


ADMINISTRATOR = "a portal administrator"

MOVES = (
    *(
        Move(source, "advance", ADMINISTRATOR, target)
        for at, source in enumerate(ONBOARDING)
        for target in ONBOARDING[at + 1 :]
    ),
    *(
        Move(source, "limit", ADMINISTRATOR, Status.LIMITED_ACCESS)
        for source in (Status.PILOT, Status.ACTIVE, Status.SUSPENDED)
    ),
    *(Move(source, "suspend", ADMINISTRATOR, Status.SUSPENDED) for source in ON_BOARD),
    *(
        Move(source, "reinstate", ADMINISTRATOR, target)
        for source in (Status.LIMITED_ACCESS, Status.SUSPENDED)
        for target in (Status.PILOT, Status.ACTIVE)
    ),
    *(
        Move(source, "close", ADMINISTRATOR, Status.CLOSED)
        for source in (*ONBOARDING, Status.LIMITED_ACCESS, Status.SUSPENDED)
    ),
)

_EVENTS = {(move.source, move.target): move.event for move in MOVES}


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
