"""The states of a sharing request as one table; the diagram in the docs is made from it."""

from __future__ import annotations

from dataclasses import dataclass

from agencies.refusals import Conflict
from sharing.models import ShareRequest

State = ShareRequest.State


@dataclass(frozen=True)
class Transition:
    """That an event leads from a state to another; the guard is the sentence a service enforces."""

    source: str
    event: str
    guard: str
    target: str


WAITING = (State.SUBMITTED, State.UNDER_REVIEW, State.INFO_NEEDED)
RELEASED = (State.APPROVED, State.APPROVED_CONDITIONAL, State.PARTLY_APPROVED)
SUPERVISOR = "release authority of the owner, not the asker through any hat"


def undo_to(state: str) -> str:
    """Return the event by which an approval is undone that was given in *state*."""
    return f"undo_to_{state}"


TRANSITIONS = (
    Transition(State.DRAFT, "submit", "the asker", State.SUBMITTED),
    Transition(
        State.SUBMITTED,
        "question",
        "release authority or duty desk of the owner",
        State.INFO_NEEDED,
    ),
    Transition(
        State.UNDER_REVIEW,
        "question",
        "release authority or duty desk of the owner",
        State.INFO_NEEDED,
    ),
    Transition(State.INFO_NEEDED, "answer", "the asker's side", State.UNDER_REVIEW),
    *(
        Transition(source, event, SUPERVISOR, target)
        for source in WAITING
        for event, target in (
            ("approve", State.APPROVED),
            ("approve_conditional", State.APPROVED_CONDITIONAL),
            ("approve_partly", State.PARTLY_APPROVED),
            ("deny", State.DENIED),
        )
    ),
    *(Transition(source, "withdraw", "the asker's side", State.WITHDRAWN) for source in WAITING),
    *(Transition(source, "lapse", "its time has passed", State.LAPSED) for source in WAITING),
    *(
        Transition(source, undo_to(target), "who approved it, before it takes effect", target)
        for source in RELEASED
        for target in WAITING
    ),
)

_NEXT = {(one.source, one.event): one.target for one in TRANSITIONS}


def leads_to(state: str, event: str) -> str:
    """Return the state that *event* leads to from *state*; Conflict, in words, when it leads
    nowhere.
    """
    target = _NEXT.get((state, event))
    if target is None:
        raise Conflict(
            f"The request is {State(state).label.lower()}; that cannot be done now.", code="state"
        )
    return target


def possible(state: str) -> set[str]:
    """Return the events that lead somewhere from *state*."""
    return {event for source, event in _NEXT if source == state}
