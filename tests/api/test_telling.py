"""Notifications, the audit log and search through the interface."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.courier import deliver_batch
from ledger.models import Event
from tests.api.conftest import API, Caller, patch, post, refused
from tests.api.worlds import (
    PERSON,
    a_case,
    a_grant,
    an_item,
    an_offer,
    made,
)
from tests.cast import Cast

END = {"reason_code": "need_ended"}


def told(client: Any, query: str = "") -> list[tuple[str, bool]]:
    """Return what a caller was told, and whether they read it."""
    while deliver_batch():
        pass
    rows = client.get(f"{API}notifications{query}").json()["results"]
    return [(row["kind"], row["read_at"] is not None) for row in rows]


def test_each_side_is_told_what_concerns_it_and_may_mark_it_read(caller: Caller) -> None:
    ana, sam, bo = caller("ana"), caller("sam"), caller("bo")
    case = a_case(ana)
    request = an_offer(ana, case)
    assert told(sam) == [("request.received", False)]
    assert told(ana) == told(bo) == []
    made(post(sam, f"share-requests/{request}/approve"))
    assert told(ana) == [("request.approved", False)]
    assert told(bo) == [("grant.issued", False)]
    [row] = ana.get(f"{API}notifications").json()["results"]
    assert row["subject"] == {"kind": "sharerequest", "id": request}
    assert row["why"] == "You get this because it is about what you asked for or were given."

    mine = f"notifications/{row['id']}/read"
    assert refused(post(bo, mine)) == (404, None)
    first = made(post(ana, mine))
    assert first["read_at"] is not None
    assert made(post(ana, mine)) == first
    assert told(ana, "?unread=true") == []
    assert told(ana, "?unread=false") == [("request.approved", True)]
    assert refused(post(ana, "notifications/not-an-id/read")) == (404, None)


def test_whoever_loses_a_case_keeps_only_the_recall(caller: Caller) -> None:
    ana, bo = caller("ana"), caller("bo")
    grant = a_grant(caller, a_case(ana))
    assert told(bo) == [("grant.issued", False)]
    made(post(ana, f"grants/{grant}/revoke", END))
    assert told(bo) == [("grant.revoked", False)]
    [row] = bo.get(f"{API}notifications").json()["results"]
    assert "Garage" not in row["text"]


def kinds(client: Any, query: str) -> list[str]:
    rows = client.get(f"{API}ledger-events{query}").json()["results"]
    return [row["kind"] for row in rows]


def test_the_owner_reads_who_read_and_nobody_else_does(cast: Cast, caller: Caller) -> None:
    ana, ida, bo = caller("ana"), caller("ida"), caller("bo")
    case = a_case(ana)
    a_grant(caller, case)
    bo.get(f"{API}cases/{case}", headers={"X-Purpose": "criminal_justice", "X-Case": "BR-78"})
    refused(caller("stella").get(f"{API}cases/not-an-id"))
    by_bo = f"?record={case}&person=bo@bravo.example"
    for client in (ana, ida):
        assert kinds(client, by_bo) == ["record.opened"]
        assert kinds(client, f"?record={case}&agency=bravo&kind=record.opened") == ["record.opened"]
        [row] = client.get(f"{API}ledger-events{by_bo}").json()["results"]
        assert (row["for_case"], row["channel"], row["acting_as"]) == ("BR-78", "api", ["analyst"])
        assert [one["id"] for one in row["records"]] == [case]
        assert "title" not in row["records"][0]
    assert kinds(bo, by_bo) == []
    assert kinds(caller("cora"), by_bo) == []
    assert kinds(ana, f"{by_bo}&from=2020-01-01T00:00:00Z&to=2021-01-01T00:00:00Z") == []


def test_attempts_that_failed_are_for_the_seniors_of_the_owner(caller: Caller) -> None:
    ana, sam, bo = caller("ana"), caller("sam"), caller("bo")
    case = a_case(ana)
    bo.get(f"{API}cases/{case}")
    patch(bo, f"cases/{case}", {"title": "x"}, 1)
    tried = f"?record={case}&outcome=refused"
    assert kinds(sam, tried) == ["record.refused", "record.refused"]
    assert kinds(ana, tried) == []


def test_pages_of_the_log_give_each_line_once(caller: Caller) -> None:
    ana = caller("ana")
    case = a_case(ana)
    for _ in range(4):
        ana.get(f"{API}cases/{case}")
    whole = ana.get(f"{API}ledger-events?record={case}").json()["results"]
    lines, address = [], f"{API}ledger-events?record={case}&page_size=2"
    while address:
        page = ana.get(address).json()
        lines += page["results"]
        address = page["next"]
    assert lines == whole
    assert len({line["id"] for line in lines}) == len(lines) == 6


def found(client: Any, text: str, **more: Any) -> dict[str, Any]:
    return made(post(client, "search", {"text": text, **more}))


def test_search_finds_what_one_may_see_and_tells_nothing_else(caller: Caller) -> None:
    ana, bo = caller("ana"), caller("bo")
    case = a_case(ana)
    an_item(ana, case, **PERSON)
    car = an_item(ana, case)
    nothing = {
        "results": [],
        "facets": {"kind": {}, "owner": {}},
        "count": 0,
        "count_capped": False,
        "next": None,
    }
    assert found(bo, "garage") == found(bo, "zzzz") == nothing
    a_grant(caller, case)
    [hit] = found(bo, "garage")["results"]
    assert (hit["id"], hit["kind"], hit["level"]) == (case, "case", "view")
    assert [one["id"] for one in found(bo, "7ABC123", kinds=["vehicle"])["results"]] == [car]
    assert found(bo, "7ABC123", kinds=["person"]) == nothing
    assert found(bo, "Vale") == nothing
    assert found(ana, "Vale")["facets"] == {"kind": {"person": 1}, "owner": {"alpha": 1}}


def test_search_says_by_which_identifier_it_found_something(caller: Caller) -> None:
    ana = caller("ana")
    an_item(ana, a_case(ana))
    [exact] = found(ana, "7ABC123")["results"]
    [near] = found(ana, "7abc-123")["results"]
    assert exact["matched"] == "Matched the plate 7ABC123"
    assert near["matched"] == "Matched the plate 7abc-123 as 7ABC123"
    assert {one["matched"] for one in found(ana, "garage")["results"]} == {""}


def test_search_is_on_the_ledger_and_needs_only_reading(caller: Caller) -> None:
    ana = caller("ana")
    case = a_case(ana)
    a_grant(caller, case)
    reader = caller("bo", "read")
    found(reader, "garage")
    event = Event.objects.order_by("-seq").first()
    assert event is not None
    assert (event.kind, [str(one) for one in event.records]) == ("record.listed", [case])
    assert refused(post(caller("bo", "write"), "search", {"text": "garage"})) == (403, None)


def test_pages_of_hits_lead_on(caller: Caller) -> None:
    ana = caller("ana")
    cases = {a_case(ana, title=f"Garage {number}") for number in range(51)}
    first = found(ana, "garage")
    second = found(ana, "garage", cursor=first["next"])
    hits = [hit["id"] for hit in first["results"] + second["results"]]
    assert (len(first["results"]), len(hits), set(hits)) == (50, 51, cases)
    assert second["next"] is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": "x" * 201}, "text"),
        ({"text": "x", "kinds": ["nonsense"]}, "kinds.0"),
        ({"text": "x", "kinds": "case"}, "kinds"),
        ({"text": "x", "cursor": "nonsense"}, "cursor"),
        ({"text": "x", "page": 2}, "page"),
    ],
)
def test_what_is_no_search_is_told_so(caller: Caller, body: dict[str, Any], field: str) -> None:
    status, errors = refused(post(caller("ana"), "search", body))
    assert (status, list(errors)) == (400, [field])
