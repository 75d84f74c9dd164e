"""What a record is called on screen, said by the layer above, which knows what it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from agencies.actors import Actor
from sharing.disclosure import list_records
from sharing.models import Record


@dataclass(frozen=True)
class Name:
    """A record as one reader may see it named; ``title`` is empty where the level hides it."""

    number: str
    title: str
    url: str
    owner: str
    record: Record


Namer = Callable[[Actor, Iterable[UUID]], Mapping[UUID, Name]]
Finder = Callable[[Actor, str], UUID | None]
Numberer = Callable[[Iterable[UUID]], Mapping[UUID, str]]
Lookup = Callable[[UUID, str], Iterable[UUID]]

_namers: list[Namer] = []
_finders: list[Finder] = []
_numberers: list[Numberer] = []
_lookups: list[Lookup] = []


def register_naming(namer: Namer, finder: Finder) -> None:
    """Have *namer* name records, and *finder* find one of the reader's own by its number."""
    _namers[:] = [namer]
    _finders[:] = [finder]


def names_of(actor: Actor, records: Iterable[UUID | None]) -> dict[UUID, Name]:
    """Return the names of those of *records* that *actor* may know of now."""
    wanted = {record for record in records if record is not None}
    return {key: name for namer in _namers for key, name in namer(actor, wanted).items()}


def shown_names(actor: Actor, records: Iterable[UUID | None]) -> dict[UUID, Name]:
    """Return names for a page that shows titles: those of other agencies' records are logged."""
    names = names_of(actor, records)
    list_records(actor, [name.record for name in names.values()])
    return names


def own_record_by_number(actor: Actor, number: str) -> UUID | None:
    """Return the record of the actor's own agency that has this number, ours or its own."""
    found = (finder(actor, number) for finder in _finders)
    return next((key for key in found if key is not None), None)


def register_numbering(numberer: Numberer, lookup: Lookup) -> None:
    """Have *numberer* tell the numbers of records, and *lookup* find them, whoever asks."""
    _numberers[:] = [numberer]
    _lookups[:] = [lookup]


def numbers_of(records: Iterable[UUID]) -> dict[UUID, str]:
    """Return the numbers of *records*, which the caller has found that its reader may be told."""
    wanted = set(records)
    return {key: number for tell in _numberers for key, number in tell(wanted).items()}


def cases_numbered(agency_id: UUID, number: str) -> set[UUID]:
    """Return the cases that have this number, ours or that agency's own; the caller narrows them
    to what its reader may be told.
    """
    return {key for lookup in _lookups for key in lookup(agency_id, number)}
