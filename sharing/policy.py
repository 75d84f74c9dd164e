"""The authorisation rule.  There is one, it is here, and everything else is a caller.

A membership reaches a record by one of five branches: its own agency owns it, a grant names it, a
grant names what covers it, a standing grant opens its category, or such a case covers it.  From the
branches come the view ``sharing_access`` (check, explanation, search, guardian) and, in
``sharing.listing``, the pages.  Conditions are named, so that a test can take one away and see
what breaks.  They are decided on the database's clock, in the statement that fetches the data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import In

from agencies.codes import Level
from agencies.effect import seats

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from agencies.actors import Actor
    from sharing.actions import Action


@dataclass(frozen=True)
class Branch:
    """One way of reaching records.

    ``seats`` says who (alias ``s``), ``rows`` what (alias ``r``, and ``g`` for the grant);
    ``conditions`` hold for both.
    """

    via: str
    seats: str
    rows: str
    conditions: Mapping[str, str]
    level: str
    unmask: str
    export: str
    basis: str
    until: str


READER = {"role reads cases": "s.reads"}
OPEN = {
    "record is not sealed": "r.sealed_at IS NULL",
    "record is not expunged": "r.expunged_at IS NULL",
}
CEILING = {"within the ceiling": "r.sensitivity <= s.ceiling"}
ORIGINAL = {"originated by its owner": "r.originator_id = r.owner_id"}
LIVE = {
    "has begun": "g.starts_at <= statement_timestamp()",
    "not revoked": "(g.revoked_at IS NULL OR g.revoked_at > statement_timestamp())",
    "not past its time": "g.until > statement_timestamp()",
}
SWEPT = {"not swept": "g.ended_at IS NULL"}
TO_A_SEAT = "g.roster_id = s.roster_id"
A_PARTY = "EXISTS (SELECT 1 FROM agencies_party_in_effect p WHERE "


WITHIN_TIER = {
    "of a category of its tier": "(p.bounded IS NULL OR {category} = ANY (p.bounded))",
    "no further than its tier": "g.level <= p.receives",
}
"""How far an agency of the tier it has now takes part; the second holds for who receives."""


def _party(agency: str, *within: str, category: str = "r.category") -> str:
    """Return that an agency, which must be one that exchanges, was a party then and is now."""
    return (
        " AND ".join(
            (
                f"{A_PARTY}p.agreement_id = g.agreement_id AND p.agency_id = {agency}"
                f" AND p.joined_at <= g.issued_at AND {category} = ANY (p.categories)",
                *(WITHIN_TIER[name].format(category=category) for name in within),
            )
        )
        + ")"
    )


def joined(condition: str, alias: str) -> str:
    """Return a condition on a party as one to join its row by, under the name *alias*."""
    return re.sub(r"\bp\.", f"{alias}.", condition.removeprefix(A_PARTY).removesuffix(")"))


GIVING = ("of a category of its tier",)
RECEIVING = tuple(WITHIN_TIER)

GRANTED_UNDER = {
    "reader's agency is a party": _party("s.agency_id", *RECEIVING),
    "owner is a party": _party("g.owner", *GIVING),
}
STANDING_UNDER = {
    "reader's agency is a party": _party("s.agency_id", *RECEIVING),
    "owner is a party": _party("g.owner_id", *GIVING),
}

OWN = Branch(
    via="own",
    seats="agencies_acting s",
    rows="sharing_record r",
    conditions={
        "own agency": "r.owner_id = s.agency_id",
        **READER,
        **CEILING,
        **OPEN,
    },
    level=str(int(Level.MANAGE)),
    unmask="true",
    export="true",
    basis="NULL::uuid",
    until="NULL::timestamptz",
)
GRANT = Branch(
    via="grant",
    seats="agencies_seat s",
    rows="sharing_grant g JOIN sharing_record r ON r.id = g.record_id",
    conditions={
        "to a roster of the reader": TO_A_SEAT,
        **READER,
        **SWEPT,
        **LIVE,
        **CEILING,
        **GRANTED_UNDER,
        **OPEN,
    },
    level="g.level",
    unmask="g.unmask",
    export="g.export",
    basis="g.id",
    until="g.until",
)
COVER = Branch(
    via="cover",
    seats="agencies_seat s",
    rows=(
        "sharing_grant g JOIN sharing_record r ON r.cover_id = g.record_id AND r.id <> g.record_id"
    ),
    conditions={
        **GRANT.conditions,
        **ORIGINAL,
        "scope is all": "g.scope = 'all'",
        "covered in time": "r.covered_at <= g.items_until",
        "not protected, or protected in time": (
            "(NOT r.protected OR r.covered_at <= g.protected_until)"
        ),
    },
    level="g.level",
    unmask="g.unmask",
    export="g.export",
    basis="g.id",
    until="g.until",
)
STANDING = Branch(
    via="standing",
    seats="agencies_seat s JOIN sharing_standinggrant g ON g.roster_id = s.roster_id",
    rows="sharing_record r",
    conditions={
        "a listed case": "r.kind = 'case' AND r.findability = 'listed'",
        "of the grant's owner": "r.owner_id = g.owner_id",
        "of the grant's category": "r.category = g.category",
        **ORIGINAL,
        **READER,
        **LIVE,
        **CEILING,
        **STANDING_UNDER,
        **OPEN,
    },
    level="g.level",
    unmask="false",
    export="false",
    basis="g.id",
    until="g.until",
)
STANDING_COVER = Branch(
    via="standing",
    seats="agencies_seat s JOIN sharing_standinggrant g ON g.roster_id = s.roster_id",
    rows="sharing_record c JOIN sharing_record r ON r.cover_id = c.id AND r.id <> c.id",
    conditions={
        "a listed case covers it": "c.kind = 'case' AND c.findability = 'listed'",
        "the case is the grant's owner's": "c.owner_id = g.owner_id",
        "the case is of the grant's category": "c.category = g.category",
        "of the grant's category": "r.category = g.category",
        "the case is within the ceiling": "c.sensitivity <= s.ceiling",
        "the case is not sealed": "c.sealed_at IS NULL",
        "the case is not expunged": "c.expunged_at IS NULL",
        "not protected": "NOT r.protected",
        **ORIGINAL,
        **READER,
        **LIVE,
        **CEILING,
        **STANDING_UNDER,
        **OPEN,
    },
    level="g.level",
    unmask="false",
    export="false",
    basis="g.id",
    until="g.until",
)
BRANCHES = (OWN, GRANT, COVER, STANDING, STANDING_COVER)
COVERED = ("item",)
"""Kinds that another record may cover (constraint ``record_covered_by_kind``)."""


def access_view(branches: tuple[Branch, ...] = BRANCHES) -> str:
    """Return the view of every way in which a membership reaches a record now."""
    arms = [
        f"""SELECT s.membership_id, s.roles, r.id AS record_id, {b.level}::smallint AS level,
       {b.unmask} AS unmask, {b.export} AS export, '{b.via}'::text AS via,
       {b.basis} AS basis_id, {b.until} AS until
  FROM {b.seats}, {b.rows}
 WHERE {" AND ".join(b.conditions.values())}"""
        for b in branches
    ]
    return "CREATE OR REPLACE VIEW sharing_access AS\n" + "\nUNION ALL\n".join(arms)


def permits(actor: Actor, action: Action) -> Q | Exists:
    """Return the condition a record must meet for *actor* to do *action* to it, as of the
    statement.
    """
    from sharing.models import Access

    if actor.membership_id is None:
        return Q(pk__in=[])
    return Exists(
        Access.objects.filter(
            membership=actor.seat,
            record=OuterRef("pk"),
            level__gte=action.level,
            roles__overlap=[str(role) for role in action.roles],
        )
    )


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
