"""What cases and items are found by: their words, names and identifiers, by level of access."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from agencies.codes import Level
from agencies.codetable import label
from cases.models import Case, Item
from cases.protection import NAMED_BY_ROLE
from sharing.normalize import (
    normalize_number,
    normalize_phone,
    normalize_plate,
    normalize_vin,
)
from sharing.search.documents import document_of, index_levels, index_new

KEYS = {
    "vin": normalize_vin,
    "plate": normalize_plate,
    "number": normalize_number,
    "phone": normalize_phone,
    "serial": normalize_number,
    "owner_number": normalize_number,
    "imei": normalize_number,
    "imsi": normalize_number,
    "oln": normalize_number,
    "sid": normalize_number,
    "ucn": normalize_number,
    "handle": normalize_number,
    "account_id": normalize_number,
    "email": normalize_number,
    "registration": normalize_number,
}
"""Fields that identify, with the spelling in which they are compared."""


@dataclass(frozen=True)
class Document:
    """What a reader of at least *level* may find a record by."""

    level: Level
    text: str
    names: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


def documents_of_case(case: Case) -> Iterator[Document]:
    """Yield what the summary of a case shows, and what only its full view shows."""
    title, number = case.record.title, case.number
    yield Document(
        level=Level.SUMMARY,
        text=" ".join((title, number, label("case_types", case.record.type))),
        keys=[normalize_number(number)],
    )
    yield Document(
        level=Level.VIEW,
        text=" ".join(filter(None, (case.summary, case.own_number))),
        keys=[case.own_number_key] if case.own_number_key else [],
    )


def documents_of_item(item: Item) -> Iterator[Document]:
    """Yield what tells nothing of an item but what it is, and what identifies it.

    Things that no role names ("Place 1") are not found by their generated label: everybody has one.
    """
    if item.kind in NAMED_BY_ROLE:
        kind = label("item_kinds", item.kind)
        yield Document(level=Level.SUMMARY, text=f"{item.record.label} {kind}")
    yield Document(
        level=Level.VIEW,
        text=" ".join((item.record.title, *_texts(item.fields))),
        names=list(names_of_item(item)),
        keys=list(_keys(item)),
    )


def index(thing: Case | Item) -> None:
    """Make *thing* findable by what it says now."""
    index_levels(
        thing.pk,
        {
            one.level: document_of(thing.pk, one.level, one.text, one.names, one.keys)
            for one in _documents(thing)
        },
    )


def index_many(things: Iterable[Case | Item]) -> None:
    """Make new things findable, in one statement."""
    made = (
        document_of(thing.pk, one.level, one.text, one.names, one.keys)
        for thing in things
        for one in _documents(thing)
    )
    index_new([document for document in made if document is not None])


def _documents(thing: Case | Item) -> Iterator[Document]:
    return documents_of_case(thing) if isinstance(thing, Case) else documents_of_item(thing)


def _texts(fields: Mapping[str, Any]) -> Iterator[str]:
    for name, value in fields.items():
        if name == "warnings" or isinstance(value, bool):
            continue
        if isinstance(value, list):
            yield from (str(one) for one in value)
        else:
            yield str(value)


def names_of_item(item: Item) -> Iterator[str]:
    """Yield what a person or an organization is called, as it is written."""
    fields = item.fields
    if item.kind == Item.Kind.PERSON:
        parts = [fields[part] for part in ("given", "middle", "surname") if part in fields]
        yield " ".join(parts) or item.record.title
    elif item.kind == Item.Kind.ORGANIZATION:
        yield fields.get("name") or item.record.title
    for several in ("aliases", "monikers"):
        yield from fields.get(several, ())


def _keys(item: Item) -> Iterator[str]:
    for name, normalize in KEYS.items():
        value = item.fields.get(name)
        if isinstance(value, str):
            is_phone = item.kind == Item.Kind.PHONE and name == "number"
            yield normalize_phone(value) if is_phone else normalize(value)
    number, state = item.fields.get("plate"), item.fields.get("plate_state")
    if number and state:
        yield normalize_plate(f"{state}{number}")
