"""The branches of the rule as lists: each gives its newest by index, the newest of all are a page.

Every condition is the policy's own.  The branch of grants is read from the copies that a grant
carries, so that one index serves it; what those do not hold is asked of the record and the
agreement when the branches have met.  Fetching the rows asks all of it again.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from agencies.actors import Actor
from sharing.arms import (
    BY_SIGNATURE,
    DIVIDING,
    PACTS,
    SIGNED,
    UNDER,
    arm,
    asked_again,
    beyond,
    bound,
    own,
    within_bound,
)
from sharing.cursors import Key
from sharing.filters import Filters
from sharing.policy import OWN
from sharing.reached import SEATED, branches_of

KEY, NEWEST_FIRST = "touched_at, id", "touched_at DESC, id DESC"


@lru_cache(maxsize=256)
def candidates(
    filters: Filters, kind: str, *, limit: int, backwards: bool = False, placed: bool = False
) -> str:
    """Return the statement for the next *limit* keys, each with whether it may be listed.

    A key comes once for each grant that gives it.  It is run with what ``parameters`` returns.
    """
    ahead = _judged(filters, kind, limit=limit, backwards=backwards, placed=placed)
    return f"{ahead} SELECT * FROM judged ORDER BY {_order(backwards=backwards)}"  # noqa: S608  (fragments of the policy)


@lru_cache(maxsize=256)
def divided(filters: Filters, kind: str, *, limit: int, wanted: int, page: int) -> str:
    """Return the statement for the first *page* keys and how the newest *wanted* divide.

    Rows are the keys; then, in the order in which they come, a number for each class, type and
    status that there are together; then of how many candidates all this was found.
    """
    columns = ", ".join(DIVIDING)
    return f"""{_judged(filters, kind, limit=limit, also=DIVIDING)}, opened AS MATERIALIZED (
    SELECT o.*, row_number() OVER (ORDER BY {NEWEST_FIRST}) AS place FROM (
        SELECT DISTINCT ON ({KEY}) {KEY}, {columns}
          FROM judged WHERE open ORDER BY {NEWEST_FIRST} LIMIT {wanted:d}) o
)
(SELECT {KEY}, NULL AS grouping, NULL AS type, NULL AS status, NULL::bigint AS number
   FROM opened WHERE place <= {page:d} ORDER BY place)
UNION ALL
(SELECT NULL, NULL, {columns}, count(*) FROM opened GROUP BY {columns} ORDER BY min(place))
UNION ALL
SELECT NULL, NULL, NULL, NULL, NULL, count(*) FROM found"""  # noqa: S608  (fragments of the policy)


@lru_cache(maxsize=256)
def counted(filters: Filters, kind: str, *, limit: int) -> str:
    """Return the statement for how many of the first *limit* candidates may be listed, and how many
    candidates there are.
    """
    return f"""{_judged(filters, kind, limit=limit)}
SELECT count(*), (SELECT count(*) FROM found)
  FROM (SELECT DISTINCT id FROM judged WHERE open) o"""  # noqa: S608  (fragments of the policy)


def _judged(
    filters: Filters,
    kind: str,
    *,
    limit: int,
    backwards: bool = False,
    placed: bool = False,
    also: tuple[str, ...] = (),
) -> str:
    """Return what finds the next *limit* candidates and asks of each whether it may be listed.

    Grants alone are asked: the other branches have asked the record everything when they found it.
    """
    order, side = _order(backwards=backwards), [beyond(backwards=backwards)] if placed else []
    ahead = [SEATED, PACTS, own(filters, side, order=order, limit=limit, also=also)]
    if not filters.terms:
        ahead.append(bound(filters, side, order=order, limit=limit))
        side = [*side, within_bound(backwards=backwards)]
    others = [branch for branch in branches_of(kind) if branch is not OWN]
    arms = "\nUNION ALL\n".join(
        [
            "SELECT * FROM own",
            *(arm(one, filters, side, order=order, limit=limit, also=also) for one in others),
        ]
    )
    again = " AND ".join(asked_again().values())
    columns = "".join(f", g.{name}" for name in also)
    return f"""
WITH {",".join(ahead)}, found AS MATERIALIZED (
    SELECT * FROM ({arms}) arms ORDER BY {order} LIMIT {limit:d}
), {SIGNED}, judged AS MATERIALIZED (
SELECT g.touched_at, g.id, g.agreement_id IS NULL OR ({again} AND {UNDER}) AS open{columns}
  FROM found g CROSS JOIN acting s
  LEFT JOIN sharing_record r ON r.id = CASE WHEN g.agreement_id IS NOT NULL THEN g.id END
  {BY_SIGNATURE}
)"""  # noqa: S608  (fragments of the policy)


def _order(*, backwards: bool) -> str:
    return KEY if backwards else NEWEST_FIRST


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
