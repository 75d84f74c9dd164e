"""How an agency usually answers, and what an ask starts from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from agencies.actors import Actor
from agencies.codes import Level
from sharing.boxes import asking_agency, visible_requests
from sharing.filters import Filters
from sharing.listing import page
from sharing.models import ShareRequest
from sharing.naming import Name, names_of

LEAST = 5
"""Answers from which on one speaks of what is usual."""

OWN_CASES = 20
MEDIAN = """
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY decided_at - created_at)
  FROM sharing_sharerequest
 WHERE owner_id = %s AND direction = 'ask'
   AND decided_at > statement_timestamp() - interval '90 days'
   AND (effective_at IS NULL OR effective_at <= statement_timestamp())
"""


def usual_answer(agency_id: UUID) -> timedelta | None:
    """Return in what time an agency answered half of what it was asked in 90 days; None for few."""
    with connection.cursor() as cursor:
        cursor.execute(MEDIAN, [agency_id])
        count, median = cursor.fetchone()
    return median if count >= LEAST else None


def own_open_cases(actor: Actor) -> list[Name]:
    """Return the cases of the actor's agency that an ask is likely for, newest first."""
    keys = [
        key.id for key in page(actor, Filters(received=False, status="open"), size=OWN_CASES).keys
    ]
    names = names_of(actor, keys)
    return [names[key] for key in keys if key in names]


def less_than(actor: Actor, key: UUID) -> dict[str, Any]:
    """Return what a form starts from that asks for less than an earlier ask of one's agency."""
    earlier = visible_requests(actor).filter(pk=key, direction=ShareRequest.Direction.ASK).first()
    if earlier is None or asking_agency(earlier) != actor.agency_id:
        return {}
    return {
        "agency_id": str(earlier.owner_id),
        "own_number": earlier.own_number,
        "description": earlier.description,
        "reason": earlier.reason,
        "for_case": earlier.for_case,
        "purpose": earlier.purpose,
        "level": Level(max(Level.POINTER, min(earlier.level, Level.VIEW) - 1)).code,
    }
