"""How far one reader reaches: what is outside a query, or some records put ahead of it.

The branches are the policy's own; here they are read for one membership, whose seats are looked up
once for a whole statement.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Exists,
    F,
    Field,
    Func,
    IntegerField,
    Lookup,
    Max,
    OuterRef,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import In

from agencies.codes import Level
from agencies.effect import seats
from sharing.policy import (
    BRANCHES,
    COVER,
    COVERED,
    GRANT,
    STANDING,
    STANDING_COVER,
    TO_A_SEAT,
    Branch,
)

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from agencies.actors import Actor
    from sharing.actions import Action


def level_for(actor: Actor) -> Combinable:
    """Return the highest level at which *actor* reaches the outer record; 0 when it does not."""
    from sharing.models import Access

    reached = (
        Access.objects.filter(membership=actor.seat, record=OuterRef("pk"))
        .order_by()
        .values("membership")
        .annotate(highest=Max("level"))
        .values("highest")
    )
    return Coalesce(Subquery(reached, output_field=IntegerField()), Value(0))


def unmasked_for(actor: Actor) -> Combinable:
    """Return whether *actor* reaches the outer record at full view with identities unmasked."""
    from sharing.models import Access

    return Exists(
        Access.objects.filter(
            membership=actor.seat,
            record=OuterRef("pk"),
            level__gte=Level.VIEW,
            unmask=True,
        ),
        output_field=BooleanField(),
    )


SEATED = f"""
acting AS MATERIALIZED (
    SELECT * FROM agencies_acting WHERE membership_id = %(membership)s::uuid
), seat AS MATERIALIZED (
    {seats("acting")}
)"""
"""The reader's membership and seats, looked up once for a whole statement."""


def seated(fragment: str) -> str:
    """Return a branch's ``seats`` read from ``SEATED`` instead of everybody's."""
    return fragment.replace("agencies_seat", "seat").replace("agencies_acting", "acting")


def in_place(condition: str) -> str:
    """Return *condition* so that it is asked of each row and not joined in before a limit."""
    return f"({condition}) IS TRUE" if condition.startswith("EXISTS") else condition


def ways(record: str, branches: tuple[Branch, ...] = BRANCHES) -> str:
    """Return every way in which the reader of ``SEATED`` reaches *record*, for a lateral join."""
    by_cover = f"c.id = (SELECT x.cover_id FROM sharing_record x WHERE x.id = {record})"
    return "\nUNION ALL\n".join(
        f"""SELECT {b.level}::smallint AS level, {b.unmask} AS unmask, s.roles
  FROM {seated(b.seats)}, {b.rows}
 WHERE {" AND ".join([*by_key, f"r.id = {record}", *_looked_up(b)])}"""
        for b in branches
        for by_key in ([by_cover] if b is STANDING_COVER else [],)
    )


def _looked_up(branch: Branch) -> list[str]:
    """Return the conditions of a branch; of grants so that one index scan finds a record's to all
    of the seats.
    """
    at_once = f"({TO_A_SEAT}) IS TRUE AND g.roster_id = ANY (ARRAY(SELECT roster_id FROM seat))"
    return [
        at_once if branch is GRANT and one == TO_A_SEAT else in_place(one)
        for one in branch.conditions.values()
    ]


def branches_of(kind: str) -> tuple[Branch, ...]:
    """Return the branches by which a record of *kind* can be reached; all for no kind."""
    if not kind:
        return BRANCHES
    covered = kind in COVERED
    possible = [b for b in BRANCHES if covered or b not in (COVER, STANDING_COVER)]
    return tuple(b for b in possible if b is not STANDING or kind == "case")


@lru_cache(maxsize=16)
def reached_ahead_of(kind: str = "") -> str:
    """Return how far a membership reaches each of some records of a *kind*, derived once for all
    of them and put ahead of a statement.
    """
    return f"""
WITH {SEATED}, reached AS MATERIALIZED (
    SELECT k.id AS record_id, max(w.level) AS level,
           bool_or(w.unmask AND w.level >= {int(Level.VIEW)}) AS unmask
      FROM unnest(%(keys)s::uuid[]) k (id)
     CROSS JOIN LATERAL ({ways("k.id", branches_of(kind))}) w
     WHERE (SELECT roles && %(roles)s::varchar[] FROM acting)
     GROUP BY k.id
    HAVING max(w.level) >= %(level)s
) """


REACHED = reached_ahead_of()
REACHED_VALUES = re.findall(r"%\((\w+)\)s", REACHED)
"""The names of the values that it is run with, in order."""


def reached_with(actor: Actor, action: Action, keys: Sequence[UUID]) -> dict[str, Any]:
    """Return what ``reached_ahead_of`` is run with, by name."""
    return {
        "membership": actor.seat,
        "keys": list(keys),
        "roles": [str(role) for role in action.roles],
        "level": int(action.level),
    }


def reached_ahead(
    actor: Actor, action: Action, keys: Sequence[UUID], kind: str = ""
) -> tuple[str, list[Any]]:
    """Return ``reached_ahead_of`` a kind and what it is run with, in order."""
    values = reached_with(actor, action, keys)
    statement = re.sub(r"%\(\w+\)s", "%s", reached_ahead_of(kind))
    return statement, [values[name] for name in REACHED_VALUES]


def reached(column: str, output_field: Field[Any, Any]) -> Combinable:
    """Return *column* of ``reached`` for the outer record; null where it is not reached."""
    template = f"(SELECT x.{column} FROM reached x WHERE x.record_id = %(expressions)s)"
    return Func(F("pk"), template=template, output_field=output_field)


def within_reach() -> Lookup[Any]:
    """Return that the outer record is among ``reached``."""
    return In(F("pk"), Func(template="(SELECT x.record_id FROM reached x)"))
