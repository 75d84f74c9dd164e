"""What makes no sense is told so, by field, and leaves everything as it was."""

from __future__ import annotations

import base64
import json
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from portal.api.parsing import BODY_LIMIT
from tests.api.conftest import API, Caller, patch, post, refused
from tests.api.worlds import CAR, CASE, a_case, an_item, an_offer, state_of_things, terms

NOT_JSON: list[tuple[bytes, int, str]] = [
    (b"{", 400, "body"),
    (b"", 400, "title"),
    (b"[]", 400, "body"),
    (b'"text"', 400, "body"),
    (b"null", 400, "body"),
    (b'{"title": NaN}', 400, "body"),
    (b'{"title": 1e999}', 400, "body"),
    (b'{"title": 123456789012345678901234567890}', 400, "body"),
    (b'{"title": "a", "title": "b"}', 400, "body"),
    (b"\xff\xfe{}", 400, "body"),
    (b"[" * 100_000, 400, "body"),
    (b'{"a":' * 100_000, 400, "body"),
    (b'{"a":' * 21 + b"1" + b"}" * 21, 400, "a"),
    (b'{"title": "a\\u0000b", "type": "burglary"}', 400, "title"),
    (b'{"title": "a\\ud800b", "type": "burglary"}', 400, "title"),
    (b'{"a\\u0000": 1}', 400, "body"),
]


def raw(client: APIClient, address: str, body: bytes, kind: str = "application/json") -> Any:
    return client.generic("POST", API + address, body, content_type=kind)


def test_what_is_not_one_json_object_changes_nothing(caller: Caller) -> None:
    ana = caller("ana")
    before = state_of_things()
    for body, status, field in NOT_JSON:
        found, errors = refused(raw(ana, "cases", body))
        assert (found, field in errors) == (status, True), (body[:60], errors)
    assert state_of_things() == before
    assert raw(ana, "cases", b'{"title": "a", "type": "burglary"}').status_code == 201


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""],
)
def test_a_body_of_another_type_is_refused(caller: Caller, kind: str) -> None:
    assert refused(raw(caller("ana"), "cases", b"title=a", kind)) == (415, None)


def test_a_body_is_bounded(caller: Caller) -> None:
    ana = caller("ana")
    before = state_of_things()
    text = "x" * 1_000_000
    within = post(ana, "cases", {"title": "a", "type": "burglary", "summary": text})
    assert refused(within) == (
        400,
        {"summary": ["Ensure this field has no more than 50000 characters."]},
    )
    beyond = post(ana, "cases", {"title": text, "type": "x" * BODY_LIMIT})
    assert refused(beyond) == (413, None)
    assert state_of_things() == before


def test_unknown_fields_are_refused_everywhere(caller: Caller) -> None:
    ana, sam = caller("ana"), caller("sam")
    case = a_case(ana)
    item, request = an_item(ana, case), an_offer(ana, case)
    before = state_of_things()
    unknown = {"nonsense": ["This is not known here."]}
    for address, body in [
        ("cases", CASE),
        (f"cases/{case}/items", CAR),
        ("share-requests", {"direction": "offer", "record": case, "to": "bravo", **terms()}),
        (f"share-requests/{request}/withdraw", {}),
        ("search", {"text": "garage"}),
    ]:
        assert refused(post(ana, address, {**body, "nonsense": 1})) == (400, unknown), address
    for address in (f"cases/{case}", f"items/{item}"):
        changed = patch(ana, address, {"title": "Other", "nonsense": 1}, 1)
        assert refused(changed) == (400, unknown), address
    conditions = {"conditions": {"nonsense": True}}
    nested = post(sam, f"share-requests/{request}/approve", conditions)
    assert refused(nested) == (400, {"conditions.nonsense": ["This is not known here."]})
    assert state_of_things() == before


