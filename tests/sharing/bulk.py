"""Rows by the thousand, written by the database itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection

CASES = """
WITH made AS (
    INSERT INTO sharing_record (id, kind, owner_id, originator_id, cover_id, title, label, category,
                                findability, sensitivity, protected, restrictions, handling,
                                grouping, type, status, version, touched_at)
    SELECT k.id, 'case', %(owner)s, %(owner)s, k.id, 'Case ' || k.n, '', 'investigation',
           %(findability)s, 2, false, '{}', '{}', 'investigation', 'robbery', 'open', 1,
           timestamptz '2026-01-01' + %(minutes)s * interval '1 minute'
               + (k.n / %(tied)s) * interval '1 second'
      FROM (SELECT n, gen_random_uuid() AS id FROM generate_series(0, %(count)s - 1) n OFFSET 0) k
    RETURNING id, owner_id, title
)
INSERT INTO cases_case (record_id, agency_id, number, own_number, own_number_key, summary,
                        opened_on, disposition, offences, labels, source, source_id, received)
SELECT id, owner_id, id::text, '', '', '', '2026-01-01', '', '[]', '{}', '', '', '{}' FROM made
RETURNING record_id
"""
GRANTS = """
INSERT INTO sharing_grant (id, record_id, roster_id, scope, level, purpose, agreement_id,
                           decision_id, until, items_until, protected_until, later, export, onward,
                           unmask, issued_by_id, contributions, revoke_reason, revoke_text, version,
                           kind, touched_at, owner, sensitivity, category, grouping, type, status)
SELECT gen_random_uuid(), r.id, %(roster)s, g.scope, g.level, g.purpose, g.agreement_id,
       g.decision_id, g.until, g.items_until, g.protected_until, g.later, g.export, g.onward,
       g.unmask, g.issued_by_id, '', '', '', 1,
       g.kind, g.touched_at, g.owner, g.sensitivity, g.category, g.grouping, g.type, g.status
  FROM unnest(%(records)s::uuid[]) r (id), sharing_grant g
 WHERE g.id = %(like)s
"""


def many_cases(
    owner: UUID, number: int, *, findability: str = "contact_only", minutes: int = 0, tied: int = 1
) -> list[UUID]:
    """Return the keys of so many cases of *owner*; *tied* of them in a row share their moment."""
    values: dict[str, Any] = {"owner": owner, "count": number, "findability": findability}
    with connection.cursor() as cursor:
        cursor.execute(CASES, {**values, "minutes": minutes, "tied": tied})
        return [key for (key,) in cursor.fetchall()]


def many_grants(records: list[UUID], roster: UUID, *, like: UUID) -> None:
    """Grant each of *records* to *roster* on the terms of another grant."""
    with connection.cursor() as cursor:
        cursor.execute(GRANTS, {"records": records, "roster": roster, "like": like})
