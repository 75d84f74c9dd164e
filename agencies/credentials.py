"""Until when a post's credentials hold: said once in SQL, copied onto the post by the services.

The copy is what the view of who acts compares, so that a lapse needs no job: it is true for the
next statement.  Whatever changes what is needed or held calls ``keep_credentials_until``.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection

NEEDED = """(q.agency_id IS NULL OR q.agency_id = m.agency_id)
       AND (q.role = '' OR q.role = ANY (m.roles))
       AND NOT EXISTS (SELECT 1 FROM agencies_program o WHERE o.membership_id = m.id)"""
"""That post *m* takes what *q* asks.  Programs take none: whoever answers for one must have it."""

HELD_UNTIL = """(
           SELECT max(c.expires_at) FROM agencies_credential c
            WHERE c.person_id = m.person_id AND c.kind = q.kind AND c.revoked_at IS NULL)"""
"""Null for what the person never had; ``GREATEST`` passes over it."""

UNTIL = f"""(
    SELECT min(GREATEST({HELD_UNTIL}, q.gates_from))
      FROM agencies_credentialrequirement q
     WHERE {NEEDED})"""  # noqa: S608  (of parts of our own)
"""Null where nothing is needed.  What ends before it gates counts until it gates."""

NOT_OVER = "(m.ended_at IS NULL OR m.ended_at > statement_timestamp())"
DRIFTED = f"m.credentials_until IS DISTINCT FROM {UNTIL} AND {NOT_OVER}"
LOCK = "SELECT pg_advisory_xact_lock(hashtext('agencies.credentials'))"


def hold_requirements() -> None:
    """Wait for whoever changes what is needed or held, and have others wait for this transaction.

    Taken before the lock of any post, so that nobody waits in a circle.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK)


def keep_credentials_until(*, person: UUID | None = None, post: UUID | None = None) -> int:
    """Bring the copies in step, of one person's posts or of one post; return how many changed."""
    narrowed = {"m.person_id": person, "m.id": post}
    wanted = {column: str(key) for column, key in narrowed.items() if key is not None}
    where = "".join(f" AND {column} = %s" for column in wanted)
    hold_requirements()
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE agencies_membership m SET credentials_until = {UNTIL} WHERE {DRIFTED}{where}",  # noqa: S608  (of parts of our own)
            list(wanted.values()),
        )
        return int(cursor.rowcount)


def drifted() -> list[UUID]:
    """Return the posts whose copy is not what it must be."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT m.id FROM agencies_membership m WHERE {DRIFTED}")  # noqa: S608  (the same)
        rows: list[tuple[Any]] = cursor.fetchall()
    return [row[0] for row in rows]
