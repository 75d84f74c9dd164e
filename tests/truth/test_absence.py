"""What may not be seen answers like what never was: the same bytes and headers."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from cases.imports.incidents import Parsed
from cases.services import save_view, stage_import
from sharing.models import Grant, Notification
from tests.truth.recalled import recalled
from tests.truth.seeing import browser
from tests.truth.world import World

PAGES = {
    "/cases/{case}/": ("GET", "HEAD"),
    "/cases/{case}/items/": ("GET", "HEAD"),
    "/cases/{case}/sharing/": ("GET", "HEAD"),
    "/cases/{case}/history/": ("GET", "HEAD"),
    "/cases/{case}/briefing/": ("GET", "HEAD", "POST"),
    "/cases/{case}/series/remove/": ("POST",),
    "/cases/views/{view}/": ("GET", "HEAD", "POST"),
    "/cases/views/{view}/remove/": ("POST",),
    "/cases/import/{batch}/": ("GET", "HEAD"),
    "/cases/import/{batch}/make/": ("POST",),
    "/cases/import/{batch}/undo/": ("POST",),
    "/cases/{case}/edit/": ("GET", "HEAD", "POST"),
    "/cases/{case}/share/": ("GET", "HEAD", "POST"),
    "/cases/{case}/share/panel/": ("POST",),
    "/cases/{case}/share/seen/": ("POST",),
    "/cases/{case}/told/": ("GET", "HEAD", "POST"),
    "/records/{case}/mistake/": ("GET", "HEAD", "POST"),
    "/records/{item}/mistake/": ("GET", "POST"),
    "/recalls/{recall}/": ("GET", "HEAD"),
    "/recalls/{recall}/send/": ("POST",),
    "/recalls/{recall}/incident/": ("GET", "POST"),
    "/receipts/{receipt}/answer/": ("POST",),
    "/incidents/{incident}/": ("GET", "HEAD"),
    "/cases/{case}/items/new/": ("GET", "POST"),
    "/items/{item}/edit/": ("GET", "HEAD", "POST"),
    "/records/{case}/ask/": ("GET", "HEAD", "POST"),
    "/records/{item}/ask/": ("GET", "POST"),
    "/requests/{request}/": ("GET", "HEAD"),
    **{
        f"/requests/{{request}}/{act}/": ("POST",)
        for act in ("approve", "deny", "question", "answer", "withdraw", "attach")
    },
    "/grants/{grant}/revoke/": ("GET", "POST"),
    "/grants/{grant}/narrow/": ("GET", "POST"),
    "/grants/{grant}/acknowledge/": ("GET", "POST"),
    "/grants/{grant}/release/": ("GET", "POST"),
    "/grants/{grant}/renew/": ("GET", "POST"),
    "/notifications/{notification}/read/": ("POST",),
    "/notifications/mute/{case}/": ("POST",),
    "/notifications/unmute/{case}/": ("POST",),
}
CALLS = {
    "/api/v1/cases/{case}": ("GET", "HEAD", "PATCH"),
    "/api/v1/cases/{case}/items": ("GET", "HEAD", "POST"),
    "/api/v1/items/{item}": ("GET", "HEAD", "PATCH"),
    "/api/v1/records/{case}/access": ("GET",),
    "/api/v1/records/{item}/access": ("GET",),
    "/api/v1/share-requests/{request}": ("GET", "HEAD"),
    **{
        f"/api/v1/share-requests/{{request}}/{act}": ("POST",)
        for act in ("approve", "deny", "question", "answer", "withdraw", "attach")
    },
    "/api/v1/grants/{grant}": ("GET", "HEAD"),
    **{
        f"/api/v1/grants/{{grant}}/{act}": ("POST",)
        for act in ("revoke", "acknowledge", "narrow", "renew")
    },
    "/api/v1/notifications/{notification}/read": ("POST",),
}
BODIES: dict[str, dict[str, Any]] = {
    "items": {"kind": "note", "title": "Seen again"},
    "deny": {"reason_code": "safety"},
    "question": {"text": "Which street?"},
    "answer": {"text": "Elm Street"},
    "attach": {"record": str(uuid4())},
    "revoke": {"reason_code": "need_ended"},
    "narrow": {"level": "summary"},
    "renew": {"until": "2099-01-01T00:00:00Z", "reason": "Still working it"},
}
OUTSIDERS = ("stranger", "partner whose access was revoked")
ROLELESS = ("owner's auditor", "portal administrator")
MALFORMED = ("0", "not-an-id", "00000000-0000-0000-0000-00000000000g", "%00")
VARYING = {"date", "x-request-id"}


def targets(world: World) -> dict[str, UUID]:
    """Return one of each sort of thing, of which no outsider may know."""
    sensitive = world.records["sensitive"]
    return {
        "case": sensitive,
        "item": world.records["sensitivecar"],
        "request": world.requests["sensitive to bravo"],
        "view": save_view(world.cast.actor("sam"), name="Open", query="", for_agency=True).pk,
        "batch": tried_import(world),
        "grant": Grant.objects.filter(record_id=sensitive).latest("issued_at").pk,
        "notification": Notification.objects.filter(
            membership=world.cast.posts["sam"].pk
        ).values_list("pk", flat=True)[0],
    }


def tried_import(world: World) -> UUID:
    """Return an import that waits for its sender."""
    sam = world.cast.actor("sam")
    return stage_import(sam, Parsed(), source="template", file_name="march.csv").pk


def target_of(world: World, address: str) -> UUID:
    """Return what the id of an address names, of which no outsider may know."""
    sort = sort_of(address)
    if sort in ("recall", "receipt", "incident"):
        return recalled(world, "sensitive")[sort]
    return targets(world)[sort]


def filled(address: str, target: object) -> str:
    """Return an address with *target* for its id."""
    return re.sub(r"\{\w+\}", str(target), address)


def sent(client: Client, method: str, address: str) -> tuple[int, bytes, dict[str, str], str]:
    """Return everything an answer consists of but what differs between any two answers."""
    options: dict[str, Any] = {}
    if address.startswith("/api/") and method in ("POST", "PATCH"):
        body = BODIES.get(address.rsplit("/", 1)[-1], {})
        said = body if method == "POST" else {"title": "Another"}
        options = {
            "data": said,
            "content_type": "application/json",
            "headers": {"If-Match": '"1"'} if method == "PATCH" else {},
        }
    answer = getattr(client, method.lower())(address, **options)
    headers = {name: value for name, value in answer.items() if name.lower() not in VARYING}
    return answer.status_code, answer.content, headers, answer.cookies.output()


def begun(world: World, person: str) -> Client:
    """Return a browser whose session has begun, so that no answer is its first."""
    client = browser(world, person)
    client.get("/about/")
    return client


def sort_of(address: str) -> str:
    """Return what the id in an address names."""
    found = re.search(r"\{(\w+)\}", address)
    assert found
    return found[1]


@pytest.mark.parametrize("address", [*PAGES, *CALLS])
@pytest.mark.parametrize("person", OUTSIDERS)
def test_what_is_hidden_answers_like_what_is_not_there(
    world: World, person: str, address: str
) -> None:
    client = begun(world, person)
    hidden, absent = target_of(world, address), uuid4()
    for method in (PAGES | CALLS)[address]:
        nothing = sent(client, method, filled(address, absent))
        assert nothing[0] == 404
        assert sent(client, method, filled(address, hidden)) == nothing


@pytest.mark.parametrize("address", [*PAGES, *CALLS])
def test_what_is_no_id_answers_like_what_is_not_there(world: World, address: str) -> None:
    client = begun(world, "stranger")
    for method in (PAGES | CALLS)[address]:
        nothing = sent(client, method, filled(address, uuid4()))
        for malformed in MALFORMED[: 4 if method == "GET" else 1]:
            assert sent(client, method, filled(address, malformed)) == nothing


@pytest.mark.parametrize("person", ROLELESS)
@pytest.mark.parametrize(
    "address",
    ["/cases/{case}/", "/requests/{request}/", "/api/v1/cases/{case}", "/api/v1/items/{item}"],
)
def test_whoever_reads_no_cases_finds_none_there(world: World, person: str, address: str) -> None:
    client = begun(world, person)
    nothing = sent(client, "GET", filled(address, uuid4()))
    assert nothing[0] == 404
    assert sent(client, "GET", filled(address, target_of(world, address))) == nothing
    assert sent(client, "GET", filled(address, "not-an-id")) == nothing


@pytest.mark.parametrize("address", ["/cases/{case}/", "/items/{item}/edit/"])
def test_the_suspended_are_told_that_they_are_whatever_they_open(
    world: World, address: str
) -> None:
    client = begun(world, "partner of a suspended agency")
    token = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
    told = []
    for target in (uuid4(), target_of(world, address), world.records["deltas"]):
        status, body, headers, _ = sent(client, "GET", filled(address, target))
        told.append((status, token.sub(b"", body), sorted(headers)))
    assert told[0][0] == 403
    assert told == told[:1] * 3


@pytest.mark.parametrize("address", [*PAGES, *CALLS])
def test_the_signed_out_learn_nothing_but_where_to_sign_in(world: World, address: str) -> None:
    hidden, absent = target_of(world, address), uuid4()
    for method in (PAGES | CALLS)[address]:
        answers = []
        for target in (hidden, absent):
            status, body, headers, cookies = sent(Client(), method, filled(address, target))
            place = headers.pop("Location", "").replace(str(target), "ID")
            answers.append((status, body, headers, cookies, place))
        assert answers[0] == answers[1]
        assert answers[0][0] == (401 if address.startswith("/api/") else 302)


@pytest.mark.parametrize("name", ["grants", "ledger-events"])
def test_a_list_narrowed_to_what_is_hidden_is_that_of_nothing(world: World, name: str) -> None:
    client = begun(world, "stranger")
    nothing = sent(client, "GET", f"/api/v1/{name}?record={uuid4()}")
    assert nothing[0] == 200
    assert sent(client, "GET", f"/api/v1/{name}?record={world.records['silent']}") == nothing


def test_an_ask_for_what_is_hidden_is_refused_like_one_for_nothing(world: World) -> None:
    client = begun(world, "stranger")
    asked = {
        "direction": "ask",
        "level": "view",
        "purpose": "criminal_justice",
        "reason": "Same pry marks",
        "until": "2099-01-01T00:00:00Z",
    }
    answers = []
    for record in (uuid4(), world.records["silent"], world.records["sensitive"]):
        answer = client.post(
            "/api/v1/share-requests", asked | {"record": str(record)}, "application/json"
        )
        answers.append((answer.status_code, answer.content))
    assert answers[0][0] == 404
    assert answers == answers[:1] * 3


def test_an_ask_by_number_answers_alike_for_silent_and_mistyped_numbers(world: World) -> None:
    client = begun(world, "granted partner")
    kept = []
    for number in ("ZQ-SILENT-77", "ZQ-SILENT-78", "ZQ-ORDINARY-77"):
        asked = {
            "direction": "ask",
            "agency": "alpha",
            "own_number": number,
            "level": "view",
            "purpose": "criminal_justice",
            "reason": "Same pry marks",
            "until": "2099-01-01T00:00:00Z",
        }
        answer = client.post("/api/v1/share-requests", asked, "application/json")
        row = answer.json()
        for varying in ("id", "number", "own_number", "created_at"):
            row.pop(varying)
        kept.append((answer.status_code, row))
    assert kept[0][0] == 201
    assert kept == kept[:1] * 3
