"""One queue of one actor: its number and its list, from the same rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from agencies.actors import Actor
from cases.changes import Change
from portal.queues.sorts import Sort
from sharing.boxes import record_shown
from sharing.cursors import Key, encode
from sharing.holdings import allowed_on_grant
from sharing.models import Grant, ShareRequest
from sharing.naming import Name
from sharing.pending import as_seen
from sharing.request_page import Line

SHOWN = 8
PAGE = 50
CAP = 200
"""Where a tile stops counting: who has more before them needs the list, not the number."""


@dataclass(frozen=True)
class Held:
    """A given or received access as lists show it, and whether more time may be asked for."""

    grant: Grant
    name: Name | None
    is_ours: bool
    may_renew: bool


@dataclass(frozen=True)
class Changed:
    """A case in which something changed, and what."""

    change: Change
    name: Name


@dataclass
class Queue:
    """What waits of one sort, from the first or from behind a place in it.

    ``by`` is the field that orders the rows, with a minus for newest first; ties go by the key.
    """

    actor: Actor
    sort: Sort
    rows: QuerySet[Any] | list[Change]
    by: str = ""
    size: int = SHOWN
    after: Key | None = None
    names: dict[UUID, Name] = field(default_factory=dict)

    @cached_property
    def found(self) -> list[Any]:
        """Return the rows of a page and one more, if there is one."""
        if isinstance(self.rows, list):
            return self.rows[: self.size + 1]
        ordered = self.rows.order_by(self.by, "-pk" if self.by.startswith("-") else "pk")
        return list(_behind(ordered, self.by, self.after)[: self.size + 1])

    @cached_property
    def count(self) -> int:
        """Return how many wait, counted up to one above ``CAP``."""
        if isinstance(self.rows, list):
            return len(self.rows)
        if self.after is None and len(self.found) <= self.size:
            return len(self.found)
        return self.rows.order_by()[: CAP + 1].count()

    @property
    def number(self) -> str:
        """Return the count as a tile shows it."""
        return f"{CAP}+" if self.count > CAP else str(self.count)

    @property
    def records(self) -> list[UUID | None]:
        """Return the records whose names the lines need."""
        return [self._record_of(row) for row in self.found[: self.size]]

    @property
    def lines(self) -> list[Line | Held | Changed]:
        """Return the rows as lists show them, with the names that their reader may know."""
        made = (self._line(row) for row in self.found[: self.size])
        return [line for line in made if line is not None]

    @property
    def more(self) -> bool:
        """Return whether there are rows behind those shown."""
        return len(self.found) > self.size

    @property
    def next(self) -> str:
        """Return the cursor of the page behind this one, if there is one."""
        if isinstance(self.rows, list) or not self.more:
            return ""
        last = self.found[self.size - 1]
        return encode(Key(getattr(last, self.by.lstrip("-")), last.pk))

    def _record_of(self, row: Any) -> UUID | None:
        if isinstance(row, Change):
            return row.case_id
        if isinstance(row, ShareRequest):
            return record_shown(self.actor, row)
        return UUID(str(row.record_id))

    def _line(self, row: Any) -> Line | Held | Changed | None:
        record = self._record_of(row)
        name = self.names.get(record) if record else None
        if isinstance(row, Change):
            return Changed(row, name) if name else None
        if isinstance(row, ShareRequest):
            seen = as_seen(self.actor, row)
            return Line(seen, name, row.owner_id == self.actor.agency_id)
        may_renew = "renew" in allowed_on_grant(self.actor, row, "active")
        return Held(row, name, row.owner == self.actor.agency_id, may_renew)


def _behind(rows: QuerySet[Any], by: str, after: Key | None) -> QuerySet[Any]:
    """Return what comes behind a place in the order of *by*."""
    if after is None:
        return rows
    name, side = by.lstrip("-"), "lt" if by.startswith("-") else "gt"
    tied = Q(**{name: after.touched_at, f"pk__{side}": after.id})
    return rows.filter(Q(**{f"{name}__{side}": after.touched_at}) | tied)
