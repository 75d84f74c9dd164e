"""Every address is in the table of readers, changes by a service, or says why it may be open.

An address that is in none of the lists fails here, and so does one that is listed and gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import URLPattern, get_resolver

from portal.api.schema import document
from sharing.models import Record
from tests.truth.readers import READERS
from tests.truth.routes import ADMIN, ADMINISTERED, INTERFACE, OPEN, PAGES, Route
from tests.truth.seeing import browser, told
from tests.truth.world import World

API = "api/v1/"
ROUTES = {**PAGES, **OPEN, **ADMIN}
ALL = {**ROUTES, **INTERFACE}


def patterns(found: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every address with its view."""
    for pattern in found:
        address = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            yield address, pattern.callback
        else:
            yield from patterns(pattern.url_patterns, address)


def addresses() -> dict[str, Any]:
    """Return every address that is not a call of the interface, with its view."""
    everything = dict(patterns(get_resolver().url_patterns))
    return {one: view for one, view in everything.items() if not hasattr(view, "actions")}


def calls() -> set[str]:
    """Return every call of the interface: its method and its address as the description has it."""
    found = set()
    for address, view in patterns(get_resolver().url_patterns):
        plain = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", address.removeprefix(f"{API}^"))
        plain = plain.removesuffix("/?$").replace("{pk}", "{id}")
        methods = set(getattr(view, "actions", ())) - {"head"}
        found |= {f"{method.upper()} {plain}" for method in methods}
    return found


def test_every_page_is_in_the_table_or_declared() -> None:
    assert set(addresses()) == set(ROUTES)


def test_every_call_is_in_the_table_or_declared() -> None:
    assert calls() == set(INTERFACE)


def test_the_description_names_every_call_and_no_other() -> None:
    described = {
        f"{method.upper()} {address.removeprefix(f'/{API}')}"
        for address, methods in document()["paths"].items()
        for method in methods
    }
    assert described == set(INTERFACE)


def test_every_address_says_one_thing_of_itself() -> None:
    unclear = [
        address
        for address, route in ALL.items()
        if bool(route.declared) == bool(route.shows or route.changes)
    ]
    assert unclear == []


def test_every_reader_that_an_address_names_is_in_the_table_and_each_is_named() -> None:
    named = {reader for route in ALL.values() for reader in route.shows}
    served = {one for one in READERS if one.startswith(("api:", "page:", "form:", "link"))}
    assert named == served


@pytest.mark.parametrize(
    "service", sorted({service for route in ALL.values() for service in route.changes})
)
def test_every_service_that_an_address_names_is_one(service: str) -> None:
    module, _, name = service.rpartition(".")
    assert callable(getattr(import_module(module), name))


def test_only_what_is_declared_opens_without_signing_in() -> None:
    unguarded = {
        address
        for address, view in addresses().items()
        if getattr(view, "login_required", True) is False
    }
    assert unguarded <= set(OPEN)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_sends_whoever_is_signed_out_to_sign_in(world: World, address: str) -> None:
    filled = re.sub(r"<uuid:\w+>", str(uuid4()), address)
    filled = re.sub(r"<(slug|str):(\w+)>", r"x\2", re.sub(r"<int:\w+>", "1", filled))
    answer = Client().get(f"/{filled}")
    assert answer.status_code == 302
    assert answer["Location"].split("?")[0] in ("/account/login/", "/demo/")


@pytest.mark.parametrize("call", INTERFACE)
def test_a_call_tells_whoever_is_signed_out_nothing(world: World, call: str) -> None:
    method, _, address = call.partition(" ")
    filled = address.replace("{id}", str(uuid4())).replace("{name}", "later")
    answer = getattr(Client(), method.lower())(f"/{API}{filled}")
    assert answer.status_code == 401


def test_what_is_declared_tells_of_no_record(world: World) -> None:
    plain = {"/", *(one for one, route in ALL.items() if fixed(one, route))}
    for person in ("stranger", "portal administrator"):
        client = browser(world, person)
        for address in plain - {"/"}:
            path = address.replace("GET ", API).removesuffix("/?$").replace("^", "")
            assert told(world, client.get(f"/{path}")) == set(), (person, address)


def fixed(address: str, route: Route) -> bool:
    """Return whether an address is declared and has no part to fill in."""
    return bool(route.declared) and not re.search(r"[<({]|logout", address)


def test_the_administration_shows_no_record(world: World) -> None:
    client = browser(world, "portal administrator")
    for model in ADMINISTERED:
        answer = client.get(f"/admin/agencies/{model}/")
        assert answer.status_code == 200
        assert told(world, answer) == set()
    record = ContentType.objects.get_for_model(Record)
    ids = (world.records["ordinary"], uuid4())
    answers = [client.get(f"/admin/r/{record.pk}/{one}/") for one in ids]
    assert [answer.status_code for answer in answers] == [404, 404]
