"""The newest that a reader may reach, from the reader's side: candidates, which the rule is asked.

A common word is in more documents than anyone can be asked about.  What a reader reaches lies in
indexes by last change, so that the newest of it that hold the word are found without the rest.
"""

from __future__ import annotations

from sharing.models import Record

CLOSE = 200
"""Records that are looked through before any index of words is, where a reader has no more."""

FURTHER, FAR = 4, 40
"""Records that are looked through for each that is ranked, where all cannot be: at first, and where
that is too few and the words are in many documents.
"""

NARROWED = """(%(status)s::text = '' OR kind = 'case' AND status = %(status)s::text)
 AND (%(type)s::text = '' OR kind = 'case' AND type = %(type)s::text)"""
"""What a search is narrowed to, asked of a record or of a grant's copies before the newest are cut
off.  Not its kind: a case that is not asked for covers items that are.
"""

KINDS = ", ".join(f"('{kind}')" for kind in Record.Kind.values)


def _newest_of(key: str, table: str, condition: str, step: int) -> str:
    """Return the newest of one way of reaching records, for a lateral join."""
    return f"""LATERAL (
        SELECT n.*, row_number() OVER () AS place FROM (
            SELECT {key} AS id, touched_at FROM {table}
             WHERE {condition} AND {NARROWED}
             ORDER BY touched_at DESC, {key} DESC LIMIT {step:d}) n) n"""  # noqa: S608  (named below)


def reach(step: int) -> str:
    """Return the tables of what the reader of ``seat`` reaches newest, the last named ``near``.

    It holds more than the rule gives, never less of what was changed since ``near_since``, the
    time from which on no way was cut off; that is null where none was.
    """
    own = _newest_of(
        "id",
        "sharing_record",
        "owner_id = s.agency_id AND kind = k.kind AND %(received)s::boolean IS NOT TRUE",
        step,
    )
    given = _newest_of(
        "record_id",
        "sharing_grant",
        "roster_id = s.roster_id AND kind = k.kind AND ended_at IS NULL"
        " AND %(received)s::boolean IS NOT FALSE",
        step,
    )
    opened = _newest_of(
        "id",
        "sharing_record",
        "owner_id = g.owner_id AND category = g.category AND kind = 'case'"
        " AND findability = 'listed' AND %(received)s::boolean IS NOT FALSE",
        step,
    )
    return f"{_listed(own, given, opened)}, {_near(step)}"


def _listed(own: str, given: str, opened: str) -> str:
    """Return the table of what the ways lead to, and whether it may cover something."""
    return f"""
listed AS MATERIALIZED (
    SELECT n.*, false AS covers FROM acting s CROSS JOIN (VALUES {KINDS}) k (kind), {own}
    UNION ALL
    SELECT n.*, true FROM seat s CROSS JOIN (VALUES {KINDS}) k (kind), {given}
    UNION ALL
    SELECT n.*, true
      FROM (SELECT DISTINCT g.owner_id, g.category
              FROM seat s JOIN sharing_standinggrant g ON g.roster_id = s.roster_id
             WHERE g.revoked_at IS NULL OR g.revoked_at > statement_timestamp()) g, {opened}
)"""  # noqa: S608  (columns named above)


def _near(step: int) -> str:
    """Return the tables of the newest of it, with what that covers."""
    return f"""since AS MATERIALIZED (
    SELECT max(touched_at) AS near_since FROM (
        SELECT touched_at FROM listed WHERE place = {step:d}
        UNION ALL
        (SELECT touched_at FROM listed ORDER BY touched_at DESC OFFSET {step:d} LIMIT 1)) ends
), newest AS MATERIALIZED (
    SELECT id, bool_or(covers) AS covers FROM listed
     WHERE touched_at >= COALESCE((SELECT near_since FROM since), '-infinity')
     GROUP BY id
), near AS MATERIALIZED (
    SELECT id FROM newest
    UNION
    SELECT r.id FROM newest n
     CROSS JOIN LATERAL (SELECT id FROM sharing_record WHERE cover_id = n.id OFFSET 0) r
     WHERE n.covers
)"""  # noqa: S608  (columns named above)
