"""The states of a case and what leads from one to another, as one table."""

from __future__ import annotations

from dataclasses import dataclass

from agencies.codetable import label
from agencies.refusals import Conflict


@dataclass(frozen=True)
class Step:
    """That an event takes a case from one status to another."""

    source: str
    event: str
    target: str


STEPS = (
    Step("proposed", "open", "open"),
    Step("proposed", "close", "closed"),
    Step("open", "suspend", "suspended"),
    Step("suspended", "resume", "open"),
    Step("open", "prosecute", "prosecution"),
    Step("suspended", "prosecute", "prosecution"),
    Step("prosecution", "return", "open"),
    Step("open", "close", "closed"),
    Step("suspended", "close", "closed"),
    Step("prosecution", "close", "closed"),
    Step("closed", "reopen", "open"),
    Step("closed", "archive", "archived"),
    Step("archived", "reopen", "open"),
)

FIRST = ("proposed", "open")
"""Statuses in which a person opens a case; an import may bring any."""

_EVENTS = {(step.source, step.target): step.event for step in STEPS}


def event_between(source: str, target: str) -> str:
    """Return the event that takes a case from *source* to *target*; Conflict if there is none."""
    event = _EVENTS.get((source, target))
    if event is None:
        raise Conflict(
            f"The case is {label('case_statuses', source).lower()}; it cannot become "
            f"{label('case_statuses', target).lower()} from there.",
            code="status",
        )
    return event
