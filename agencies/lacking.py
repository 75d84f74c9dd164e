"""Who lacks a credential that is required or is to be: shut out once it gates, and who is told.

Asked of requirements that are kept and of one that is only thought of, by the same conditions that
``agencies.credentials`` gates by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from agencies.credentials import HELD_UNTIL, NEEDED
from agencies.models import CredentialRequirement, Membership

PAGE = 50
MOST = 1000
"""Up to where those who lack something are counted; more is said as "1,000+"."""

THEN = "GREATEST(q.gates_from, statement_timestamp())"
LACKS = f"""{NEEDED}
       AND (m.ended_at IS NULL OR m.ended_at > {THEN})
       AND EXISTS (SELECT 1 FROM agencies_person h WHERE h.id = m.person_id AND h.is_active)
       AND COALESCE({HELD_UNTIL} <= {THEN}, true)
       AND (%(agency)s::uuid IS NULL OR m.agency_id = %(agency)s::uuid)"""  # noqa: S608  (of parts of our own)
"""That post *m*, not ended by then, is without what *q* asks when it gates, or now if it does."""

THOUGHT = (
    "(SELECT %(kind)s::varchar AS kind, %(role)s::varchar AS role,"
    " %(of)s::uuid AS agency_id, %(gates_from)s::timestamptz AS gates_from) q"
)
COUNTED = f"""
SELECT q.id, count(x.one) FROM agencies_credentialrequirement q
  LEFT JOIN LATERAL (
       SELECT 1 AS one FROM agencies_membership m WHERE {LACKS} LIMIT {MOST + 1}) x ON true
 WHERE q.id = ANY (%(keys)s) GROUP BY q.id"""  # noqa: S608  (of parts of our own)
NAMED = f"""
SELECT m.id, {HELD_UNTIL} FROM {THOUGHT}, agencies_membership m
  JOIN agencies_person p ON p.id = m.person_id
 WHERE {LACKS} AND (%(after)s::uuid IS NULL OR (p.name, m.id) > (%(name)s, %(after)s::uuid))
 ORDER BY p.name, m.id LIMIT {PAGE + 1}"""  # noqa: S608  (the same)
ONE = f"""
SELECT count(*) FROM (
       SELECT 1 FROM {THOUGHT}, agencies_membership m WHERE {LACKS} LIMIT {MOST + 1}) x"""  # noqa: S608  (the same)
PLACES = f"""
SELECT DISTINCT m.agency_id FROM {THOUGHT}, agencies_membership m
 WHERE {LACKS} ORDER BY m.agency_id"""  # noqa: S608  (the same)
PEOPLE = f"SELECT m.id FROM {THOUGHT}, agencies_membership m WHERE {LACKS}"  # noqa: S608  (the same)


@dataclass(frozen=True)
class Lacking:
    """A post whose person is without something; ``held_until`` None where they never had it."""

    post: Membership
    held_until: datetime | None


@dataclass(frozen=True)
class LackingPage:
    """One page of them by name, and the post behind which the next one starts."""

    rows: Sequence[Lacking]
    next: UUID | None


def count_lacking(requirement: CredentialRequirement, agency: UUID | None = None) -> int:
    """Return how many posts lack it, at most one more than are counted; of one agency or all."""
    ((number,),) = _asked(ONE, _of(requirement, agency))
    return int(number)


def counts_lacking(keys: Sequence[UUID], agency: UUID | None = None) -> dict[UUID, int]:
    """Return the same for each of the requirements with these keys, in one statement."""
    return dict(_asked(COUNTED, {"keys": list(keys), "agency": agency}))


def page_lacking(
    requirement: CredentialRequirement, agency: UUID | None = None, *, after: UUID | None = None
) -> LackingPage:
    """Return who lacks it, by name."""
    last = Membership.objects.filter(pk=after).values("person__name").first() if after else None
    place = {"after": after if last else None, "name": last["person__name"] if last else None}
    found = _asked(NAMED, {**_of(requirement, agency), **place})
    posts = Membership.objects.select_related("person", "agency").in_bulk(key for key, _ in found)
    rows = [Lacking(posts[key], until) for key, until in found[:PAGE]]
    return LackingPage(rows, rows[-1].post.pk if len(found) > PAGE else None)


def agencies_lacking(requirement: CredentialRequirement) -> list[UUID]:
    """Return the agencies in which somebody lacks it."""
    return [key for (key,) in _asked(PLACES, _of(requirement, None))]


def posts_lacking(requirement: CredentialRequirement, agency: UUID) -> list[Membership]:
    """Return the posts of an agency that lack it, by name."""
    keys = [key for (key,) in _asked(PEOPLE, _of(requirement, agency))]
    posts = Membership.objects.select_related("person", "agency").filter(pk__in=keys)
    return list(posts.order_by("person__name", "pk"))


def _of(requirement: CredentialRequirement, agency: UUID | None) -> dict[str, Any]:
    return {
        "kind": requirement.kind,
        "role": requirement.role,
        "of": requirement.agency_id,
        "gates_from": requirement.gates_from,
        "agency": agency,
    }


def _asked(statement: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
