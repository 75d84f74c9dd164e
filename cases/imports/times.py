"""When a row says that it happened: a day, a month, or from one minute to another."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from cases.imports.bad_rows import BadRow
from cases.imports.mapping import DateColumn

EARLIEST = date(1900, 1, 1)
LAST_MINUTE = time(23, 59)


@dataclass(frozen=True)
class When:
    """The day on which it began, and what the event says of its time."""

    day: date
    fields: dict[str, str]


@dataclass(frozen=True)
class Moment:
    """A time as it was written; with ``has_time`` it names more than the day."""

    at: datetime
    has_time: bool


def when_of(values: Mapping[str, str], column: DateColumn, zone: ZoneInfo) -> When:
    """Return when a row says that it happened; BadRow where it says none that can be."""
    first = _moment(values, column.column, column)
    ends = values.get(column.to, "")
    last = _moment(values, column.to, column) if ends else first
    if column.precision != "minute":
        end = _last_day(first.at.date(), column.precision)
        return _days(first.at.date(), end, column.precision)
    if not (first.has_time or last.has_time):
        begins, over = first.at.date(), last.at.date()
        _in_order(begins <= over, column)
        return _days(begins, over, "day")
    begun = first.at.replace(tzinfo=zone)
    over_at = last.at if last.has_time else datetime.combine(last.at, LAST_MINUTE)
    ended = over_at.replace(tzinfo=zone)
    _in_order(begun <= ended, column)
    precision = "minute" if first.has_time else "day"
    times = {"from": begun.isoformat(), "to": ended.isoformat(), "time_precision": precision}
    return When(first.at.date(), times)


def _days(begins: date, over: date, precision: str) -> When:
    days = {"from": begins.isoformat(), "to": over.isoformat(), "time_precision": precision}
    return When(begins, days)


def _in_order(is_so: bool, column: DateColumn) -> None:
    if not is_so:
        raise BadRow(column.to, "This is before it began.")


def _moment(values: Mapping[str, str], name: str, column: DateColumn) -> Moment:
    moment = moment_in(values[name], column.formats)
    if moment is None:
        raise BadRow(name, _written_as(column))
    if not EARLIEST <= moment.at.date() <= datetime.now(UTC).date():
        raise BadRow(name, "This day is too early or yet to come.")
    return moment


def _written_as(column: DateColumn) -> str:
    if column.precision == "minute":
        return "This is no day or time such as 2026-03-14 or 2026-03-14 22:15."
    return f"This is no day written as {' or '.join(column.formats)}."


@lru_cache(maxsize=4096)
def moment_in(text: str, formats: tuple[str, ...]) -> Moment | None:
    """Return the time that *text* names in one of *formats*; None where it names none."""
    for form in formats:
        try:
            at = datetime.strptime(text, form)  # noqa: DTZ007  (the zone is the agency's)
        except ValueError:
            continue
        return Moment(at, "%H" in form)
    return None


def _last_day(day: date, precision: str) -> date:
    if precision == "day":
        return day
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
