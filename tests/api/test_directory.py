"""Agencies, what they signed and the task forces they form, through the interface."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from agencies.codetable import code_names, code_table
from agencies.models import Agency
from agencies.services.person import admit_person
from tests.api.conftest import API, Caller, post, refused
from tests.api.worlds import a_case, an_offer, made
from tests.cast import PORTAL, Cast


def names(client: Any, address: str) -> list[str]:
    found = client.get(API + address).json()["results"]
    return [row.get("short_name") or row["name"] for row in found]


@pytest.fixture
def known(cast: Cast) -> Agency:
    """An agency that only the directory knows of."""
    return Agency.objects.create(
        name="Delta Campus Police", ori="ZZ0040000", kind="campus", status="directory"
    )


def test_agencies_on_board_are_for_everyone_and_the_rest_on_request(
    cast: Cast, caller: Caller, known: Agency
) -> None:
    for name in ("ana", "bo", "ida", "cora"):
        client = caller(name)
        assert names(client, "agencies") == ["alpha", "bravo"]
        assert names(client, "agencies?status=directory") == ["Delta Campus Police"]
    ana = caller("ana")
    assert names(ana, "agencies?q=BRAVO") == ["bravo"]
    assert names(ana, "agencies?q=ZZ004&status=directory") == ["Delta Campus Police"]
    assert names(ana, "agencies?q=delta") == []
    row = made(ana.get(f"{API}agencies/{known.pk}"))
    assert (row["short_name"], row["ori"], row["kind"]) == (None, "ZZ0040000", "campus")


def test_pages_of_agencies_lead_on_and_back(cast: Cast, caller: Caller) -> None:
    for name in ("charlie", "delta", "echo"):
        cast.agency(name)
    ana = caller("ana")
    first = ana.get(f"{API}agencies?page_size=2").json()
    second = ana.get(first["next"]).json()
    third = ana.get(second["next"]).json()
    pages = [[row["short_name"] for row in page["results"]] for page in (first, second, third)]
    assert pages == [["alpha", "bravo"], ["charlie", "delta"], ["echo"]]
    assert (first["previous"], third["next"]) == (None, None)
    back = ana.get(third["previous"]).json()
    assert [row["short_name"] for row in back["results"]] == ["charlie", "delta"]
    assert [row["short_name"] for row in ana.get(back["previous"]).json()["results"]] == [
        "alpha",
        "bravo",
    ]


def test_an_agreement_is_for_its_parties(cast: Cast, caller: Caller) -> None:
    cast.agency("charlie")
    cast.person("carl", "charlie", "analyst")
    agreement = cast.agreements["M1"]
    for name in ("ana", "bo"):
        row = made(caller(name).get(f"{API}agreements/{agreement.pk}"))
        assert (row["number"], row["state"], row["level"]) == (
            agreement.number,
            "in_effect",
            "contribute",
        )
        assert [party["short_name"] for party in row["parties"]] == ["alpha", "bravo"]
        listed = caller(name).get(f"{API}agreements").json()["results"]
        assert [one["id"] for one in listed] == [str(agreement.pk)]
    carl = caller("carl")
    assert carl.get(f"{API}agreements").json()["results"] == []
    assert refused(carl.get(f"{API}agreements/{agreement.pk}")) == (404, None)


def test_a_task_force_is_for_the_parties_and_can_receive(cast: Cast, caller: Caller) -> None:
    cast.agency("charlie")
    cast.person("carl", "charlie", "analyst")
    force = cast.task_force("river", "alpha", "M1", "bo")
    ana, bo, carl = caller("ana"), caller("bo"), caller("carl")
    for client in (ana, bo):
        [row] = client.get(f"{API}task-forces").json()["results"]
        assert (row["id"], row["lead"]["short_name"], row["people"]) == (str(force.pk), "alpha", 1)
        assert made(client.get(f"{API}task-forces/{force.pk}")) == row
    assert carl.get(f"{API}task-forces").json()["results"] == []
    assert refused(carl.get(f"{API}task-forces/{force.pk}")) == (404, None)

    case = a_case(ana)
    request = an_offer(ana, case, to="river")
    row = made(post(caller("sam"), f"share-requests/{request}/approve"))
    assert (row["to"]["kind"], row["to"]["short_name"]) == ("task_force", "river")
    assert bo.get(f"{API}cases/{case}").status_code == 200
    assert refused(caller("stella").get(f"{API}cases/{case}")) == (404, None)


def test_every_code_table_is_read_by_name(caller: Caller) -> None:
    ana = caller("ana")
    for name in code_names():
        table = made(ana.get(f"{API}codes/{name}"))
        assert (table["name"], len(table["values"])) == (name, len(code_table(name)["values"]))


def test_a_session_without_a_post_reads_nothing_and_breaks_nothing(cast: Cast) -> None:
    admin = admit_person(PORTAL, email="pat@portal.example", name="Pat", is_administrator=True)
    browser = Client()
    browser.force_login(admin)
    assert browser.get(API + "me").json()["hat"] is None
    for address in (
        "cases",
        "share-requests",
        "grants",
        "agreements",
        "task-forces",
        "notifications",
        "ledger-events",
    ):
        answer = browser.get(API + address)
        assert (answer.status_code, answer.json()["results"]) == (200, []), address
    assert names(browser, "agencies") == ["alpha", "bravo"]
