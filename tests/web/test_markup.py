"""Every page: sound markup, named fields, one main heading, no inline script; and few queries."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import Visit
from cases.services import add_item, make_series, open_case, save_view, stage_import
from sharing.models import Grant, Record, ShareRequest
from sharing.services import ask_by_number, offer_record
from tests.cases.incident_files import of_template
from tests.cast import Cast, shared, terms
from tests.web.conftest import Browser, Burglary
from tests.web.markup import faults_of

MOST_QUERIES = 8
OWN = (
    "/",
    "/queues/decide/",
    "/cases/",
    "/cases/?type=burglary&q=nothing",
    "/cases/?type=burglary&columns=class&columns=opened&density=dense",
    "/cases/import/",
    "/cases/import/{batch}/",
    "/cases/views/?type=burglary",
    "/cases/views/{view}/",
    "/cases/export/?every=1",
    "/cases/series/new/?every=1",
    "{series}",
    "/queues/shared/",
    "/queues/given/",
    "/queues/changed/",
    "/cases/new/",
    "{case}",
    "{case}items/",
    "{case}sharing/",
    "{case}history/",
    "{case}edit/",
    "{case}share/",
    "{case}items/new/?kind=person",
    "{case}items/new/?kind=note",
    "/items/{car}/edit/",
    "/contributions/",
    "/requests/",
    "/requests/?box=sent",
    "/requests/?box=decided",
    "/requests/ask/",
    "/requests/{offer}/",
    "/requests/{ask}/",
    "/requests/standing/",
    "/requests/standing/new/",
    "/grants/{grant}/revoke/",
    "/grants/{grant}/narrow/",
    "/grants/{grant}/release/",
    "/grants/{grant}/renew/",
    "/notifications/",
    "/agencies/",
    "/agencies/{bravo}/",
    "/account/tokens/",
    "/programs/",
    "/directory/",
    "/search/",
    "/search/?q=civic",
    "/ledger/",
    "/account/security/",
    "/account/app/add/",
    "/account/passkeys/add/",
    "/account/password/change/",
    "/account/reauthenticate/",
    "/account/sessions/",
    "/account/unlocked/",
    "/people/{ana}/disable/",
    "/people/{ana}/enable/",
)
THEIRS = (
    "{case}",
    "{case}items/",
    "{case}sharing/",
    "/requests/{ask}/",
    "/records/{id}/ask/",
    "/grants/{grant}/acknowledge/",
)


@pytest.fixture
def addresses(cast: Cast, burglary: Burglary) -> dict[str, Any]:
    """Return the ids that the addresses name, with something to show behind each."""
    record = Record.objects.unrestricted("a test").get(pk=burglary.case.pk)
    grant = shared(cast, record)
    cast.agree("M2", "alpha", "charlie")
    offer = offer_record(
        cast.actor("ana"), record_id=record.pk, roster_id=cast.id("charlie"), terms=terms()
    )
    ask = ask_by_number(
        cast.actor("stella"), agency_id=cast.id("alpha"), own_number="24-1832", terms=terms()
    )
    series = make_series(
        cast.actor("ana"), members=[record.pk], title="Garages at noon", type="burglary"
    )
    return {
        "case": burglary.url,
        "id": burglary.case.pk,
        "car": burglary.car.pk,
        "grant": Grant.objects.get(pk=grant.pk).pk,
        "offer": offer.pk,
        "ask": ask.pk,
        "bravo": cast.id("bravo"),
        "ana": cast.posts["ana"].person_id,
        "view": save_view(cast.actor("sam"), name="Open", query="status=open", for_agency=True).pk,
        "series": f"/cases/{series.pk}/",
        "batch": stage_import(
            cast.actor("sam"), of_template("26-7", bad=1), source="template", file_name=""
        ).pk,
    }


def found_at(client: Client, address: str, ids: dict[str, Any]) -> tuple[int, list[str]]:
    response = client.get(address.format(**ids))
    return response.status_code, faults_of(response.content.decode())


def test_every_page_of_an_owner_is_sound(
    cast: Cast, browse: Browser, addresses: dict[str, Any]
) -> None:
    sam = cast.posts["sam"].person
    sam.set_password("orchard-lantern-77")
    sam.save(update_fields=["password"])
    client = browse("sam")
    found = {address: found_at(client, address, addresses) for address in OWN}
    assert found == dict.fromkeys(OWN, (200, []))


def test_every_page_of_a_partner_is_sound(browse: Browser, addresses: dict[str, Any]) -> None:
    client = browse("stella")
    found = {address: found_at(client, address, addresses) for address in THEIRS}
    assert found == dict.fromkeys(THEIRS, (200, []))


def test_pages_that_find_something_to_mend_are_sound(
    browse: Browser, addresses: dict[str, Any]
) -> None:
    client = browse("sam")
    for address in ("/cases/new/", "{case}share/", "/requests/ask/", "/grants/{grant}/revoke/"):
        response = client.post(address.format(**addresses), {"step": "preview"})
        assert (response.status_code, faults_of(response.content.decode())) == (422, []), address


def test_the_pages_of_refusal_are_sound(browse: Browser) -> None:
    response = browse("ash").get("/no/such/address/")
    assert (response.status_code, faults_of(response.content.decode())) == (404, [])


def test_what_is_unsound_is_seen() -> None:
    assert faults_of("<main><h1>A</h1><input name='x'></main>") == ["no label for x"]
    assert faults_of("<main><h1>A</h1><p style='x'>b</p></main>") == ["inline style"]
    assert faults_of("<main><h1>A</h1><h3>b</h3></main>") == ["heading 3 under 1"]
    assert faults_of("<main><h1>A</h1><label for='x'>n</label><input id='x'></main>") == []


def reads(client: Client, address: str) -> int:
    """Return how many statements a page runs, without those that begin and end transactions."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return sum(
        not one["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")) for one in queries
    )


