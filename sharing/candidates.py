"""The branches of the rule as lists: each gives its newest by index, the newest of all are a page.

Every condition is the policy's own.  The branch of grants is read from the copies that a grant
carries, so that one index serves it; what those do not hold is asked of the record and the
agreement when the branches have met.  Fetching the rows asks all of it again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from agencies.actors import Actor
from agencies.codes import EXCHANGING, AgencyStatus, Level
from sharing.actions import Action
from sharing.models import Record
from sharing.policy import (
    BRANCHES,
    COVER,
    GRANT,
    GRANTED_UNDER,
    SEATED,
    STANDING,
    STANDING_COVER,
    STANDING_UNDER,
    Branch,
    in_place,
    seated,
)
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

IN_ADVANCE = {
    "reader's agency is a party": "g.agreement_id = ANY (ARRAY(SELECT agreement_id FROM pact))",
    "owner is a party": "g.owner <> ALL (ARRAY(SELECT id FROM halted))",
}
"""What the conditions on agreements imply, cheap enough to be asked of every grant passed over.

They themselves are asked of the few grants that are left.
"""

HALTED = ", ".join(
    f"'{status}'"
    for status in AgencyStatus.values
    if status not in (*EXCHANGING, AgencyStatus.DIRECTORY)
)

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


@lru_cache(maxsize=256)
def candidates(
    filters: Filters, kind: str, *, limit: int, backwards: bool = False, placed: bool = False
) -> str:
    """Return the statement for the next *limit* keys, each with whether it may be listed.

    A key comes once for each grant that gives it.  It is run with what ``parameters`` returns.
    """
    order = "touched_at, id" if backwards else "touched_at DESC, id DESC"
    side = [_beyond(backwards)] if placed else []
    arms = "\nUNION ALL\n".join(
        _arm(branch, [*_narrowed(filters), *_found(branch, filters.terms), *side], order, limit)
        for branch in branches_of(kind)
    )
    again = " AND ".join(asked_again().values())
    under = " AND ".join(_by_own_pacts(*one) for one in GRANTED_UNDER.items())
    return f"""
WITH {SEATED}, pact AS MATERIALIZED (
    SELECT p.* FROM agencies_party_in_effect p
     WHERE p.agency_id = (SELECT agency_id FROM acting)
), halted AS MATERIALIZED (
    SELECT id FROM agencies_agency WHERE status IN ({HALTED})
), found AS MATERIALIZED (
    SELECT * FROM ({arms}) arms ORDER BY {order} LIMIT {limit:d}
)
SELECT g.touched_at, g.id, {again} AND (g.agreement_id IS NULL OR {under}),
       r.grouping, r.type, r.status
  FROM found g JOIN sharing_record r ON r.id = g.id CROSS JOIN acting s
 ORDER BY {", ".join(f"g.{part}" for part in order.split(", "))}"""  # noqa: S608  (fragments of the policy)


def parameters(actor: Actor, filters: Filters, kind: str, place: Key | None) -> dict[str, Any]:
    """Return what the statement of ``candidates`` is run with."""
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
    side = ">" if backwards else "<"
    return f"(r.touched_at, r.id) {side} (%(touched_at)s::timestamptz, %(id)s::uuid)"


def _arm(branch: Branch, narrowed: list[str], order: str, limit: int) -> str:
    """Return the newest keys of a branch, each with what its agreement is asked about later."""
    wanted = [
        f"{branch.level} >= {int(Action.LIST.level)}",
        "r.kind = %(kind)s",
        *narrowed,
    ]
    if branch is GRANT:
        return _granted([*wanted, *{**GRANT.conditions, **IN_ADVANCE}.values()], order, limit)
    conditions, once = dict(branch.conditions), "true"
    if branch is STANDING:
        asked = [conditions.pop(name) for name in STANDING_UNDER]
        once = " AND ".join(asked).replace("r.category", "g.category")
    where = " AND ".join(map(in_place, [*conditions.values(), *wanted]))
    return f"""SELECT k.touched_at, k.id, NULL::uuid AS agreement_id, NULL::uuid AS owner,
       NULL::timestamptz AS issued_at, NULL::smallint AS level
  FROM {seated(branch.seats)} CROSS JOIN LATERAL (
    SELECT DISTINCT r.touched_at, r.id FROM {branch.rows}
     WHERE {where}
     ORDER BY {order} LIMIT {limit:d}) k
 WHERE {once}"""  # noqa: S608  (fragments of the policy)


def _granted(wanted: list[str], order: str, limit: int) -> str:
    """Return the branch of grants, read from what the index of grants holds."""
    held = [text for one in wanted if (text := in_copies(in_place(one))) is not None]
    sorting = order.replace("id", "g.record_id").replace("touched_at", "g.touched_at")
    return f"""SELECT k.touched_at, k.id, k.agreement_id, k.owner, k.issued_at, k.level
  FROM {seated(GRANT.seats)} CROSS JOIN LATERAL (
    SELECT g.touched_at, g.record_id AS id, g.agreement_id, g.owner, g.issued_at, g.level
      FROM sharing_grant g
     WHERE {" AND ".join(held)}
     ORDER BY {sorting} LIMIT {limit:d}) k"""  # noqa: S608  (fragments of the policy)


def _by_own_pacts(name: str, condition: str) -> str:
    """Return *condition*, the one on the reader's agency asked of its pacts, looked up once."""
    own = name == "reader's agency is a party"
    return condition.replace("agencies_party_in_effect", "pact") if own else condition


def _narrowed(filters: Filters) -> list[str]:
    columns = ("grouping", "status", "type")
    wanted = [f"r.{name} = %({name})s" for name in columns if getattr(filters, name)]
    if filters.owner is not None:
        wanted.append("r.owner_id = %(owner)s::uuid")
    if filters.received is not None:
        wanted.append(f"r.owner_id {'<>' if filters.received else '='} s.agency_id")
    return wanted


def _found(branch: Branch, terms: Terms) -> list[str]:
    """Return that a document which this branch lets the reader see is found by *terms*, if any."""
    if not terms:
        return []
    seen = f"d.level < {int(Level.VIEW)} OR NOT o.protected OR {branch.unmask}"
    condition = f"""EXISTS (
        SELECT 1 FROM sharing_searchdocument d JOIN sharing_record o ON o.id = d.record_id
         WHERE d.record_id = r.id AND d.level <= {branch.level} AND ({seen})
           AND {terms.exactly})"""  # noqa: S608  (fragments of the policy)
    return [condition]
