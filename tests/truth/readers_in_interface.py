"""Readers under ``/api/v1/``: what each call answers, and that its body tells nothing else."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.test import Client

from sharing.models import Grant
from tests.truth.reader import (
    Reader,
    grant_in_turn,
    held_by_bravo,
    listed_cases,
    named,
    only,
    sample,
    sample_of_requests,
    sampled,
)
from tests.truth.seeing import Mark, browser, seen
from tests.truth.table import (
    CONTRIBUTIONS,
    MASKED,
    OF_CASE,
    OFFERED,
    TRUTH,
    VICTIMS,
    audited,
    reached,
    requests_of,
)
from tests.truth.world import COMMON, World

API = "/api/v1/"
OPENED = ("ordinary", "sensitive", "silent", "listed", "pointed")
OPENED_ITEMS = ("car", "victim", "hidden", "later", "pawn", "sensitivecar", "listedcar")
EXPLAINED = (*OPENED, "victim", "contribution")
LEVELS = {"own": "manage", "add": "contribute", "full": "view", "masked": "view"}


def rows(
    world: World, person: str, address: str, *, besides: set[Mark] | None = None
) -> list[dict[str, Any]]:
    """Return the rows of all pages of a list, which tell what may be known and *besides*."""
    client, found = browser(world, person), []
    while address:
        answer = seen(world, person, client.get(address), besides=besides)
        assert answer.status_code == 200
        found += answer.json()["results"]
        address = answer.json()["next"]
    return found


def list_of_cases(world: World, person: str, query: str = "") -> set[str]:
    """Return the cases of a list, which its count must equal."""
    client = browser(world, person)
    answer = seen(world, person, client.get(f"{API}cases{query}")).json()
    assert answer["count"] == len(answer["results"])
    return world.names(row["id"] for row in answer["results"])


def pages_of_cases(world: World, person: str) -> set[str]:
    """Return the cases on pages of two, each once."""
    ids = [row["id"] for row in rows(world, person, f"{API}cases?page_size=2")]
    assert len(ids) == len(set(ids))
    return world.names(ids)


def opened(world: World, person: str, noun: str, names: tuple[str, ...]) -> set[str]:
    """Return what answers to its id, each at the level of the table and not more."""
    client, found = browser(world, person), set()
    for name in sample(person, names):
        answer = seen(world, person, client.get(f"{API}{noun}/{world.records[name]}"))
        if answer.status_code != 200:
            assert answer.status_code == 404
            continue
        row = answer.json()
        much = TRUTH[person][name]
        assert row["level"] == LEVELS.get(much, much)
        assert row.get("masked", False) == (noun == "items" and much in (MASKED, "summary"))
        found.add(name)
    return found


def items_of_cases(world: World, person: str) -> set[str]:
    """Return the items listed under the cases that a person reaches; elsewhere there is no list."""
    client, found = browser(world, person), set()
    for case in sample(person, tuple(OF_CASE)):
        answer = seen(world, person, client.get(f"{API}cases/{world.records[case]}/items"))
        assert answer.status_code == (200 if case in reached(person) else 404)
        found |= world.names(row["id"] for row in answer.json().get("results", ()))
    return found


def items_under_known_cases(person: str) -> set[str]:
    """Return the items of which a person may see the summary, in cases that they may know of."""
    cases = set(sample(person, tuple(OF_CASE))) & reached(person)
    return reached(person, 2, tuple(one for case in cases for one in OF_CASE[case]))


def explained(world: World, person: str) -> set[str]:
    """Return the records whose readers are listed; contact only is refused, the rest is absent."""
    client, found = browser(world, person), set()
    for name in sample(person, EXPLAINED):
        answer = seen(world, person, client.get(f"{API}records/{world.records[name]}/access"))
        if name in reached(person, 2):
            assert answer.status_code == 200
            found.add(name)
        else:
            assert answer.status_code == (403 if name in reached(person) else 404)
    return found


def searched(world: World, person: str, text: str) -> set[str]:
    """Return what search finds; its count and facets must agree."""
    client: Client = browser(world, person)
    sent = client.post(f"{API}search", {"text": text}, content_type="application/json")
    answer = seen(world, person, sent).json()
    sizes = {answer["count"], *(sum(sorts.values()) for sorts in answer["facets"].values())}
    assert sizes == {len(answer["results"])}
    return world.names(row["id"] for row in answer["results"])


def requests(world: World, person: str) -> set[str]:
    """Return all requests; whoever had an access keeps the id under which it knew the record."""
    kept = {("id", OFFERED[one]) for one in requests_of(person) if one in OFFERED}
    found = rows(world, person, f"{API}share-requests?page_size=100", besides=kept)
    return world.asked(row["id"] for row in found)


def one_request(world: World, person: str) -> set[str]:
    """Return the requests that answer to their id."""
    client, found = browser(world, person), set()
    for name in sample_of_requests(person):
        answer = client.get(f"{API}share-requests/{world.requests[name]}")
        seen(world, person, answer, besides={("id", OFFERED.get(name, ""))})
        assert answer.status_code in (200, 404)
        found |= {name} if answer.status_code == 200 else set()
    return found


def one_grant(world: World, person: str) -> set[str]:
    """Return the record of a grant that answers to its id."""
    name = grant_in_turn(person)
    given = Grant.objects.filter(roster_id=world.cast.id("bravo"))
    answer = browser(world, person).get(
        f"{API}grants/{given.get(record_id=world.records[name]).pk}"
    )
    assert seen(world, person, answer).status_code in (200, 404)
    return {name} if answer.status_code == 200 else set()


def grants(world: World, person: str) -> set[str]:
    """Return the records of which grants are listed."""
    found = rows(world, person, f"{API}grants?page_size=100")
    return world.names(row["record"] for row in found if row["record"])


def granted(person: str) -> set[str]:
    """Return the records that a person gave or holds by name, and not under another's cover."""
    chosen = ("car", "victim") if person == "partner with chosen items" else ()
    given = ("car", "victim") if person.startswith("owner's") else ()
    by_name = ("ordinary", "sensitive", "pointed", *CONTRIBUTIONS, *chosen, *given)
    return reached(person, 1, by_name)


