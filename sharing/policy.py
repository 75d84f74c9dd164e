"""The authorization rule.  There is one, it is here, and everything else is a caller.

A membership reaches a record by one of five branches: its own agency owns it, a grant names it, a
grant names what covers it, a standing grant opens its category, or such a case covers it.  From the
branches come the view ``sharing_access`` (check, explanation, search, guardian) and, in
``sharing.listing``, the pages.  Conditions are named, so that a test can take one away and see
what breaks.  They are decided on the database's clock, in the statement that fetches the data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from agencies.codes import Level

if TYPE_CHECKING:
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


class AskedOfEach(Exists):
    """An EXISTS that is asked of each row by its key and never made a join of: joined, it reads all
    that the reader reaches, which grows.
    """

    template = "EXISTS(%(subquery)s OFFSET 0)"


def permits(actor: Actor, action: Action) -> Q | Exists:
    """Return the condition a record must meet for *actor* to do *action* to it, as of the
    statement.
    """
    from sharing.models import Access

    if actor.membership_id is None:
        return Q(pk__in=[])
    return AskedOfEach(
        Access.objects.filter(
            membership=actor.seat,
            record=OuterRef("pk"),
            level__gte=action.level,
            roles__overlap=[str(role) for role in action.roles],
        )
    )
