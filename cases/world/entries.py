"""Entries of a world file: known keys only, and every error says where it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from agencies.clock import database_time
from agencies.refusals import Refusal

RELATIVE = re.compile(r"([+-])(\d{1,9})([smhdw])")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
MISSING: Any = object()


class BrokenWorld(Exception):
    """A world file that cannot be loaded; the message names the entry and the key."""


@dataclass(frozen=True)
class Entry:
    """One object of a world file, with the place where it stands."""

    place: str
    values: Mapping[str, Any]

    @property
    def key(self) -> str | None:
        """Return the name under which the rest of the file speaks of it."""
        key = self.text("key", None)
        return key or None

    def knows(self, *names: str) -> None:
        """Refuse keys that are not among *names*."""
        for name in self.values:
            if name not in names:
                raise BrokenWorld(f'{self.place}: there is no key "{name}" here.')

    def get(self, name: str, default: Any = MISSING) -> Any:
        """Return the value of *name*; refused where it is needed and missing."""
        value = self.values.get(name, default)
        if value is MISSING:
            raise BrokenWorld(f'{self.place}: "{name}" is missing.')
        return value

    def text(self, name: str, default: str | None = MISSING) -> str:
        """Return a text; an empty one for null."""
        value = self.get(name, default)
        if value is not None and not isinstance(value, str):
            raise BrokenWorld(f'{self.place}: "{name}" must be text.')
        return value or ""

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return true or false."""
        value = self.get(name, default)
        if not isinstance(value, bool):
            raise BrokenWorld(f'{self.place}: "{name}" must be true or false.')
        return value

    def texts(self, name: str, default: Any = MISSING) -> list[str]:
        """Return a list of texts."""
        value = self.get(name, default)
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise BrokenWorld(f'{self.place}: "{name}" must be a list of texts.')
        return value

    def moment(self, name: str, default: str | None = MISSING) -> datetime:
        """Return a time, absolute or relative to now."""
        try:
            return moment(self.text(name, default))
        except ValueError:
            raise BrokenWorld(
                f'{self.place}: "{name}" must be a time as +30d, -2h, +3s or in ISO 8601.'
            ) from None

    def day(self, name: str) -> date | None:
        """Return a day, absolute or relative to today; None where there is none."""
        if self.get(name, None) is None:
            return None
        return self.moment(name).date()

    def entry(self, name: str) -> Entry | None:
        """Return the object under *name*; None where there is none."""
        value = self.get(name, None)
        return None if value is None else as_entry(f"{self.place}, {name}", value)

    def entries(self, name: str) -> list[Entry]:
        """Return the objects listed under *name*."""
        listed = self.get(name, [])
        if not isinstance(listed, list):
            raise BrokenWorld(f'{self.place}: "{name}" must be a list.')
        return [as_entry(f"{name}[{at}]", one) for at, one in enumerate(listed)]

    @contextmanager
    def blamed(self) -> Iterator[None]:
        """Turn what a service refuses into an error that names this entry."""
        try:
            yield
        except Refusal as refusal:
            raise BrokenWorld(f"{self.place}: {refusal.reason}") from refusal


def as_entry(place: str, value: object) -> Entry:
    """Return *value* as an entry; its own name, where it has one, says more than its place."""
    if not isinstance(value, dict):
        raise BrokenWorld(f"{place}: this must be an object.")
    names = (value.get(name) for name in ("key", "email", "short_name"))
    own = next((name for name in names if isinstance(name, str)), None)
    return Entry(f"{place} ({own})" if own else place, value)


def moment(text: str) -> datetime:
    """Return the time that *text* says, as of now on the database's clock; ValueError otherwise."""
    now = database_time()
    if text == "now":
        return now
    found = RELATIVE.fullmatch(text)
    if found:
        sign, number, unit = found.groups()
        seconds = int(number) * SECONDS[unit]
        try:
            return now + timedelta(seconds=-seconds if sign == "-" else seconds)
        except OverflowError:
            raise ValueError(text) from None
    absolute = datetime.fromisoformat(text)
    return absolute if absolute.tzinfo else absolute.replace(tzinfo=now.tzinfo)


def absolute(text: str) -> str:
    """Return a relative day, with or without a time of day, in ISO 8601; anything else as it is."""
    found = re.fullmatch(r"(-\d{1,5}d)(?:T(\d\d:\d\d))?", text)
    if found is None:
        return text
    day = moment(found[1]).date().isoformat()
    return f"{day}T{found[2]}:00+00:00" if found[2] else day
