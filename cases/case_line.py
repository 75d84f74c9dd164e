"""A case as a line of a list: what ``shown_case`` and the ledger ask of it, and no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from agencies.actors import Actor
from cases.models import Case
from sharing.actions import Action
from sharing.cursors import Key
from sharing.lines import lines
from sharing.models import Record


class OwnerLine(NamedTuple):
    """The owner of a line as rows name it."""

    name: str
    short_name: str
    contact: str


class CaseLine(NamedTuple):
    """A case, its envelope, and how far its reader reaches it; the envelope is the line itself."""

    pk: UUID
    owner_id: UUID
    originator_id: UUID
    number: str
    own_number: str
    summary: str
    disposition: str
    opened_on: date | None
    grouping: str
    title: str
    type: str
    status: str
    sensitivity: int
    handling: list[str]
    category: str
    findability: str
    touched_at: datetime
    version: int
    access_level: int
    access_unmask: bool
    owner_name: str
    owner_short_name: str
    owner_contact: str

    @property
    def record(self) -> CaseLine:
        """Return what it has of its envelope."""
        return self

    @property
    def owner(self) -> OwnerLine:
        """Return the agency that owns it."""
        return OwnerLine(self.owner_name, self.owner_short_name, self.owner_contact)


OF_CASE = ("pk", "number", "own_number", "summary", "disposition", "opened_on")
OF_READER = ("access_level", "access_unmask")


def _lookup(name: str) -> str:
    if name in OF_CASE or name in OF_READER:
        return name
    return f"record__{name.replace('owner_', 'owner__') if name != 'owner_id' else name}"


COLUMNS = tuple(map(_lookup, CaseLine._fields))


def case_lines(actor: Actor, keys: Sequence[Key]) -> list[CaseLine]:
    """Return the lines of *keys* in their order, as far as the rule lists them for *actor*."""
    wanted = [key.id for key in keys]
    found: list[tuple[Any, ...]] = lines(
        actor, Action.LIST, Case, COLUMNS, wanted, kind=Record.Kind.CASE
    )
    return [CaseLine(*row) for row in found]
