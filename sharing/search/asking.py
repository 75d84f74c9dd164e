"""The rule, asked of one document's record after the other, as cheaply as its branches allow.

Every condition is the policy's own.  What is known of the record beforehand only keeps branches
from being tried that cannot hold for it.
"""

from __future__ import annotations

from sharing.policy import BRANCHES, COVER, GRANT, OWN, STANDING, STANDING_COVER, Branch
from sharing.reached import in_place, seated

ELSEWHERE = "a.owner_id <> (SELECT agency_id FROM acting)"
"""Every other branch asks all that the one of the reader's own agency asks, and gives no more."""

BEFOREHAND = {
    OWN.conditions["own agency"]: "a.owner_id = (SELECT agency_id FROM acting)",
    STANDING.conditions["a listed case"]: "a.is_case AND a.findability = 'listed'",
}
COVERED = "NOT a.is_case"
"""A case covers itself alone (constraint ``record_covered_by_kind``)."""


def ways_to_asked() -> str:
    """Return every way in which the reader of ``SEATED`` reaches the record ``a``, for a join."""
    return "\nUNION ALL\n".join(
        f"""SELECT {b.level}::smallint AS level, {b.unmask} AS unmask
  FROM {seated(b.seats)}, {_rows(b)}
 WHERE {" AND ".join(_conditions(b))}"""  # noqa: S608  (fragments of the policy)
        for b in BRANCHES
    )


def _conditions(branch: Branch) -> list[str]:
    """Return what is known beforehand first, then the branch's own conditions."""
    known = [BEFOREHAND[one] for one in branch.conditions.values() if one in BEFOREHAND]
    if branch is not OWN:
        known.append(ELSEWHERE)
    if branch in (COVER, STANDING_COVER):
        known.append(COVERED)
    if branch is STANDING_COVER:
        known.append("c.id = a.cover_id")
    return [*known, "r.id = a.id", *map(in_place, branch.conditions.values())]


def _rows(branch: Branch) -> str:
    """Return the rows of a branch; of grants, those on the one record, looked up once for all
    seats.
    """
    if branch not in (GRANT, COVER):
        return branch.rows
    given = "a.id" if branch is GRANT else "a.cover_id"
    grants = f"""(SELECT * FROM sharing_grant o
         WHERE o.record_id = {given} AND o.ended_at IS NULL OFFSET 0) g"""  # noqa: S608  (columns named above)
    return branch.rows.replace("sharing_grant g", grants)
