"""What a record is called on screen; the layer above, which knows what records are about, says it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from agencies.actors import Actor


@dataclass(frozen=True)
class Name:
    """A record as one reader may see it named; ``title`` is empty where the reader's level hides it."""

    number: str
    title: str
    url: str


Namer = Callable[[Actor, Iterable[UUID]], Mapping[UUID, Name]]
Finder = Callable[[Actor, str], UUID | None]

_namers: list[Namer] = []
_finders: list[Finder] = []


def register_naming(namer: Namer, finder: Finder) -> None:
    """Have *namer* name records, and *finder* find one of the reader's own by its number."""
    _namers[:] = [namer]
    _finders[:] = [finder]


def names_of(actor: Actor, records: Iterable[UUID | None]) -> dict[UUID, Name]:
    """Return the names of those of *records* that *actor* may know of now."""
    wanted = {record for record in records if record is not None}
    return {key: name for namer in _namers for key, name in namer(actor, wanted).items()}


def own_record_by_number(actor: Actor, number: str) -> UUID | None:
    """Return the record of the actor's own agency that has this number, ours or its own."""
    found = (finder(actor, number) for finder in _finders)
    return next((key for key in found if key is not None), None)
