"""The branches of the rule as parts of a list's statement: each gives its newest by index.

Every condition is the policy's own; the branch of grants is read from the copies that a grant
carries, so that one index serves it.
"""

from __future__ import annotations

import re

from agencies.codes import EXCHANGING, AgencyStatus, Level
from sharing.actions import Action
from sharing.filters import Filters
from sharing.policy import GRANT, GRANTED_UNDER, OWN, STANDING, STANDING_UNDER, Branch, joined
from sharing.reached import in_place, seated
from sharing.search.terms import Terms

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

FEW_SEATS = 10
"""Up to so many rosters each is read as far as the list goes; more are bounded first."""

PROBED = 8
"""Of the list's length, what part of each of many rosters is read to find how far it goes."""

PACTS = f"""
pact AS MATERIALIZED (
    SELECT p.* FROM agencies_party_in_effect p
     WHERE p.agency_id = (SELECT agency_id FROM acting)
), halted AS MATERIALIZED (
    SELECT id FROM agencies_agency WHERE status IN ({HALTED})
)"""  # noqa: S608  (codes of our own)
"""The agreements that bind the reader's agency, and the agencies that exchange nothing now."""

SIGNED = """
signed AS MATERIALIZED (
    SELECT p.* FROM (
        SELECT DISTINCT agreement_id, owner FROM found WHERE agreement_id IS NOT NULL
    ) g JOIN agencies_party_in_effect p ON p.agreement_id = g.agreement_id AND p.agency_id = g.owner
)"""
"""The owners' signatures under what was found, looked up once for each owner and agreement."""

BY_SIGNATURE = f"""
  LEFT JOIN pact q ON {joined(GRANTED_UNDER["reader's agency is a party"], "q")}
  LEFT JOIN signed p ON {joined(GRANTED_UNDER["owner is a party"], "p")}"""
UNDER = "q.agency_id IS NOT NULL AND p.agency_id IS NOT NULL"
"""The conditions on agreements, as joins to what was looked up once."""

DIVIDING = ("grouping", "type", "status")
"""What a list is counted by."""


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


def arm(
    branch: Branch,
    filters: Filters,
    side: list[str],
    *,
    order: str,
    limit: int,
    also: tuple[str, ...] = (),
) -> str:
    """Return the newest keys of a branch with the columns *also*, and of grants with what their
    agreement is asked about later.

    Rows are told apart by their key alone: by every column, the index's order would not serve and
    all that an agency owns be sorted for the first of it.
    """
    wanted = _wanted(branch, filters, side)
    if branch is GRANT:
        return _granted(wanted, order, limit, also)
    conditions, once = dict(branch.conditions), "true"
    if branch is STANDING:
        asked = [_by_own_pacts(name, conditions.pop(name)) for name in STANDING_UNDER]
        once = " AND ".join(map(in_place, asked)).replace("r.category", "g.category")
    where = " AND ".join(map(in_place, [*conditions.values(), *wanted]))
    columns = "".join(f", r.{name}" for name in also)
    return f"""SELECT NULL::uuid AS agreement_id, NULL::uuid AS owner,
       NULL::timestamptz AS issued_at, NULL::smallint AS level, k.*
  FROM {seated(branch.seats)} CROSS JOIN LATERAL (
    SELECT DISTINCT ON (r.touched_at, r.id) r.touched_at, r.id{columns} FROM {branch.rows}
     WHERE {where}
     ORDER BY {order} LIMIT {limit:d}) k
 WHERE {once}"""  # noqa: S608  (fragments of the policy)


def own(filters: Filters, side: list[str], *, order: str, limit: int, also: tuple[str, ...]) -> str:
    """Return the reader's own agency's branch, read once: for the list, and to bound the others."""
    return f"own AS MATERIALIZED ({arm(OWN, filters, side, order=order, limit=limit, also=also)})"


def bound(filters: Filters, side: list[str], *, order: str, limit: int) -> str:
    """Return the place past which no key is among the first *limit*, read after ``own``.

    Behind the last of the first *limit* of any keys that the list holds, nothing can be among the
    first of all: of the agency's own and, where there are many rosters, of a part of each one's
    grants. There is no row where these are too few.
    """
    part = _granted(_wanted(GRANT, filters, side), order, -(-limit // PROBED), ())
    return f"""
bound AS MATERIALIZED (
    SELECT touched_at, id FROM (
        SELECT touched_at, id FROM own
        UNION ALL
        SELECT touched_at, id FROM ({part} WHERE (SELECT count(*) FROM seat) > {FEW_SEATS}) probed
    ) known ORDER BY {order} OFFSET {limit - 1} LIMIT 1
)"""  # noqa: S608  (fragments of the policy)


def within_bound(*, backwards: bool) -> str:
    """Return that a row is not past ``bound``, or that there is none."""
    side, moment = ("<=", "infinity") if backwards else (">=", "-infinity")
    digit = "f" if backwards else "0"
    return f"""(r.touched_at, r.id) {side} (
        coalesce((SELECT touched_at FROM bound), '{moment}'),
        coalesce((SELECT id FROM bound), '{digit * 32}'))"""  # noqa: S608  (no value from outside)


def beyond(*, backwards: bool) -> str:
    """Return that a row stands past the place that a page goes on from."""
    side = ">" if backwards else "<"
    return f"(r.touched_at, r.id) {side} (%(touched_at)s::timestamptz, %(id)s::uuid)"


def _wanted(branch: Branch, filters: Filters, side: list[str]) -> list[str]:
    return [
        f"{branch.level} >= {int(Action.LIST.level)}",
        "r.kind = %(kind)s",
        *_narrowed(filters),
        *_found(branch, filters.terms),
        *side,
    ]


def _granted(wanted: list[str], order: str, limit: int, also: tuple[str, ...]) -> str:
    """Return the branch of grants, read from what the index of grants holds."""
    every = [*wanted, *{**GRANT.conditions, **IN_ADVANCE}.values()]
    held = [text for one in every if (text := in_copies(in_place(one))) is not None]
    sorting = order.replace("id", "g.record_id").replace("touched_at", "g.touched_at")
    columns = "".join(f", {in_copies(f'r.{name}')}" for name in also)
    return f"""SELECT k.*
  FROM {seated(GRANT.seats)} CROSS JOIN LATERAL (
    SELECT g.agreement_id, g.owner, g.issued_at, g.level, g.touched_at, g.record_id AS id{columns}
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
