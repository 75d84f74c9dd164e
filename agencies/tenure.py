"""How somebody comes to a post, holds it and loses it, as one table.

Nominations keep the states up to ``active``; of a post, the state is derived at each look from the
conditions that the view of who acts compares.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices

from agencies.models import Nomination
from agencies.refusals import Conflict


class Tenure(TextChoices):
    """Where somebody stands with an agency."""

    NOMINATED = "nominated", "Nominated"
    ACCEPTED = "accepted", "Accepted, to be validated"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"
    ACTIVE = "active", "Active"
    LAPSED = "lapsed", "Credential lapsed"
    DORMANT = "dormant", "Dormant"
    PAUSED = "paused", "Arrangement does not hold"
    DISABLED = "disabled", "Disabled"
    ENDED = "ended", "Ended"


@dataclass(frozen=True)
class Step:
    """That an event leads from one state to another; a service or the clock enforces the guard."""

    source: Tenure
    event: str
    guard: str
    target: Tenure


COORDINATOR = "the agency's coordinator; of a coordinator, a portal administrator"
SECOND = (
    "another coordinator or the release authority of the agency; where there is neither, and of a"
    " coordinator, a portal administrator"
)
CLOCK = "the clock"
HELD = (Tenure.ACTIVE, Tenure.LAPSED, Tenure.DORMANT, Tenure.PAUSED, Tenure.DISABLED)

STEPS = (
    Step(Tenure.NOMINATED, "accept", "the person, by the link in the mail", Tenure.ACCEPTED),
    Step(Tenure.ACCEPTED, "validate", SECOND, Tenure.ACTIVE),
    *(
        step
        for source in (Tenure.NOMINATED, Tenure.ACCEPTED)
        for step in (
            Step(source, "refuse", "the person, a second, or another agency's", Tenure.REFUSED),
            Step(source, "withdraw", "any coordinator of the agency", Tenure.WITHDRAWN),
        )
    ),
    Step(Tenure.ACTIVE, "lapse", CLOCK, Tenure.LAPSED),
    Step(Tenure.LAPSED, "credential", COORDINATOR, Tenure.ACTIVE),
    Step(Tenure.ACTIVE, "sleep", f"{CLOCK}, after 90 days without activity", Tenure.DORMANT),
    Step(Tenure.DORMANT, "wake", COORDINATOR, Tenure.ACTIVE),
    Step(Tenure.ACTIVE, "pause", f"{CLOCK}, while an arrangement does not hold", Tenure.PAUSED),
    Step(Tenure.PAUSED, "resume", f"{CLOCK}, once it holds again", Tenure.ACTIVE),
    *(
        Step(source, "disable", "coordinator, release authority, duty desk", Tenure.DISABLED)
        for source in (Tenure.ACTIVE, Tenure.LAPSED, Tenure.DORMANT, Tenure.PAUSED)
    ),
    Step(Tenure.DISABLED, "enable", "two people, neither of them the person", Tenure.ACTIVE),
    *(Step(source, "end", f"{COORDINATOR}; or {CLOCK}", Tenure.ENDED) for source in HELD),
)

_NEXT = {(one.source, one.event): one.target for one in STEPS}


def step_from(state: str, event: str) -> Nomination.State:
    """Return where *event* leads a nomination; Conflict, in words, where it leads nowhere."""
    target = _NEXT.get((Tenure(state), event))
    if target is None:
        said = Nomination.State(state).label.lower()
        raise Conflict(f"This nomination is {said}; that cannot be done now.", code="state")
    return Nomination.State(target.value)


def possible(state: str) -> set[str]:
    """Return the events that lead somewhere from *state*."""
    return {event for source, event in _NEXT if source == Tenure(state)}
