"""The branches of the rule as lists: each gives its newest by index, the newest of all are a page.

Every condition is the policy's own.  The branch of grants is read from the copies that a grant
carries, so that one index serves it; what those do not hold is asked of the record when the
branches have met.  Such a list may leave out, never let in: fetching the rows asks again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from agencies.actors import Actor
from agencies.codes import Level
from sharing.actions import Action
from sharing.models import Record
from sharing.policy import BRANCHES, COVER, GRANT, STANDING, STANDING_COVER, Branch
from sharing.search.terms import Terms, terms_of

COLUMN = re.compile(r"\br\.(\w+)")
COPIES = {
    "id": "record_id",
    "kind": "kind",
    "touched_at": "touched_at",
    "owner_id": "owner",
    "sensitivity": "sensitivity",
    "category": "category",
    "grouping": "grouping",
    "type": "type",
    "status": "status",
}
"""Columns of a record and what a grant calls its copy."""

COVERED = {Record.Kind.ITEM: BRANCHES}
"""Kinds that another record may cover (constraint ``record_covered_by_kind``)."""

OF_THEMSELVES = tuple(branch for branch in BRANCHES if branch not in (COVER, STANDING_COVER))


class Key(NamedTuple):
    """Where a row stands in a list: newest first, and by id where the clock ties."""

    touched_at: datetime
    id: UUID


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; *received* is whether another agency owns it."""

    grouping: str = ""
    status: str = ""
    type: str = ""
    owner: UUID | None = None
    received: bool | None = None
    text: str = ""

    @property
    def terms(self) -> Terms:
        """Return what the text asks for."""
        return terms_of(self.text)

    @property
    def impossible(self) -> bool:
        """Return whether a text was given that nothing can match."""
        return bool(self.text.strip()) and not self.terms


def branches_of(kind: str) -> tuple[Branch, ...]:
    """Return the branches by which a record of *kind* can be reached."""
    possible = COVERED.get(Record.Kind(kind), OF_THEMSELVES)
    return tuple(b for b in possible if b is not STANDING or kind == Record.Kind.CASE)


def in_copies(fragment: str) -> str | None:
    """Return *fragment* of the rule on a grant's copies; None where it has no copy of a column."""
    if set(COLUMN.findall(fragment)) - COPIES.keys():
        return None
    return COLUMN.sub(lambda found: f"g.{COPIES[found[1]]}", fragment)


def asked_again() -> dict[str, str]:
    """Return the conditions that grants hold no copies for, to be met by the record itself."""
    return {
        name: condition
        for name, condition in GRANT.conditions.items()
        if in_copies(condition) is None
    }


def candidates(filters: Filters, kind: str, *, backwards: bool, placed: bool) -> str:
    """Return the statement for the next ``%(limit)s`` keys, each with whether its record is open.

    It takes ``%(membership)s``, ``%(kind)s`` and what ``parameters`` returns.
    """
    order = "touched_at, id" if backwards else "touched_at DESC, id DESC"
    terms = filters.terms
    arms = "\nUNION\n".join(
        _arm(branch, filters, terms, order, _beyond(backwards) if placed else "")
        for branch in branches_of(kind)
    )
    return f"""
WITH merged AS (SELECT touched_at, id FROM ({arms}) arms ORDER BY {order} LIMIT %(limit)s)
SELECT m.touched_at, m.id, {" AND ".join(asked_again().values())},
       r.grouping, r.type, r.status
  FROM merged m JOIN sharing_record r ON r.id = m.id
 ORDER BY {", ".join(f"m.{part}" for part in order.split(", "))}"""  # noqa: S608  (fragments of the policy)


def parameters(actor: Actor, filters: Filters, kind: str, place: Key | None) -> dict[str, Any]:
    """Return what the statement of ``candidates`` is run with, but for its limit."""
    return {
        **filters.terms.parameters,
        "membership": actor.membership_id,
        "kind": str(kind),
        "grouping": filters.grouping,
        "status": filters.status,
        "type": filters.type,
        "owner": filters.owner,
        "touched_at": place.touched_at if place else None,
        "id": place.id if place else None,
    }


def _beyond(backwards: bool) -> str:
    return f"(r.touched_at, r.id) {'>' if backwards else '<'} (%(touched_at)s, %(id)s::uuid)"


def _arm(branch: Branch, filters: Filters, terms: Terms, order: str, beyond: str) -> str:
    wanted = [
        *map(_in_place, branch.conditions.values()),
        "r.kind = %(kind)s",
        f"{branch.level} >= {int(Action.LIST.level)}",
        *_narrowed(filters),
        *([_found(branch, terms)] if terms else []),
        *([beyond] if beyond else []),
    ]
    rows, columns = branch.rows, {"touched_at": "r.touched_at", "id": "r.id"}
    if branch is GRANT:
        rows = "sharing_grant g"
        wanted = [held for one in wanted if (held := in_copies(one)) is not None]
        columns = {name: in_copies(column) or column for name, column in columns.items()}
    return f"""SELECT k.touched_at, k.id FROM {branch.seats} CROSS JOIN LATERAL (
    SELECT DISTINCT {", ".join(f"{column} AS {name}" for name, column in columns.items())}
      FROM {rows}
     WHERE {" AND ".join(wanted)}
     ORDER BY {order} LIMIT %(limit)s) k
 WHERE s.membership_id = %(membership)s"""  # noqa: S608  (fragments of the policy)


def _in_place(condition: str) -> str:
    """Return *condition* so that it is asked of each row and not joined in before the limit."""
    return f"({condition}) IS TRUE" if condition.startswith("EXISTS") else condition


def _narrowed(filters: Filters) -> list[str]:
    columns = ("grouping", "status", "type")
    wanted = [f"r.{name} = %({name})s" for name in columns if getattr(filters, name)]
    if filters.owner is not None:
        wanted.append("r.owner_id = %(owner)s::uuid")
    if filters.received is not None:
        wanted.append(f"r.owner_id {'<>' if filters.received else '='} s.agency_id")
    return wanted


def _found(branch: Branch, terms: Terms) -> str:
    """Return that a document which this branch lets the reader see is found by *terms*."""
    seen = f"d.level < {int(Level.VIEW)} OR NOT o.protected OR {branch.unmask}"
    return f"""EXISTS (
        SELECT 1 FROM sharing_searchdocument d JOIN sharing_record o ON o.id = d.record_id
         WHERE d.record_id = r.id AND d.level <= {branch.level} AND ({seen})
           AND {terms.exactly})"""  # noqa: S608  (fragments of the policy)