@pytest.mark.parametrize(
    "address",
    [
        "cases?nonsense=1",
        "cases?page_size=101",
        "cases?page_size=0",
        "cases?cursor=nonsense",
        "cases?cursor=YXxifGM=",
        "cases?q=%00",
        "cases?status=nonsense",
        "cases?received=perhaps",
        "cases?owner=nobody",
        "share-requests?box=attic",
        "share-requests?cursor=WyJmIiwiMSIsIjIiXQ",
        "grants?record=1",
        "grants?direction=up",
        "agencies?status=nonsense",
        "ledger-events?from=yesterday",
        "ledger-events?record=1",
        "notifications?unread=perhaps",
    ],
)
def test_wrong_parameters_are_refused(caller: Caller, address: str) -> None:
    status, errors = refused(caller("ana").get(API + address))
    assert (status, len(errors)) == (400, 1)


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("agencies", ["f", "a\x00", str(uuid4())]),
        ("agencies", ["f", "a\ud800", str(uuid4())]),
        ("agencies", ["f", "a", "b"]),
        ("agencies", ["x", "a", str(uuid4())]),
        ("agencies", ["f", "a"]),
        ("agencies", 7),
        ("agencies", {}),
        ("share-requests", ["f", "2026-01-01T00:00:00", str(uuid4())]),
        ("share-requests", ["f", "2026-01-01", str(uuid4())]),
        ("share-requests", ["f", "yesterday", str(uuid4())]),
        ("ledger-events", ["f", "one"]),
        ("ledger-events", ["f", "9" * 5000]),
    ],
)
def test_a_made_up_cursor_is_refused(caller: Caller, address: str, place: Any) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")
    status, errors = refused(caller("ana").get(f"{API}{address}?cursor={cursor}"))
    assert (status, list(errors)) == (400, ["cursor"])


def test_a_cursor_beyond_every_row_ends_the_list(caller: Caller) -> None:
    for address, place in [
        ("agencies", ["f", "zzz", str(uuid4())]),
        ("share-requests", ["f", "0001-01-01T00:00:00Z", str(uuid4())]),
        ("ledger-events", ["f", "0"]),
    ]:
        cursor = base64.urlsafe_b64encode(json.dumps(place).encode()).decode()
        page = caller("ana").get(f"{API}{address}", {"cursor": cursor}).json()
        assert (page["results"], page["next"]) == ([], None), address


def test_right_parameters_are_taken(caller: Caller) -> None:
    ana = caller("ana")
    for address in [
        "cases?q=garage&class=investigation&status=open&type=burglary&owner=alpha&received=false",
        "cases?page_size=100",
        "share-requests?box=inbox",
        f"grants?record={uuid4()}&direction=given&state=active",
        "agencies?status=directory&q=alpha",
        "ledger-events?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z&outcome=done",
        "notifications?unread=true",
    ]:
        assert ana.get(API + address).json()["results"] == [], address


def test_what_a_request_must_say(caller: Caller) -> None:
    ana = caller("ana")
    case = a_case(ana)
    before = state_of_things()
    for body, fields in [
        ({}, {"direction", "level", "purpose", "reason", "until"}),
        ({"direction": "offer", "record": case, **terms()}, {"to"}),
        ({"direction": "offer", "to": "bravo", **terms()}, {"record"}),
        ({"direction": "ask", **terms()}, {"record"}),
        ({"direction": "ask", "agency": "bravo", **terms()}, {"own_number"}),
        ({"direction": "ask", "agency": "nobody", "own_number": "1", **terms()}, {"agency"}),
        ({"direction": "ask", "agency": "bravo", "own_number": "1", "to": "x", **terms()}, {"to"}),
        ({"direction": "offer", "record": case, "to": "nobody", **terms()}, {"to"}),
        ({"direction": "offer", "record": case, "to": {"kind": "agency"}, **terms()}, {"to"}),
        ({"direction": "offer", "record": case, "to": 7, **terms()}, {"to"}),
        ({"direction": "offer", "record": case, "to": "bravo", **terms(level="manage")}, {"level"}),
        ({"direction": "offer", "record": case, "to": "bravo", **terms(items=[])}, {"items"}),
        ({"direction": "offer", "record": case, "to": "bravo", **terms(items="some")}, {"items"}),
        (
            {"direction": "offer", "record": case, "to": "bravo", **terms(items=[str(uuid4())])},
            {"items"},
        ),
        (
            {
                "direction": "offer",
                "record": case,
                "to": "bravo",
                **terms(until="2020-01-01T00:00:00Z"),
            },
            {"until"},
        ),
    ]:
        status, errors = refused(post(ana, "share-requests", body))
        assert (status, set(errors)) == (400, fields), body
    assert state_of_things() == before
