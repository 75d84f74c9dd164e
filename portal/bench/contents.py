"""The records of a world: cases and items with what they are found by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from agencies.codes import Level
from agencies.models import Agency
from portal.bench.authorities import Authorities, now
from portal.bench.copying import NULL, Sheet, fresh, key
from portal.bench.sizes import (
    CATEGORIES,
    CLASSES,
    ITEMS,
    ITEMS_EVERY,
    OPENED,
    STATUSES,
    TYPES,
    Sizes,
)
from portal.bench.words import RARE, Writer
from sharing.normalize import misspellings

OWN = {"few": 9, "some": 1500, "forces": 300, "lister": 300}
"""Cases that the placed agencies own, at every size of the world."""

LISTED_BY_THE_BIGGEST = 0.78
"""The share of its cases that the biggest agency lists under one category, for all to find."""

YEARS = timedelta(days=1000)
FOUND_BY_RARE = 40
RECORD = Sheet(
    "sharing_record",
    [
        "id",
        "kind",
        "owner_id",
        "originator_id",
        "case_id",
        "cover_id",
        "title",
        "label",
        "category",
        "findability",
        "sensitivity",
        "protected",
        "grouping",
        "type",
        "status",
        "touched_at",
        "sealed_at",
        "covered_at",
        "created_at",
    ],
    restrictions="{}",
    handling="{}",
    version="1",
)
CASE = Sheet(
    "cases_case",
    ["record_id", "agency_id", "number", "summary", "opened_on"],
    own_number="",
    own_number_key="",
    disposition="",
    offences="[]",
    labels="{}",
    source="",
    source_id="",
    received="{}",
)
ITEM = Sheet(
    "cases_item",
    ["record_id", "kind", "role", "fields"],
    withheld="f",
    received="{}",
)
DOCUMENT = Sheet(
    "sharing_searchdocument", ["id", "record_id", "level", "text", "names", "keys", "vector"]
)


@dataclass
class Contents:
    """The cases of a world as columns, by number; what grants copy of them."""

    ids: list[str] = field(default_factory=list)
    owners: list[Agency] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    sensitivities: list[int] = field(default_factory=list)
    listed: list[bool] = field(default_factory=list)


def draw_cases(sizes: Sizes, made: Authorities, chance: Random) -> Contents:
    """Return the cases of a world, not yet in the database."""
    owners = [made.agencies[0]] * int(sizes.cases * sizes.biggest_owns)
    for name, number in OWN.items():
        scaled = number if name == "few" else int(number * sizes.scale)
        owners += [made.placed[name]] * scaled
    owners += chance.choices(
        made.agencies[1:], cum_weights=made.weights, k=sizes.cases - len(owners)
    )
    chance.shuffle(owners)
    count, start = len(owners), now() - YEARS
    lister, biggest = made.placed["lister"], made.agencies[0]
    drawn = chance.choices(CATEGORIES, (6, 2, 1, 1), k=count)
    opened = [one is biggest and chance.random() < LISTED_BY_THE_BIGGEST for one in owners]
    return Contents(
        ids=[key(chance) for _ in owners],
        owners=owners,
        touched=[(start + YEARS * chance.random()).isoformat() for _ in owners],
        categories=[OPENED if one else other for one, other in zip(opened, drawn, strict=True)],
        types=chance.choices(TYPES, range(len(TYPES), 0, -1), k=count),
        statuses=chance.choices(STATUSES, k=count),
        classes=chance.choices(CLASSES, k=count),
        sensitivities=chance.choices((1, 2, 3, 4), (20, 70, 8, 2), k=count),
        listed=[
            listed or one is lister or chance.random() < 0.1
            for one, listed in zip(owners, opened, strict=True)
        ],
    )


def copy_contents(contents: Contents, chance: Random) -> None:
    """Write the records, bodies and search documents of *contents*."""
    writer = Writer(chance)
    items = list(_items(contents, writer))
    with fresh("sharing_record"):
        RECORD.copy(_case_records(contents, chance))
        RECORD.copy(_item_records(contents, items))
    with fresh("cases_item"):
        ITEM.copy((item["id"], item["kind"], item["role"], item["fields"]) for item in items)
    numbers = [f"A-{datetime.now().year}-{place:07d}" for place in range(len(contents.ids))]  # noqa: DTZ005
    narratives = [writer.narrative() for _ in contents.ids]
    for place in chance.sample(range(len(narratives)), min(FOUND_BY_RARE, len(narratives))):
        narratives[place][1] = RARE
    with fresh("cases_case"):
        CASE.copy(
            (pk, owner.pk, number, " ".join(words), touched[:10])
            for pk, owner, number, words, touched in zip(
                contents.ids, contents.owners, numbers, narratives, contents.touched, strict=True
            )
        )
    with fresh("sharing_searchdocument"):
        DOCUMENT.copy(
            (serial, *document)
            for serial, document in enumerate(_documents(contents, numbers, narratives, items), 1)
        )


def _case_records(contents: Contents, chance: Random) -> Iterator[tuple[Any, ...]]:
    for place, pk in enumerate(contents.ids):
        owner, touched, type_ = (
            contents.owners[place].pk,
            contents.touched[place],
            contents.types[place],
        )
        yield (
            pk, "case", owner, owner, NULL, pk, f"{type_.replace('_', ' ').capitalize()} {place}",
            "", contents.categories[place], "listed" if contents.listed[place] else "contact_only",
            contents.sensitivities[place], "f", contents.classes[place], type_,
            contents.statuses[place], touched, touched if chance.random() < 0.001 else NULL,
            touched, touched,
        )  # fmt: skip


def _items(contents: Contents, writer: Writer) -> Iterator[dict[str, Any]]:
    """Yield the items: of every so many cases a person and a vehicle, some people protected."""
    chance = writer.chance
    for place in range(0, len(contents.ids), ITEMS_EVERY):
        for number in range(ITEMS):
            pk = key(chance)
            given, surname = writer.person()
            plate = writer.plate()
            person = number == 0
            yield {
                "id": pk,
                "case": place,
                "kind": "person" if person else "vehicle",
                "role": "victim" if person else "used",
                "title": f"{surname}, {given}" if person else f"Vehicle {plate}",
                "label": "Victim 1" if person else "Vehicle 1",
                "name": f"{given} {surname}".upper() if person else "",
                "plate": "" if person else plate,
                "protected": person and chance.random() < 0.3,
                "fields": f'{{"given": "{given}", "surname": "{surname}"}}'
                if person
                else f'{{"plate": "{plate}"}}',
            }


def _item_records(contents: Contents, items: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    for item in items:
        place = item["case"]
        pk, case, touched = item["id"], contents.ids[place], contents.touched[place]
        owner = contents.owners[place].pk
        yield (
            pk, "item", owner, owner, case, case, item["title"], item["label"],
            contents.categories[place], "contact_only", contents.sensitivities[place],
            "t" if item["protected"] else "f", "", item["kind"], "", touched, NULL, touched,
            touched,
        )  # fmt: skip


def _documents(
    contents: Contents, numbers: list[str], narratives: list[list[str]], items: list[dict[str, Any]]
) -> Iterator[tuple[Any, ...]]:
    for place, pk in enumerate(contents.ids):
        number, type_ = numbers[place], contents.types[place].replace("_", " ")
        text = f"{type_.capitalize()} {place} {number} {type_}"
        key = number.replace("-", "")
        words = {*type_.split(), str(place), *number.lower().split("-")}
        yield pk, int(Level.SUMMARY), text, "", f"{{{key}}}", _vector(words)
        report = narratives[place]
        yield pk, int(Level.VIEW), " ".join(report), "", "{}", _vector(set(report))
    for item in items:
        name, plate, title = item["name"], item["plate"], item["title"]
        near = [one for word in name.split() for one in misspellings(word)]
        words = {*title.replace(",", "").lower().split()}
        keys = ",".join(f'"{one}"' for one in ([plate] if plate else near))
        yield item["id"], int(Level.VIEW), title, name, f"{{{keys}}}", _vector(words)


def _vector(words: set[str]) -> str:
    return " ".join(f"'{word}'" for word in words)