MOST_ON_A_CASE = {"ana": 10, "bo": 11}
"""Four of them say who asks; whoever was given the case asks what that rests on beside."""


@pytest.mark.parametrize("name", MOST_ON_A_CASE)
def test_the_page_of_a_case_runs_few_queries(
    browse: Browser, cast: Cast, burglary: Burglary, name: str
) -> None:
    client = browse(name)
    shared(cast, burglary.case.record)
    assert reads(client, burglary.url) >= reads(client, burglary.url)
    assert reads(client, burglary.url) == MOST_ON_A_CASE[name]


MOST_AT_HOME = 21
"""Home asks of ten queues; each asks the rule, and the names are read once for all of them."""


@pytest.mark.parametrize("name", ["sam", "bo"])
def test_home_and_its_queues_run_few_queries_however_much_waits(
    browse: Browser, cast: Cast, burglary: Burglary, name: str
) -> None:
    client = browse(name)
    shared(cast, burglary.case.record)
    Visit.objects.create(membership=cast.posts[name], since=cast.posts[name].started_at)
    addresses = ("/", "/queues/shared/", "/queues/given/", "/queues/changed/")
    for address in addresses:
        client.get(address)
    few = [reads(client, address) for address in addresses]
    for number in range(6):
        case = open_case(cast.actor("ana"), title=f"Series {number}", type="robbery")
        shared(cast, case.record)
        add_item(cast.actor("ana"), case.pk, kind="vehicle", title="Blue Civic")
    assert [reads(client, address) for address in addresses] == few
    assert few[0] <= MOST_AT_HOME
    assert max(few[1:3]) <= MOST_QUERIES


@pytest.mark.parametrize("name", ["ana", "bo"])
def test_the_list_of_cases_runs_few_queries_however_long_it_is(
    browse: Browser, cast: Cast, burglary: Burglary, name: str
) -> None:
    client = browse(name)
    shared(cast, Record.objects.unrestricted("a test").get(pk=burglary.case.pk))
    save_view(cast.actor(name), name="Open", query="status=open")
    client.get("/cases/")
    few = reads(client, "/cases/")
    for number in range(12):
        case = open_case(cast.actor("ana"), title=f"Series {number}", type="robbery")
        shared(cast, case.record)
    assert (few, reads(client, "/cases/")) == (few, few)
    assert few <= MOST_QUERIES


def test_the_list_of_requests_runs_few_queries_however_long_it_is(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    client = browse("sam")
    client.get("/requests/?box=decided")
    shared(cast, burglary.case.record)
    few = reads(client, "/requests/?box=decided")
    for number in range(6):
        case = open_case(cast.actor("ana"), title=f"Series {number}", type="robbery")
        shared(cast, case.record)
    assert ShareRequest.objects.count() == 7
    assert (few, reads(client, "/requests/?box=decided")) == (few, few)
    assert few <= MOST_QUERIES
