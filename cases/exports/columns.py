"""What a list of cases shows of each, by the names that addresses use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from agencies.codetable import label

Shown = Mapping[str, Any]


def _coded(table: str, name: str) -> Callable[[Shown], str]:
    return lambda case: label(table, case[name]) if case[name] else ""


def _moment(case: Shown) -> str:
    moment: datetime | None = case["touched_at"]
    return timezone.localtime(moment).isoformat(timespec="minutes") if moment else ""


@dataclass(frozen=True)
class Column:
    """One column: its heading, and what it says of a case as ``shown_case`` returns it."""

    title: str
    text: Callable[[Shown], str]


COLUMNS: dict[str, Column] = {
    "number": Column("Number", lambda case: case["number"]),
    "own_number": Column("Owner's number", lambda case: case["own_number"] or ""),
    "class": Column("Class", _coded("case_classes", "class")),
    "type": Column("Type", _coded("case_types", "type")),
    "status": Column("Status", _coded("case_statuses", "status")),
    "owner": Column("Owner", lambda case: case["owner"]["name"] or ""),
    "level": Column("You have", _coded("levels", "level")),
    "sensitivity": Column("How closely held", _coded("sensitivities", "sensitivity")),
    "opened": Column(
        "Opened", lambda case: case["opened_on"].isoformat() if case["opened_on"] else ""
    ),
    "changed": Column("Changed", _moment),
}
TITLE = Column("Title", lambda case: case["title"] or "")
HANDLING = Column(
    "Handling",
    lambda case: " · ".join(label("handling", mark) for mark in case["handling"] or ["LES"]),
)
USUAL = ("number", "status", "owner", "level", "changed")
"""What is shown until somebody chooses."""


def in_file(chosen: tuple[str, ...]) -> list[Column]:
    """Return the columns of a file: number and title first, how to handle it last."""
    kept = [COLUMNS[name] for name in COLUMNS if name in chosen and name != "number"]
    return [COLUMNS["number"], TITLE, *kept, HANDLING]
