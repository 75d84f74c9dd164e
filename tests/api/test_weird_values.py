"""Every field of every call takes every odd value without falling over.

What a body's own description refuses never reaches a view; what it lets through is sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.urls import resolve
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from portal.api.schema import document
from portal.api.strict import checked
from tests.api.conftest import API, Caller
from tests.api.worlds import a_case, a_grant, an_item, an_offer, terms

ODD: list[Any] = [
    None,
    "",
    " ",
    "all",
    "x" * 5_000,
    "\u202e\u0007",
    "'; DROP TABLE sharing_record; --",
    -1,
    2**53,
    1.5,
    True,
    [],
    {},
    [None],
    [[]],
    {"": {}},
    {"id": "1"},
    {"given": ["x"], "x": {}},
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.999999-14:00",
    "2026-02-30T00:00:00Z",
    "2026-01-01",
    str(uuid4()),
    [str(uuid4())],
    "00000000-0000-0000-0000-000000000000",
    "ana@alpha.example",
    "bravo",
    "manage",
    "Zg==",
    "WyJmIiwiMSJd",
    "WyJmIiwiMSIsIjIiXQ",
    "YXxifGM=",
]
FREE = ["x" * 5_000, "\u202e\u0007", "'; DROP TABLE sharing_record; --"]


def calls(*methods: str) -> list[tuple[str, str]]:
    """Return (method, path) of every call of these methods."""
    found = document()["paths"].items()
    return [(method, path) for path, known in found for method in known if method in methods]


def address(path: str, caller: Caller) -> str:
    """Return the path with the id of a thing of its noun, made now."""
    ana = caller("ana")
    make = {
        "cases": lambda: a_case(ana),
        "items": lambda: an_item(ana, a_case(ana)),
        "grants": lambda: a_grant(caller, a_case(ana)),
        "share-requests": lambda: an_offer(ana, a_case(ana)),
        "records": lambda: a_case(ana),
    }
    noun = path.removeprefix(API).split("/")[0]
    if "{id}" in path:
        path = path.replace("{id}", make.get(noun, lambda: str(uuid4()))())
    return path.replace("{name}", "later")


def plain(path: str) -> dict[str, Any]:
    """Return a body that is right as far as odd values leave it so."""
    ask = {"direction": "ask", "agency": "bravo", "own_number": "1", **terms()}
    bodies: dict[str, dict[str, Any]] = {
        "cases": {"title": "T", "type": "burglary"},
        "items": {"kind": "person", "title": "T"},
        "share-requests": ask,
        "deny": {"reason_code": "no_need_to_know"},
        "revoke": {"reason_code": "need_ended"},
        "renew": {"until": terms()["until"], "reason": "More"},
        "attach": {"record": str(uuid4())},
        "search": {"text": "garage"},
    }
    return bodies.get(path.rsplit("/", 1)[-1], {})


def let_through(fields: Any, rest: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield each field with each odd value that its description lets through.

    A field of free text lets nearly all of them through; three stand for the rest.
    """
    for name, field in fields().fields.items():
        free = type(field) is serializers.CharField and name != "cursor"
        for odd in FREE if free else ODD:
            try:
                checked(fields, {**rest, name: odd})
            except ValidationError:
                continue
            yield name, odd


@pytest.mark.slow
@pytest.mark.parametrize(("method", "path"), calls("post", "patch"))
def test_an_odd_value_in_any_field_is_no_fault(caller: Caller, method: str, path: str) -> None:
    client = caller("sam" if path.endswith(("approve", "deny")) else "ana")
    target, rest = address(path, caller), plain(path)
    found = resolve(target).func
    body = getattr(found.cls, found.actions[method]).call.body
    for name, odd in let_through(body, rest):
        send = getattr(client, method)
        answer = send(target, {**rest, name: odd}, format="json", headers={"If-Match": '"1"'})
        assert answer.status_code < 500, (name, odd)


@pytest.mark.slow
@pytest.mark.parametrize(("method", "path"), calls("get"))
def test_an_odd_value_in_any_parameter_is_no_fault(caller: Caller, method: str, path: str) -> None:
    client, target = caller("ana"), address(path, caller)
    found = resolve(target).func
    query = getattr(found.cls, found.actions["get"]).call.query
    for name, odd in let_through(query, {}):
        answer = client.get(target, {name: odd if isinstance(odd, str) else str(odd)})
        assert answer.status_code < 500, (name, odd)
