"""The one statement of a search: what matches, what of that may be seen, its facets and a page."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import NamedTuple

from agencies.codes import Level
from sharing.reached import SEATED
from sharing.search.asking import ways_to_asked
from sharing.search.reach import CLOSE, FAR, FURTHER, reach
from sharing.search.terms import BY_KEY, BY_WHOLE_NAME, BY_WORDS

FACETS = {
    "kind": "q.kind",
    "owner": "q.short_name",
    "status": "q.status",
    "type": "q.type",
    "received": "(NOT q.is_own)::text",
}
"""What the records found are divided by; status and type are a case's, and empty for the rest."""

STATEMENT = """
WITH {seated}, {tables}hit AS (
    SELECT d.id, d.record_id, d.level,
           CASE WHEN {by_key} THEN 1 WHEN {by_whole_name} THEN 2 WHEN {by_words} THEN 3
                ELSE 4 END AS closeness
      FROM {documents}
), asked AS (
    SELECT h.id AS document, h.level AS needed,
           CASE WHEN h.closeness = 1 AND lower(o.short_name) = ANY (%(said)s::text[])
                THEN 0 ELSE h.closeness END AS closeness,
           r.id, CASE WHEN r.kind = 'item' AND r.type <> '' THEN r.type ELSE r.kind END AS kind,
           CASE WHEN r.kind = 'case' THEN r.type ELSE '' END AS type,
           CASE WHEN r.kind = 'case' THEN r.status ELSE '' END AS status,
           r.kind = 'case' AS is_case, r.case_id, r.cover_id, r.findability,
           r.owner_id, o.short_name,
           r.owner_id = (SELECT agency_id FROM acting) AS is_own,
           r.touched_at, r.title, r.label, r.protected
      FROM hit h
      {joined}
     WHERE (%(kinds)s::text[] IS NULL OR r.kind = ANY (%(kinds)s)
            OR (r.kind = 'item' AND r.type = ANY (%(kinds)s)))
       AND (%(status)s::text = '' OR r.kind = 'case' AND r.status = %(status)s::text)
       AND (%(type)s::text = '' OR r.kind = 'case' AND r.type = %(type)s::text)
       AND (%(owner)s::text = '' OR lower(o.short_name) = lower(%(owner)s::text))
       AND (%(received)s::boolean IS NULL
            OR (r.owner_id <> (SELECT agency_id FROM acting)) = %(received)s::boolean)
), seen AS (
    SELECT a.*, x.level, x.unmask
      FROM {asked} a
     CROSS JOIN LATERAL (
               SELECT max(w.level) AS level, bool_or(w.unmask AND w.level >= {view}) AS unmask
                 FROM ({ways}) w
                WHERE w.level >= {summary}
               OFFSET 0) x
     WHERE x.level >= a.needed AND (a.needed < {view} OR NOT a.protected OR x.unmask)
     {newest}
), reached AS (
    SELECT DISTINCT ON (id) * FROM seen ORDER BY id, closeness, needed
), considered AS (
    SELECT * FROM reached {most}
), page AS (
    SELECT * FROM considered
     WHERE %(closeness)s::integer IS NULL
        OR closeness > %(closeness)s::integer
        OR closeness = %(closeness)s::integer AND (touched_at, id) < (%(touched_at)s, %(id)s::uuid)
     ORDER BY closeness, touched_at DESC, id DESC
     LIMIT %(limit)s
)
SELECT (SELECT count(*) FROM (SELECT FROM reached LIMIT {cap} + 1) c),
       (SELECT jsonb_object_agg(f.facet, f.counts) FROM ({facets}) f),
       {settled},
       p.id, p.kind, p.case_id,
       CASE WHEN p.is_case OR p.level >= {view} AND (NOT p.protected OR p.unmask)
            THEN p.title ELSE p.label END,
       d.text, p.short_name, o.name, p.level, p.touched_at, p.closeness,
       ARRAY(SELECT unnest(d.keys) INTERSECT SELECT unnest(%(keys)s::varchar[]))
  FROM (VALUES (1)) AS once
  LEFT JOIN page p ON true
  LEFT JOIN sharing_searchdocument d ON d.id = p.document
  LEFT JOIN agencies_agency o ON o.id = p.owner_id
 ORDER BY p.closeness, p.touched_at DESC, p.id DESC
"""
DOCUMENTS = 2
"""Documents that a record has at most."""

SORTED = "(SELECT * FROM asked ORDER BY touched_at DESC, id DESC OFFSET 0)"
"""What is asked about, newest first, so that asking can stop."""

FEW, MANY = 500, 20_000
"""Documents that are all asked about, whoever reads: at once, and before more is read of what the
reader reaches.
"""

SLOW = 2
"""How many of the statements, the last ones, may take any time there is."""


class Source(NamedTuple):
    """Where the documents of a search come from, and whether that is all that was asked for."""

    tables: str
    documents: str
    settled: str


