"""One statement that finds documents and asks the rule; nothing is counted before it."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from agencies.actors import Actor
from agencies.codes import Level
from agencies.refusals import Invalid
from sharing.policy import SEATED, ways
from sharing.prepared import fetch
from sharing.search.snippets import snippet_of
from sharing.search.terms import BY_KEY, BY_WORDS, Terms, terms_of

CAP = 1000

STATEMENT = """
WITH {seated}, hit AS (
    SELECT d.id, d.record_id, d.level,
           CASE WHEN {by_key} THEN 0 WHEN {by_words} THEN 1 ELSE 2 END AS closeness
      FROM sharing_searchdocument d
     WHERE {match}
), reached AS (
    SELECT r.id, CASE WHEN r.kind = 'item' AND r.type <> '' THEN r.type ELSE r.kind END AS kind,
           r.case_id, r.owner_id, r.touched_at,
           CASE WHEN r.kind = 'case' THEN r.title
                WHEN max(x.level) >= {view} AND (NOT r.protected OR bool_or(x.full_unmask))
                THEN r.title ELSE r.label END AS title,
           max(x.level) AS level,
           min(h.closeness) FILTER (WHERE {findable}) AS closeness,
           (array_agg(h.id ORDER BY h.closeness, h.level) FILTER (WHERE {findable}))[1] AS document
      FROM hit h
      JOIN sharing_record r ON r.id = h.record_id
     CROSS JOIN LATERAL (
               SELECT a.level, a.unmask, a.unmask AND a.level >= {view} AS full_unmask
                 FROM ({ways}) a
                WHERE a.level >= {summary}
               OFFSET 0) x
     WHERE %(kinds)s::text[] IS NULL
        OR r.kind = ANY (%(kinds)s) OR (r.kind = 'item' AND r.type = ANY (%(kinds)s))
     GROUP BY r.id
    HAVING bool_or({findable})
), page AS (
    SELECT * FROM reached
     WHERE %(closeness)s::integer IS NULL
        OR closeness > %(closeness)s::integer
        OR closeness = %(closeness)s::integer AND (touched_at, id) < (%(touched_at)s, %(id)s::uuid)
     ORDER BY closeness, touched_at DESC, id DESC
     LIMIT %(limit)s
)
SELECT (SELECT count(*) FROM (SELECT FROM reached LIMIT {cap} + 1) c),
       (SELECT jsonb_object_agg(f.kind, f.n)
          FROM (SELECT kind, LEAST(count(*), {cap}) AS n FROM reached GROUP BY kind) f),
       (SELECT jsonb_object_agg(f.short_name, f.n)
          FROM (SELECT o.short_name, LEAST(count(*), {cap}) AS n
                  FROM reached q JOIN agencies_agency o ON o.id = q.owner_id
                 GROUP BY o.short_name) f),
       p.id, p.kind, p.case_id, p.title, d.text, o.short_name, o.name, p.level, p.touched_at,
       p.closeness
  FROM (VALUES (1)) AS once
  LEFT JOIN page p ON true
  LEFT JOIN sharing_searchdocument d ON d.id = p.document
  LEFT JOIN agencies_agency o ON o.id = p.owner_id
 ORDER BY p.closeness, p.touched_at DESC, p.id DESC
"""
FINDABLE = (
    f"x.level >= h.level AND (h.level < {int(Level.VIEW)} OR NOT r.protected OR x.full_unmask)"
)


@dataclass(frozen=True)
class Hit:
    """One record found; the title and the snippet hold only what its reader may see of it."""

    id: UUID
    kind: str
    case: UUID | None
    title: str
    snippet: str
    owner: Mapping[str, str]
    level: Level
    touched_at: datetime


@dataclass(frozen=True)
class SearchPage:
    """Hits, closest first and newest first among equals; counts end at 1000."""

    hits: Sequence[Hit] = ()
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    count: int = 0
    capped: bool = False
    next: str | None = None


def search(
    actor: Actor,
    text: str,
    *,
    kinds: Sequence[str] | None = None,
    after: str | None = None,
    size: int = 50,
) -> SearchPage:
    """Return what *actor* may see of what *text* finds; what it may not see changes nothing."""
    terms = terms_of(text)
    parameters = {
        **terms.parameters,
        **_place(after),
        "membership": actor.membership_id,
        "kinds": [kind for kind in kinds if kind.isidentifier()] if kinds else None,
        "limit": size + 1,
    }
    if not terms or actor.membership_id is None:
        return SearchPage()
    rows = _run(terms, parameters)
    found = [row for row in rows if row[3] is not None]
    count = rows[0][0]
    return SearchPage(
        hits=[_hit(row, terms) for row in found[:size]],
        facets={"kind": json.loads(rows[0][1] or "{}"), "owner": json.loads(rows[0][2] or "{}")},
        count=min(count, CAP),
        capped=count > CAP,
        next=_cursor(found[size - 1]) if len(found) > size else None,
    )


def suggest(actor: Actor, text: str, *, n: int = 8) -> list[Hit]:
    """Return the first few hits of *text* as typed so far."""
    return list(search(actor, text, size=n).hits)


def _run(terms: Terms, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    statement = STATEMENT.format(
        seated=SEATED,
        ways=ways("h.record_id"),
        by_key=BY_KEY,
        by_words=BY_WORDS,
        match=terms.nearly,
        findable=FINDABLE,
        view=int(Level.VIEW),
        summary=int(Level.SUMMARY),
        cap=CAP,
    )
    return fetch(statement, parameters)


def _hit(row: tuple[Any, ...], terms: Terms) -> Hit:
    return Hit(
        id=row[3],
        kind=row[4],
        case=row[5],
        title=row[6],
        snippet=snippet_of(row[7], terms.words),
        owner={"short_name": row[8] or "", "name": row[9]},
        level=Level(row[10]),
        touched_at=row[11],
    )


def _cursor(row: tuple[Any, ...]) -> str:
    plain = f"{row[12]}|{row[11].isoformat()}|{row[3]}"
    return urlsafe_b64encode(plain.encode()).decode()


def _place(cursor: str | None) -> dict[str, Any]:
    """Return where a page starts; Invalid for a cursor that no page ever gave."""
    if not cursor:
        return {"closeness": None, "touched_at": None, "id": None}
    try:
        closeness, moment, key = urlsafe_b64decode(cursor.encode()).decode().split("|")
        touched_at = datetime.fromisoformat(moment)
        if touched_at.tzinfo is None:
            raise ValueError(moment)
        return {"closeness": int(closeness) % 10, "touched_at": touched_at, "id": UUID(key)}
    except ValueError:
        raise Invalid({"cursor": "This is not a cursor of this list."}) from None
