"""One statement that finds documents and asks the rule; nothing is counted before it."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum
from time import monotonic
from typing import Any
from uuid import UUID

from django.conf import settings

from agencies.actors import Actor
from agencies.codes import Level
from agencies.prepared import fetch
from agencies.refusals import Invalid
from sharing.search.patience import GivenUp, patience
from sharing.search.snippets import snippet_of
from sharing.search.statement import FACETS, SLOW, statements_of
from sharing.search.terms import Terms, terms_of

CAP = 1000
SUGGESTED = 100
"""Records that are ranked while somebody types."""


class Closeness(IntEnum):
    """How a record was found, closest first."""

    AGENCY_AND_KEY = 0
    KEY = 1
    NAME = 2
    WORDS = 3
    ALIKE = 4


@dataclass(frozen=True)
class Narrowed:
    """What a search is narrowed to; *owner* is an agency's short name."""

    kinds: Sequence[str] | None = None
    status: str = ""
    type: str = ""
    owner: str = ""
    received: bool | None = None


ALL = Narrowed()


@dataclass(frozen=True)
class Hit:
    """One record found; the title and the snippet hold only what its reader may see of it.

    ``keys`` are the identifiers by which it was found, as they are compared.
    """

    id: UUID
    kind: str
    case: UUID | None
    title: str
    snippet: str
    owner: Mapping[str, str]
    level: Level
    touched_at: datetime
    closeness: Closeness = Closeness.WORDS
    keys: Sequence[str] = ()


@dataclass(frozen=True)
class SearchPage:
    """Hits, closest first and newest first among equals; counts end at 1000.

    ``given_up`` is that the server had to stop: these are the newest found until then, ranked.
    """

    hits: Sequence[Hit] = ()
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    count: int = 0
    capped: bool = False
    next: str | None = None
    given_up: bool = False


def search(
    actor: Actor,
    text: str,
    narrowed: Narrowed = ALL,
    *,
    after: str | None = None,
    size: int = 50,
    everything: bool = True,
    cap: int | None = None,
) -> SearchPage:
    """Return what *actor* may see of what *text* finds; what it may not see changes nothing.

    Not *everything*: of more than a thousand the newest thousand are ranked, which is quicker.
    *cap* is another number than a thousand.
    """
    cap = cap or CAP
    terms = terms_of(text)
    parameters = {
        **terms.parameters,
        **_place(after),
        **_within(narrowed),
        "membership": actor.membership_id,
        "limit": size + 1,
    }
    if not terms or actor.membership_id is None:
        return SearchPage()
    statements = statements_of(
        terms.nearly, cap=cap, everything=everything, of_owner=bool(narrowed.owner)
    )
    rows, given_up = _first_whole(statements, parameters)
    page = _answered(rows, terms, size, cap)
    return replace(page, capped=True, given_up=True) if given_up else page


def _first_whole(
    statements: Sequence[str], parameters: Mapping[str, Any]
) -> tuple[Sequence[tuple[Any, ...]], bool]:
    """Return the rows of the first statement that left nothing out, and that it was not given up;
    else those of the one that found most.
    """
    quick, slow = statements[:-SLOW], statements[-SLOW:]
    found = []
    for statement in quick:
        found.append(fetch(statement, parameters))
        if found[-1][0][2]:
            return found[-1], False
    end = monotonic() + settings.SEARCH_SECONDS
    for statement in slow:
        try:
            with patience(end - monotonic()):
                found.append(fetch(statement, parameters))
        except GivenUp:
            return max(found, key=lambda rows: rows[0][0]), True
        if found[-1][0][2]:
            break
    return found[-1], False


def _answered(rows: Sequence[tuple[Any, ...]], terms: Terms, size: int, cap: int) -> SearchPage:
    found = [row[1:] for row in rows if row[3] is not None]
    count = rows[0][0]
    facets = {name: counts or {} for name, counts in json.loads(rows[0][1]).items()}
    return SearchPage(
        hits=[_hit(row, terms) for row in found[:size]],
        facets={name: facets[name] for name in FACETS},
        count=min(count, cap),
        capped=count > cap,
        next=_cursor(found[size - 1]) if len(found) > size else None,
    )


def suggest(actor: Actor, text: str, *, n: int = 8) -> list[Hit]:
    """Return the first few hits of *text* as typed so far, of the newest hundred."""
    return list(search(actor, text, size=n, everything=False, cap=SUGGESTED).hits)


def _within(narrowed: Narrowed) -> dict[str, Any]:
    """Return what a search is narrowed to, as its statements take it."""
    kinds = narrowed.kinds
    return {
        "kinds": [kind for kind in kinds if kind.isidentifier()] if kinds else None,
        "status": narrowed.status,
        "type": narrowed.type,
        "owner": narrowed.owner,
        "received": narrowed.received,
    }


def _hit(row: tuple[Any, ...], terms: Terms) -> Hit:
    return Hit(
        id=row[2],
        kind=row[3],
        case=row[4],
        title=row[5],
        snippet=snippet_of(row[6], terms.words),
        owner={"short_name": row[7] or "", "name": row[8]},
        level=Level(row[9]),
        touched_at=row[10],
        closeness=Closeness(row[11]),
        keys=row[12],
    )


def _cursor(row: tuple[Any, ...]) -> str:
    plain = f"{row[11]}|{row[10].isoformat()}|{row[2]}"
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
