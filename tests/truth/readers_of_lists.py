"""Readers at home and in the list of cases: queues, files, series."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from typing import Any

from django.http import HttpResponse
from openpyxl import load_workbook

from agencies.models import Membership, Visit
from cases.services import make_series
from sharing.services import approve_request, offer_record
from tests.cast import terms
from tests.truth.reader import Reader, listed_cases
from tests.truth.seeing import browser, names_told, seen
from tests.truth.table import CASES, reached
from tests.truth.world import World

LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
UNNAMED = ("reader of a standing grant",)
"""People whom no grant names, so that no access of theirs stands in a queue."""


def queue(world: World, person: str, key: str) -> set[str]:
    """Return the cases in a queue."""
    answer = seen(world, person, browser(world, person).get(f"/queues/{key}/"))
    return names_told(world, "number", answer)


def changed(world: World, person: str) -> set[str]:
    """Return the cases in which something changed for whoever was here long ago."""
    post = world.actor(person).membership_id
    if post and Membership.objects.filter(pk=post).exists():
        Visit.objects.create(membership_id=post, seen_at=LONG_AGO)
    return queue(world, person, "changed")


def received(person: str, rank: int = 1) -> set[str]:
    """Return the cases of others that a person reaches at a level."""
    return reached(person, rank, CASES) - reached(person, 5, CASES)


def received_by_name(person: str) -> set[str]:
    """Return the cases that a person received by an access to them."""
    return set() if person in UNNAMED else received(person)


def given(person: str) -> set[str]:
    """Return the cases that a person's agency gave, as far as the person manages them."""
    shared = {"ordinary", "sensitive", "pointed"}
    return shared & reached(person, 5, CASES)


def told_of(person: str) -> set[str]:
    """Return the cases that were shared with a person, and the own one that partners added to."""
    added_to = {"ordinary"} & reached(person, 5, CASES)
    return received(person, rank=2) | added_to


def file_of(world: World, person: str, form: str) -> set[str]:
    """Return the cases in a file of the whole list; no file where nothing may leave."""
    said = {"every": "1", "format": form}
    answer = browser(world, person).post("/cases/export/", said)
    if answer.status_code != 200:
        assert answer.status_code in (302, 403)
        return set()
    text = cells_of(answer) if form == "xlsx" else answer.content.decode("utf-8-sig")
    file = HttpResponse(text)
    return names_told(world, "number", seen(world, person, file))


def cells_of(answer: Any) -> str:
    """Return all that the cells of a workbook say."""
    book = load_workbook(BytesIO(answer.content))
    return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)


def exported(person: str) -> set[str]:
    """Return the cases that a person may take out: its own, and what was given with that leave."""
    with_leave = {"ordinary"} if person == "partner with identities" else set()
    return reached(person, 5, CASES) | with_leave


def titles(world: World, person: str, query: str) -> set[str]:
    """Return the cases whose titles a page about the chosen ones shows."""
    answer = browser(world, person).get(query)
    return names_told(world, "title", seen(world, person, answer))


def chosen_by_id(world: World, person: str) -> set[str]:
    """Return what the form of a series shows, sent back without a title, of ids of everything."""
    said = {"case": [str(key) for key in world.records.values()]}
    answer = browser(world, person).post("/cases/series/new/", said)
    assert answer.status_code in (302, 403, 422)
    return names_told(world, "title", seen(world, person, answer))


MEMBERS = ("ordinary", "sensitive", "silent", "listed", "pointed")
GIVEN_TO = ("bravo", "sierra", "golf", "tango", "uniform")
READ_BY = (
    "granted partner",
    "partner with summary",
    "stranger",
    "person who moved to a stranger",
    "reader of a standing grant",
    "partner with identities",
)


def series(world: World, person: str) -> set[str]:
    """Return the members named on the page of a series that was given to some agencies."""
    ana, sam = world.cast.actor("ana"), world.cast.actor("sam")
    ids = [world.records[one] for one in MEMBERS]
    made = make_series(ana, members=ids, title="Noon", type="burglary")
    for agency in GIVEN_TO:
        roster = world.cast.id(agency)
        offer = offer_record(ana, record_id=made.pk, roster_id=roster, terms=terms())
        approve_request(sam, offer.pk)
    answer = browser(world, person).get(f"/cases/{made.pk}/")
    return names_told(world, "number", seen(world, person, answer))


def in_series(person: str) -> set[str]:
    """Return the members that a person lists, if it reads the series at all."""
    reads = person.startswith(("owner's", *READ_BY))
    return reached(person, 2, MEMBERS) if reads else set()


READERS: dict[str, Reader] = {
    "page: queue of what was shared with us": Reader(
        partial(queue, key="shared"), received_by_name
    ),
    "page: queue of what we shared": Reader(partial(queue, key="given"), given),
    "page: queue of what ends": Reader(partial(queue, key="ending"), lambda _: set()),
    "page: queue of what changed": Reader(changed, told_of),
    "page: file of cases as CSV": Reader(partial(file_of, form="csv"), exported),
    "page: file of cases as XLSX": Reader(partial(file_of, form="xlsx"), exported),
    "page: what a file would hold": Reader(
        partial(titles, query="/cases/export/?every=1"), lambda _: set()
    ),
    "form: make a series of the list": Reader(
        partial(titles, query="/cases/series/new/?every=1"), listed_cases
    ),
    "form: make a series of what is named": Reader(chosen_by_id, listed_cases),
    "page: series": Reader(series, in_series),
}
