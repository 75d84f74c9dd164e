"""Saving a form so that nothing typed is lost: what others saved meanwhile, what gives doubt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Generic, TypeVar

from agencies.clock import database_time
from agencies.forms import sent
from agencies.refusals import Stale
from agencies.text_direction import isolated
from cases.merging import VERSION, Merged, merge, take_choices
from sharing.models import Revision

T = TypeVar("T")

ALL_THE_SAME = "save_all_the_same"
MINUTE, HOUR, DAY = 60, 3_600, 86_400


@dataclass
class Saving(Generic[T]):
    """One attempt to save a bound form; ``act`` calls the service with what the form says.

    ``doubts`` says what to ask back about, of a valid form.  ``opened`` gives what the form began
    with at a version, ``last`` who saved last; both are for things that are there already.
    """

    form: Any
    act: Callable[..., T]
    doubts: Callable[[], list[str]] = list
    opened: Callable[[int], Mapping[str, Any] | None] | None = None
    last: Callable[[], Revision | None] = lambda: None
    merged: Merged = field(default_factory=Merged)
    asked: list[str] = field(default_factory=list)
    by: str = ""
    raced: bool = False

    def run(self) -> T | None:
        """Save, or return None with what is to be mended, chosen or confirmed first."""
        if self.opened is not None:
            take_choices(self.form)
            self._catch_up(self.opened)
        if self.merged.clashes or not self.form.is_valid():
            return None
        self.asked = self.doubts()
        if self.asked and self.form.data.get(ALL_THE_SAME) != self.confirmation:
            return None
        self.asked = []
        try:
            return sent(self.form, self.act)
        except Stale:
            self.raced = True
            return None

    def _catch_up(self, opened: Callable[[int], Mapping[str, Any] | None]) -> None:
        """Join what others saved since the form was opened."""
        began = str(self.form.data.get(VERSION, ""))
        if began.isdecimal() and began != str(self.form.initial[VERSION]):
            self.by = self._saver()
            self.merged = merge(self.form, opened(int(began[:9])))

    @property
    def confirmation(self) -> str:
        """Return what is sent back to say that these very doubts were read."""
        return sha256("\n".join(self.asked).encode()).hexdigest()[:16]

    def context(self) -> dict[str, Any]:
        """Return what the form's page shows above it."""
        return {
            "clashes": self.merged.clashes,
            "taken": self.merged.taken,
            "saved_by": self.by,
            "doubts": self.asked,
            "confirmation": self.confirmation,
            "raced": self.raced,
        }

    def _saver(self) -> str:
        """Return who saved last and how long ago, such as "Sam Ortiz 20 s ago"."""
        last = self.last()
        if last is None:
            return "somebody else"
        who = last.saved_by.person.name if last.saved_by else "an import"
        return f"{isolated(who)} {ago(last.saved_at, now=database_time())}"

    def said(self) -> str:
        """Return what to say once it is saved."""
        if not self.merged.taken:
            return "Saved."
        fields = ", ".join(self.merged.taken)
        return f"Saved together with what {self.by} changed: {fields}."


def ago(then: datetime, *, now: datetime) -> str:
    """Return how long ago something was, in the largest whole unit."""
    seconds = max(0, int((now - then).total_seconds()))
    for size, unit in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit} ago"
    return f"{seconds} s ago"
