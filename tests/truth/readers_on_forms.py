"""Readers in the browser that lead to a change: forms show what they are about."""

from __future__ import annotations

from functools import partial

from sharing.models import Grant, ShareRequest
from tests.truth.reader import (
    Reader,
    grant_in_turn,
    held_by_bravo,
    sample,
    sample_of_requests,
    sampled,
)
from tests.truth.readers_on_pages import OPENED, refusal
from tests.truth.seeing import browser, seen
from tests.truth.table import ITEMS, PEOPLE, reached, requests_of
from tests.truth.world import World

CHANGED_ITEMS = ("car", "victim", "pawn", "sensitivecar", "listedvictim")
GRANT_FORMS = ("revoke", "narrow", "acknowledge", "release", "renew")


def forms(world: World, person: str, address: str, names: tuple[str, ...]) -> set[str]:
    """Return the records of which a form opens; what is known and not one's own says so."""
    client, found = browser(world, person), set()
    for name in sample(person, names, most=1):
        answer = seen(world, person, client.get(address.format(world.records[name])))
        if answer.status_code == 200:
            found.add(name)
        else:
            assert answer.status_code == (403 if name in reached(person) else refusal(person))
    return found


def grant_form(world: World, person: str) -> set[str]:
    """Return the record of which a form about an access opens."""
    grants = Grant.objects.filter(roster_id=world.cast.id("bravo"))
    name = grant_in_turn(person)
    form = GRANT_FORMS[PEOPLE.index(person) % len(GRANT_FORMS)]
    grant = grants.get(record_id=world.records[name])
    answer = browser(world, person).get(f"/grants/{grant.pk}/{form}/")
    assert seen(world, person, answer).status_code in (200, refusal(person))
    return {name} if answer.status_code == 200 else set()


def mail_links(world: World, person: str) -> set[str]:
    """Return the requests to which the link of a mail leads on."""
    numbers = dict(ShareRequest.objects.values_list("pk", "number"))
    client, found = browser(world, person), set()
    for name in sample_of_requests(person):
        key = world.requests[name]
        answer = client.get(f"/r/{numbers[key]}/")
        if answer.status_code == 302:
            assert answer["Location"] == f"/requests/{key}/"
            found.add(name)
    return found


def together(world: World, person: str) -> set[str]:
    """Return the requests that the page of approving several names, each marked alone."""
    client, found = browser(world, person), set()
    for name in sample_of_requests(person):
        key = world.requests[name]
        answer = seen(world, person, client.get(f"/requests/together/?request={key}"))
        found |= {name} if f"/requests/{key}/" in answer.content.decode() else set()
    return found


READERS: dict[str, Reader] = {
    "form: edit a case": Reader(
        partial(forms, address="/cases/{}/edit/", names=OPENED), sampled(OPENED, 5, most=1)
    ),
    "form: share a case": Reader(
        partial(forms, address="/cases/{}/share/", names=OPENED), sampled(OPENED, 5, most=1)
    ),
    "form: add an item": Reader(
        partial(forms, address="/cases/{}/items/new/", names=OPENED), sampled(OPENED, 1, most=1)
    ),
    "form: edit an item": Reader(
        partial(forms, address="/items/{}/edit/", names=CHANGED_ITEMS),
        sampled(CHANGED_ITEMS, 5, most=1),
    ),
    "form: ask for a record": Reader(
        partial(forms, address="/records/{}/ask/", names=(*OPENED, *ITEMS[:3])),
        sampled((*OPENED, *ITEMS[:3]), 1, most=1),
    ),
    "form: change an access": Reader(grant_form, held_by_bravo),
    "form: approve requests together": Reader(
        together, lambda person: requests_of(person) & set(sample_of_requests(person))
    ),
    "link in a mail": Reader(
        mail_links, lambda person: requests_of(person) & set(sample_of_requests(person))
    ),
}