def few(match: str, most: int) -> Source:
    """Return what holds the words, where *most* documents do or fewer; reading stops behind."""
    found = f"""matched AS MATERIALIZED (
    SELECT d.* FROM sharing_searchdocument d WHERE {match}
), few AS MATERIALIZED (
    SELECT * FROM matched LIMIT {most + 1:d}
), """  # noqa: S608  (fragments of the terms)
    are_few = f"(SELECT count(*) FROM few) <= {most:d}"  # noqa: S608  (a figure)
    return Source(found, f"few d WHERE {are_few}", are_few)


def close(match: str) -> Source:
    """Return what holds the words of all that a reader reaches, where that is little."""
    whole = "(SELECT near_since IS NULL FROM since)"
    records = f"(SELECT id FROM near WHERE {whole})"  # noqa: S608  (said above)
    return Source(f"{reach(CLOSE)}, ", _documents_of(records, match), whole)


def near(match: str, step: int, *, cap: int, everything: bool) -> Source:
    """Return what holds the words of the newest *step* that the reader reaches each way."""
    settled = "(SELECT near_since IS NULL FROM since)"
    if not everything:
        settled += f" OR (SELECT count(*) FROM reached) > {cap:d}"  # noqa: S608  (a figure)
    return Source(f"{reach(step)}, ", _documents_of("near", match), settled)


def theirs(match: str) -> Source:
    """Return what holds the words of all that the owner named has, where that is not too much."""
    table = f"""owned AS MATERIALIZED (
    SELECT r.id FROM agencies_agency o JOIN sharing_record r ON r.owner_id = o.id
     WHERE lower(o.short_name) = lower(%(owner)s::text) LIMIT {MANY + 1:d}
), """  # noqa: S608  (a figure)
    whole = f"(SELECT count(*) FROM owned) <= {MANY:d}"  # noqa: S608  (a figure)
    records = f"(SELECT id FROM owned WHERE {whole})"  # noqa: S608  (said above)
    return Source(table, _documents_of(records, match), whole)


def _documents_of(records: str, match: str) -> str:
    return f"""{records} k CROSS JOIN LATERAL (
        SELECT * FROM sharing_searchdocument d
         WHERE d.record_id = k.id AND {match} OFFSET 0) d"""  # noqa: S608  (fragments of the terms)


def every(match: str) -> Source:
    """Return all that holds the words."""
    return Source("", f"sharing_searchdocument d WHERE {match}", "true")


ONE_BY_ONE = """CROSS JOIN LATERAL (
               SELECT * FROM sharing_record k WHERE k.id = h.record_id OFFSET 0) r
     CROSS JOIN LATERAL (
               SELECT id, short_name FROM agencies_agency k WHERE k.id = r.owner_id OFFSET 0) o"""
"""The record and owner of each document, looked up after it: what finds the few is never redone."""


@lru_cache(maxsize=64)
def statements_of(
    match: str, *, cap: int, everything: bool, of_owner: bool = False
) -> tuple[str, ...]:
    """Return the statements of a search for *match*, run until one says that it is settled.

    Unless *everything* is ranked, the newest *cap* that may be seen are: records are then asked
    about newest first until there are enough, and the rest never are.  Where less is ranked than
    is few, the newest are looked through before the words are.
    """
    asking = partial(_statement, cap=cap, everything=everything)
    reached = partial(near, match, cap=cap, everything=everything)
    nearest = asking(reached(int(FURTHER * cap)))
    fewest = _statement(few(match, FEW), cap=cap, everything=True)
    return (
        _statement(close(match), cap=cap, everything=True),
        *([asking(theirs(match))] if of_owner else []),
        *((nearest, fewest) if cap < FEW else (fewest, nearest)),
        asking(few(match, MANY)),
        asking(reached(int(FAR * cap))),
        asking(every(match)),
    )


def _statement(source: Source, *, cap: int, everything: bool) -> str:
    return STATEMENT.format(
        seated=SEATED,
        tables=source.tables,
        documents=source.documents,
        settled=source.settled,
        joined=ONE_BY_ONE,
        ways=ways_to_asked(),
        by_key=BY_KEY,
        by_words=BY_WORDS,
        by_whole_name=BY_WHOLE_NAME,
        asked="asked" if everything else SORTED,
        newest="" if everything else _newest("a", DOCUMENTS * (cap + 1)),
        most="" if everything else _newest("reached", cap),
        facets="\nUNION ALL\n".join(_facet(name, of, cap) for name, of in FACETS.items()),
        view=int(Level.VIEW),
        summary=int(Level.SUMMARY),
        cap=cap,
    )


def _newest(alias: str, most: int) -> str:
    return f"ORDER BY {alias}.touched_at DESC, {alias}.id DESC LIMIT {most:d}"


def _facet(name: str, of: str, cap: int) -> str:
    """Return the rows of one facet: what there is, and how many, up to *cap*."""
    return f"""SELECT '{name}' AS facet, jsonb_object_agg(v.value, v.n) AS counts
  FROM (SELECT COALESCE({of}, '') AS value, LEAST(count(*), {cap:d}) AS n
          FROM considered q GROUP BY 1) v"""  # noqa: S608  (columns named above)
