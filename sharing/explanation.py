"""Who can see a record, why and until when, read from the view that decides it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone

from agencies.actors import Actor
from agencies.codes import Level
from agencies.models import Agency, Membership, Roster
from agencies.prepared import fetch
from agencies.refusals import NotAllowed
from sharing.actions import Action
from sharing.asking import may
from sharing.bases import Basis, bases_of
from sharing.disclosure import require
from sharing.models import Access
from sharing.policy import BRANCHES, OWN, STANDING


@dataclass(frozen=True)
class Reach:
    """One way in which some people reach a record now; *members* are the memberships that do."""

    who: Mapping[str, Any]
    level: Level
    members: frozenset[UUID]
    agencies: frozenset[UUID]
    basis: Basis
    until: datetime | None

    @property
    def own(self) -> bool:
        """Return whether these are the owner's own people."""
        return self.basis.grant is None

    @property
    def why(self) -> dict[str, Any] | None:
        """Return what it rests on; None for the owner's own."""
        grant = self.basis.grant
        if grant is None:
            return None
        return {
            "agreement": {
                "id": grant.agreement_id,
                "number": grant.agreement.number,
                "title": grant.agreement.title,
            },
            "request": grant.decision.number,
            "approved_by": grant.issued_by.person.name,
            "decided_at": grant.decision.decided_at,
            "purpose": grant.purpose,
        }

    def as_row(self) -> dict[str, Any]:
        """Return it as the interface shows it."""
        return {
            "who": dict(self.who),
            "level": self.level.code,
            "why": self.why,
            "until": self.until,
            "state": "active",
        }


def who_can_see(actor: Actor, record_id: object) -> list[Reach]:
    """Return who reaches a record now, the owner first, for whoever sees its summary.

    Raises NotVisible where *actor* may not know of it, NotAllowed where it knows only whom to call.
    """
    key = require(actor, record_id)
    if not may(actor, Action.LIST, key):
        raise NotAllowed("You know only that this exists and whom to call.", code="level")
    return _reaches(key)


class Visibility(NamedTuple):
    """How many agencies beside the owner reach a record; when the first of them loses it, and how
    many do so on that day.
    """

    agencies: int = 0
    until: datetime | None = None
    ending: int = 0


def visibility_summary(actor: Actor, record_id: UUID) -> Visibility:
    """Return how widely a record is seen, for whoever sees its summary; nothing for anybody else.

    An agency with several ways to a record loses it with the last of them.
    """
    if not may(actor, Action.LIST, record_id):
        return Visibility()
    last: dict[UUID, datetime] = {}
    for agency, until in _given(record_id):
        last[agency] = max(until, last.get(agency, until))
    first = min(last.values(), default=None)
    day = timezone.localdate(first) if first else None
    return Visibility(
        len(last), first, sum(timezone.localdate(end) == day for end in last.values())
    )


def _given(key: UUID) -> list[tuple[UUID, datetime]]:
    """Return whose people reach a record that was given to them, and until when, once for each."""
    return fetch(GIVEN, {"record": key})


GIVEN = "\nUNION\n".join(
    f"""SELECT s.agency_id, {branch.until} AS until
  FROM {branch.rows}{" CROSS JOIN sharing_standinggrant g" * (branch.seats == STANDING.seats)}
 CROSS JOIN LATERAL (SELECT x.* FROM agencies_seat x WHERE x.roster_id = g.roster_id
                      OFFSET 0) s
 WHERE r.id = %(record)s::uuid AND {" AND ".join(branch.conditions.values())}"""  # noqa: S608
    for branch in BRANCHES
    if branch is not OWN
)
"""The branches of the rule for one record, from what was given to the seats that it was given to,
where the view would go by the seats of everybody; OFFSET keeps the database from turning it round.
"""


def _reaches(key: UUID) -> list[Reach]:
    ways = list(Access.objects.filter(record=key))
    posts = Membership.objects.select_related("program").in_bulk({way.membership for way in ways})
    bases = bases_of(way.basis for way in ways)
    rosters = _named(basis.grant.roster_id for basis in bases.values() if basis.grant)
    grouped: dict[UUID | None, list[Access]] = defaultdict(list)
    for way in ways:
        grouped[way.basis].append(way)
    return sorted(
        (_reach(group, posts, bases, rosters) for group in grouped.values()),
        key=lambda reach: (not reach.own, -reach.level, str(reach.who.get("name", ""))),
    )


def _reach(
    group: list[Access],
    posts: Mapping[UUID, Membership],
    bases: Mapping[UUID, Basis],
    rosters: Mapping[UUID, Mapping[str, str]],
) -> Reach:
    first = group[0]
    basis = bases[first.basis] if first.basis else Basis()
    held = [posts[way.membership] for way in group]
    who = rosters[basis.grant.roster_id] if basis.grant else _agency(held[0].agency_id)
    return Reach(
        who={**who, **_headcount(held)},
        level=Level(first.level),
        members=frozenset(post.pk for post in held),
        agencies=frozenset(post.agency_id for post in held),
        basis=basis,
        until=first.until,
    )


def _headcount(held: list[Membership]) -> dict[str, int]:
    """Return how many people and how many programs hold these posts."""
    programs = {post.person_id for post in held if hasattr(post, "program")}
    return {
        "people": len({post.person_id for post in held} - programs),
        "programs": len(programs),
    }


def _agency(key: UUID) -> dict[str, str]:
    agency = Agency.objects.get(pk=key)
    return {"kind": "agency", "short_name": agency.short_name or "", "name": agency.name}


def _named(ids: Iterable[UUID]) -> dict[UUID, dict[str, str]]:
    """Return what each roster is called."""
    rosters = Roster.objects.select_related(
        "agency", "task_force", "membership__person", "membership__agency"
    )
    return {roster.pk: _name_of(roster) for roster in rosters.filter(pk__in=set(ids))}


def _name_of(roster: Roster) -> dict[str, str]:
    post = roster.membership
    if post is not None:
        agency = post.agency.short_name or ""
        return {"kind": roster.kind, "name": post.person.name, "agency": agency}
    body: Any = roster.agency or roster.task_force
    return {"kind": roster.kind, "short_name": body.short_name or "", "name": body.name}