def notified(world: World, person: str) -> set[str]:
    """Return the kinds of what was told."""
    return {row["kind"] for row in rows(world, person, f"{API}notifications?page_size=100")}


def kinds_told(person: str) -> set[str]:
    """Return what happened to a person's agency or to what it may know of."""
    return KINDS.get(person) or ({"grant.issued"} if person in READ_FROM_OTHERS else set())


def audit_log(world: World, person: str) -> set[str]:
    """Return every record that the audit log names."""
    client, found = browser(world, person), set()
    address = f"{API}ledger-events?page_size=100"
    while address:
        answer = client.get(address).json()
        found |= {one["id"] for row in answer["results"] for one in row["records"]}
        address = answer["next"]
    return world.names(found)


CONTRIBUTED = {"grant.issued", "record.contributed"}
KINDS = {
    "owner's analyst": {*CONTRIBUTED, "request.approved"},
    "owner's analyst below the ceiling": CONTRIBUTED,
    "owner's supervisor": {
        *CONTRIBUTED,
        *("grant.acknowledged", "record.protected_waiting", "request.received"),
    },
    "owner's duty desk": {*CONTRIBUTED, "request.received"},
    "granted partner's supervisor": {"grant.acknowledge_needed"},
    "partner whose access was revoked": {"grant.revoked"},
    "contributor whose access was revoked": {"grant.revoked"},
    "that contributor's supervisor": {"grant.revoked"},
}
READ_FROM_OTHERS = [
    person
    for person, much in TRUTH.items()
    if set(much.values()) - {"own"} and "owner" not in person
]

READERS: dict[str, Reader] = {
    "api: list of cases": Reader(list_of_cases, listed_cases),
    "api: list of cases narrowed to words": Reader(
        partial(list_of_cases, query=f"?q={COMMON}"), listed_cases
    ),
    "api: pages of cases": Reader(pages_of_cases, listed_cases),
    "api: case": Reader(partial(opened, noun="cases", names=OPENED), sampled(OPENED, 1)),
    "api: item": Reader(
        partial(opened, noun="items", names=OPENED_ITEMS), sampled(OPENED_ITEMS, 1)
    ),
    "api: items of a case": Reader(items_of_cases, items_under_known_cases),
    "api: access explanation": Reader(explained, sampled(EXPLAINED, 2)),
    "api: share-requests": Reader(requests, requests_of),
    "api: share-request": Reader(
        one_request, lambda person: requests_of(person) & set(sample_of_requests(person))
    ),
    "api: grant": Reader(one_grant, held_by_bravo),
    "api: grants": Reader(grants, granted),
    "api: notifications": Reader(notified, kinds_told),
    "api: ledger-events": Reader(audit_log, audited),
    "api: search": Reader(partial(searched, text=COMMON), named),
    "api: search for victims": Reader(partial(searched, text="victim"), only(VICTIMS, 2)),
}
