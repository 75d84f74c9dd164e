"""The terms of a sharing request: how much, for what, until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from agencies.codes import Level
from agencies.refusals import Invalid
from sharing.models import ShareRequest

FOREVER = datetime(9999, 12, 31, tzinfo=UTC)
"""Stands for "no end" in columns that bound; Django cannot load PostgreSQL's infinity."""

NEVER = datetime(1900, 1, 1, tzinfo=UTC)
"""Stands for "not even what is there now"."""

ROUTINE_DAYS = 3
"""Business days in which a routine sharing request is due (design, clocks)."""


ROUTINE = "routine"
SOONER = {"flash": timedelta(minutes=30), "urgent": timedelta(hours=8)}
"""Requests that are due by the hour and not by the working day (code table ``clocks``)."""


@dataclass(frozen=True)
class Terms:
    """What a request asks for; *items* is None for all that is not held back, else the chosen
    ones.
    """

    level: Level
    purpose: str
    reason: str
    until: datetime
    for_case: str = ""
    on_behalf_of: str = ""
    needed_by: datetime | None = None
    contact_phone: str = ""
    items: Sequence[UUID] | None = None
    later: str = ShareRequest.Later.EXCEPT_PROTECTED
    export: bool = False
    unmask: bool = False
    agreement_id: UUID | None = None
    priority: str = ROUTINE

    def checked(self, now: datetime) -> Terms:
        """Return itself if it makes sense; Invalid, by field, otherwise."""
        errors: dict[str, str] = {}
        if not Level.POINTER <= self.level <= Level.CONTRIBUTE:
            errors["level"] = "Give contact only, summary, full, or full with adding."
        if not self.reason.strip():
            errors["reason"] = "Say why."
        if self.until <= now:
            errors["until"] = "This time has passed."
        if self.items is not None and not self.items:
            errors["items"] = "Choose at least one item."
        if self.later not in ShareRequest.Later.values:
            errors["later"] = "Say no, except_protected or all."
        if self.priority not in (ROUTINE, *SOONER):
            errors["priority"] = "Say routine, urgent or flash."
        if errors:
            raise Invalid(errors)
        return self


def due_after(moment: datetime, days: int = ROUTINE_DAYS, *, priority: str = ROUTINE) -> datetime:
    """Return the end of the working day that is *days* business days after *moment*, in its time
    zone; sooner where the priority says so.
    """
    if priority in SOONER:
        return moment + SOONER[priority]
    due = moment
    while days:
        due += timedelta(days=1)
        days -= due.weekday() < 5
    return datetime.combine(due.date(), time(17), tzinfo=due.tzinfo)
