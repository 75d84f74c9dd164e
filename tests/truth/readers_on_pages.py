"""Readers in the browser: what each page leads to and names, and that it tells nothing else."""

from __future__ import annotations

import re
from functools import partial
from html import unescape
from typing import Any

from tests.truth.reader import (
    Reader,
    listed_cases,
    named,
    only,
    sample,
    sample_of_requests,
    sampled,
)
from tests.truth.seeing import browser, names_told, seen
from tests.truth.table import (
    CASES,
    CONTRIBUTIONS,
    ITEMS,
    OF_CASE,
    VEHICLES,
    audited,
    identified,
    reached,
    requests_of,
)
from tests.truth.world import COMMON, World, plate_of

OPENED = ("ordinary", "sensitive", "silent", "listed", "pointed")
MOST_SUGGESTED = 8
OFFERED_CASES = ("ordinary", "sensitive", "pointed")
BOXES = ("inbox", "sent", "decided")


def page(world: World, person: str, address: str) -> Any:
    """Return a page that tells nothing it may not."""
    return seen(world, person, browser(world, person).get(address))


def links(noun: str, answer: Any) -> set[str]:
    """Return the ids under a noun to which a page leads."""
    return set(re.findall(rf"/{noun}/([0-9a-f-]{{36}})/", answer.content.decode()))


def cases_linked(world: World, person: str, address: str) -> set[str]:
    """Return the cases to which a page leads, each by its title."""
    answer = page(world, person, address)
    found = world.names(links("cases", answer))
    assert found == names_told(world, "title", answer)
    return found


def titles(world: World, person: str, address: str) -> set[str]:
    """Return the records whose own titles a page shows."""
    return names_told(world, "title", page(world, person, address))


def suggested(world: World, person: str) -> set[str]:
    """Return what is suggested; all that may be, where there is no room for more of it."""
    found = titles(world, person, f"/search/suggest/?q={COMMON[:-2]}")
    full = len(found) == MOST_SUGGESTED and found <= named(person)
    return named(person) if full else found


def searched(world: World, person: str, typed: str, more: str = "") -> set[str]:
    """Return the records named by what is typed into the search box, on all its pages."""
    client = browser(world, person)
    sent = client.post("/search/", {"q": typed})
    if sent.status_code != 302:
        return set()
    found, address = set(), f"{sent['Location']}{more}"
    while address:
        answer = seen(world, person, client.get(address))
        found |= names_told(world, "title", answer)
        onward = re.search(r'rel="next" href="(\?[^"]*)"', answer.content.decode())
        address = f"/search/{unescape(onward[1])}" if onward else ""
    return found


def facets_of_search(world: World, person: str) -> set[str]:
    """Return the records whose number the facets of a search agree with, else what they say."""
    client = browser(world, person)
    sent = client.post("/search/", {"q": COMMON})
    if sent.status_code != 302:
        return set()
    answer = seen(world, person, client.get(sent["Location"]))
    counts = re.findall(
        r'facets__label">(\w+)</h2>\s*<ul>(.*?)</ul>', answer.content.decode(), re.DOTALL
    )
    sums = {name: sum(map(int, re.findall(r'quiet">(\d+)<', part))) for name, part in counts}
    whole = named(person)
    cases = whole & set(CASES)
    wrong = {
        f"{name} {number}"
        for name, number in sums.items()
        if number != len(cases if name in ("Status", "Type") else whole)
    }
    return wrong or whole


def suggested_by_post(world: World, person: str) -> set[str]:
    """Return what is suggested for a plate as the search field asks for it."""
    client, found = browser(world, person), set()
    for name in VEHICLES:
        answer = client.post("/search/suggest/", {"q": plate_of(name)})
        found |= names_told(world, "title", seen(world, person, answer))
    return found


def case_pages(world: World, person: str, tab: str) -> set[str]:
    """Return the cases of which a page opens; the others are not there."""
    client, found = browser(world, person), set()
    for case in sample(person, OPENED, most=1):
        answer = seen(world, person, client.get(f"/cases/{world.records[case]}/{tab}"))
        assert answer.status_code == 200 or answer.status_code == refusal(person)
        found |= {case} if answer.status_code == 200 else set()
    return found


def refusal(person: str) -> int:
    """Return how what is not there answers: whoever has no post in force is told that first."""
    return 403 if person == "partner of a suspended agency" else 404


def item_pages(world: World, person: str) -> set[str]:
    """Return the items named on the pages of cases."""
    client, found = browser(world, person), set()
    for case in sample(person, tuple(OF_CASE), most=1):
        answer = seen(world, person, client.get(f"/cases/{world.records[case]}/items/"))
        found |= names_told(world, "title", answer) & set(ITEMS)
    return found


