"""Diagrams of the state machines, made from their tables."""

from __future__ import annotations

from collections.abc import Iterable

from sharing.transitions import TRANSITIONS, Transition


def mermaid(transitions: Iterable[Transition]) -> str:
    """Return the table as a Mermaid state diagram."""
    lines = [f"    {one.source} --> {one.target}: {one.event}" for one in transitions]
    return "\n".join(["stateDiagram-v2", *dict.fromkeys(lines)])


def page_of_states() -> str:
    """Return the documentation page of the states of a sharing request."""
    guards = dict.fromkeys((one.event, one.guard) for one in TRANSITIONS)
    rows = [f"| {event} | {guard} |" for event, guard in guards]
    return "\n".join(
        [
            "# States of a sharing request",
            "",
            "Made from `sharing/transitions.py` by `manage.py draw_states`;"
            " a test holds the two together.",
            "",
            "```mermaid",
            mermaid(TRANSITIONS),
            "```",
            "",
            "| event | by whom |",
            "|---|---|",
            *rows,
            "",
        ]
    )
