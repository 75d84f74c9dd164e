"""What an answer tells: every word, plate, number and id in it that belongs to one record alone."""

from __future__ import annotations

from copy import deepcopy
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from django.test import Client

from tests.truth.table import (
    CASES,
    CONTRIBUTIONS,
    OF_CASE,
    RECORDS,
    VEHICLES,
    identified,
    reached,
)
from tests.truth.world import World, own_number_of, plate_of, summary_of, title_of

Mark = tuple[str, str]
"""What sort of mark, and the name of the record it tells of."""


def browser(world: World, person: str) -> Client:
    """Return a browser in which one of the people of the table is signed in."""
    client = Client()
    client.cookies = deepcopy(world.sessions[person])
    return client


def marks(world: World) -> dict[Mark, str]:
    """Return the text by which each mark is told."""
    return {
        **{("title", name): title_of(name) for name in RECORDS if name not in CONTRIBUTIONS},
        **{("summary", name): summary_of(name) for name in CASES},
        **{("own number", name): own_number_of(name) for name in CASES},
        **{("plate", name): plate_of(name) for name in VEHICLES},
        **{("number", name): number for name, number in world.numbers.items()},
        **{("id", name): str(key) for name, key in world.records.items()},
    }


def allowed(world: World, person: str) -> set[Mark]:
    """Return the marks that *person* may be shown, whatever the page.

    Of the case of what is one's own, one keeps the id and the number.
    """
    ids = reached(person)
    whole = reached(person, 3)
    mine = {case for case, parts in OF_CASE.items() if ids & set(parts)}
    return {
        *(("title", name) for name in identified(person)),
        *(("plate", name) for name in identified(person, VEHICLES)),
        *((sort, name) for sort in ("summary", "own number") for name in whole),
        *((sort, name) for sort in ("id", "number") for name in ids | mine),
    }


def told(world: World, answer: Any) -> set[Mark]:
    """Return the marks in the body of an answer."""
    body = words_of(answer.content)
    return {mark for mark, text in marks(world).items() if text in body}


def words_of(raw: bytes) -> str:
    """Return the text of a page, or of every part of a workbook."""
    if not raw.startswith(b"PK"):
        return raw.decode()
    with ZipFile(BytesIO(raw)) as packed:
        return "\n".join(packed.read(part).decode() for part in packed.namelist())


def names_told(world: World, sort: str, answer: Any) -> set[str]:
    """Return the records whose mark of one sort is in the body of an answer."""
    return {name for kind, name in told(world, answer) if kind == sort}


def seen(world: World, person: str, answer: Any, *, besides: set[Mark] | None = None) -> Any:
    """Return *answer*, unless it tells *person* something that is not theirs to know."""
    too_much = told(world, answer) - allowed(world, person) - (besides or set())
    assert not too_much, sorted(too_much)
    return answer
