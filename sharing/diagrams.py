"""Diagrams of the state machines, made from their tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agencies.standing import MOVES, Move
from agencies.tenure import STEPS, Step
from sharing.transitions import TRANSITIONS, Transition


def mermaid(transitions: Iterable[Transition | Move | Step]) -> str:
    """Return the table as a Mermaid state diagram."""
    lines = [f"    {one.source} --> {one.target}: {one.event}" for one in transitions]
    return "\n".join(["stateDiagram-v2", *dict.fromkeys(lines)])


def page_of_states() -> str:
    """Return the documentation page of the states of sharing requests, agencies and posts."""
    return "\n".join(
        [
            *_part("States of a sharing request", "sharing/transitions.py", TRANSITIONS),
            *_part("States of an agency", "agencies/standing.py", MOVES),
            *_part("States of a person's post", "agencies/tenure.py", STEPS),
        ]
    )


def _part(heading: str, source: str, transitions: Sequence[Transition | Move | Step]) -> list[str]:
    guards = dict.fromkeys((one.event, one.guard) for one in transitions)
    return [
        f"# {heading}",
        "",
        f"Made from `{source}` by `manage.py draw_states`; a test holds the two together.",
        "",
        "```mermaid",
        mermaid(transitions),
        "```",
        "",
        "| event | by whom |",
        "|---|---|",
        *(f"| {event} | {guard} |" for event, guard in guards),
        "",
    ]