def named_items(person: str) -> set[str]:
    """Return the items that the pages of the cases of a sample must name."""
    cases = set(sample(person, tuple(OF_CASE), most=1)) & reached(person, 2)
    return identified(person, tuple(one for case in cases for one in OF_CASE[case]))


def boxes(world: World, person: str) -> set[str]:
    """Return the requests in all boxes."""
    answers = (page(world, person, f"/requests/?box={box}") for box in BOXES)
    return world.asked(set().union(*(links("requests", answer) for answer in answers)))


def request_pages(world: World, person: str) -> set[str]:
    """Return the requests of which a page opens."""
    client, found = browser(world, person), set()
    for name in sample_of_requests(person):
        answer = seen(world, person, client.get(f"/requests/{world.requests[name]}/"))
        assert answer.status_code == 200 or answer.status_code == refusal(person)
        found |= {name} if answer.status_code == 200 else set()
    return found


def notices(world: World, person: str) -> set[str]:
    """Return the requests and the cases to which notifications lead, the cases by their number."""
    answer = page(world, person, "/notifications/")
    return world.asked(links("requests", answer)) | world.names(links("cases", answer))


def muted(world: World, person: str) -> set[str]:
    """Return the cases named as muted, once everything has been muted that can be."""
    client = browser(world, person)
    for key in world.records.values():
        client.post(f"/notifications/mute/{key}/")
    return names_told(world, "number", page(world, person, "/notifications/settings/"))


def told_of(person: str) -> set[str]:
    """Return what a person was told and may still know of.

    Asked are release authority and desk, told is whoever proposed, under the case it is about; of
    what is released each reader is told; of a recall, without an address, whoever had the access.
    """
    received = reached(person, 1, CASES) - reached(person, 5, CASES) - {"listed"}
    if person == "owner's analyst":
        return {*OFFERED_CASES, *requests_of(person)} - {"asked by number"}
    if person == "owner's supervisor":
        return {*OFFERED_CASES, "silent", *requests_of(person)}
    if person == "owner's duty desk":
        return {"ordinary", "asked by number", "silent"}
    if person == "owner's analyst below the ceiling":
        return {"ordinary"}
    return received


def audit_log(world: World, person: str) -> set[str]:
    """Return the cases whose numbers the audit log gives, on all its pages."""
    client, found, after = browser(world, person), set(), ""
    while True:
        answer = client.get(f"/ledger/{after}")
        if not person.endswith("auditor"):
            seen(world, person, answer)
        found |= names_told(world, "number", answer)
        older = re.search(r'rel="next" href="(\?[^"]*)"', answer.content.decode())
        if older is None:
            return found
        after = unescape(older[1])


def logged(person: str) -> set[str]:
    """Return the cases of what the audit log tells a person of; a contribution goes by its case."""
    told = audited(person)
    cases = {case for case, items in OF_CASE.items() if told & {case, *items}}
    return cases | (told & set(CASES)) | ({"ordinary"} if told & set(CONTRIBUTIONS) else set())


def home(world: World, person: str) -> set[str]:
    """Return the cases that wait at home."""
    return names_told(world, "number", page(world, person, "/"))


def waiting(person: str) -> set[str]:
    """Return what release authority must decide; of what was shared, home tells the number."""
    return {"silent"} if person == "owner's supervisor" else set()


def contributed(person: str) -> set[str]:
    """Return what a person's agency added to a case of another."""
    return reached(person, 5, ("pawn", "receipt"))


READERS: dict[str, Reader] = {
    "page: cases": Reader(partial(cases_linked, address="/cases/"), listed_cases),
    "page: search": Reader(partial(titles, address=f"/search/?q={COMMON}"), named),
    "page: autocomplete": Reader(suggested, named),
    "page: suggestions by post": Reader(suggested_by_post, lambda one: identified(one, VEHICLES)),
    "page: search by post": Reader(partial(searched, typed=COMMON), named),
    "page: search of cases": Reader(
        partial(searched, typed=COMMON, more="&kind=case&all=on"),
        lambda person: named(person) & set(CASES),
    ),
    "page: facets of search": Reader(facets_of_search, named),
    "page: case": Reader(partial(case_pages, tab=""), sampled(OPENED, 1, most=1)),
    "page: sharing": Reader(partial(case_pages, tab="sharing/"), sampled(OPENED, 2, most=1)),
    "page: history": Reader(partial(case_pages, tab="history/"), sampled(OPENED, 5, most=1)),
    "page: items": Reader(item_pages, named_items),
    "page: requests": Reader(boxes, requests_of),
    "page: request": Reader(
        request_pages, lambda person: requests_of(person) & set(sample_of_requests(person))
    ),
    "page: notifications": Reader(notices, told_of),
    "page: muted cases": Reader(muted, only(CASES, 1)),
    "page: audit log": Reader(audit_log, logged),
    "page: home": Reader(home, waiting),
    "page: contributions": Reader(partial(titles, address="/contributions/"), contributed),
}
