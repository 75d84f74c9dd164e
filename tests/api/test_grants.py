"""Grants through the interface: given, confirmed, narrowed, asked for again, revoked."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import API, Caller, post, refused
from tests.api.worlds import (
    CAR,
    a_case,
    a_grant,
    an_item,
    made,
    state_of_things,
    terms,
)
from tests.cast import Cast, in_days

END = {"reason_code": "need_ended"}


def rows(client: Any, query: str = "") -> list[str]:
    return [row["id"] for row in client.get(f"{API}grants{query}").json()["results"]]


def test_both_sides_see_what_was_given_while_it_lasts(caller: Caller) -> None:
    ana, bo = caller("ana"), caller("bo")
    case, other = a_case(ana), a_case(ana)
    grant, second = a_grant(caller, case), a_grant(caller, other)
    assert rows(ana) == rows(bo) == [second, grant]
    assert rows(ana, f"?record={case}&direction=given&state=active") == [grant]
    assert rows(bo, "?direction=received") == [second, grant]
    assert rows(bo, "?direction=given") == rows(ana, "?direction=received") == []
    made(post(ana, f"grants/{grant}/revoke", END))
    assert rows(ana, "?state=ended") == [grant]
    assert rows(ana) == [second, grant]
    assert rows(bo) == [second]
    assert refused(bo.get(f"{API}grants/{grant}")) == (404, None)
    row = made(ana.get(f"{API}grants/{grant}"))
    assert (row["state"], row["reason_code"]) == ("revoked", "need_ended")
    assert row["ended_at"] is not None


def test_standing_access_is_offered_listed_and_ended(caller: Caller) -> None:
    ana, sam, bo = caller("ana"), caller("sam"), caller("bo")
    case = a_case(ana, findability="listed")
    hidden = a_case(ana)
    offer = {"direction": "offer", "category": "investigation", "to": "bravo", **terms()}
    request = made(post(ana, "share-requests", offer))["id"]
    assert refused(bo.get(f"{API}cases/{case}")) == (404, None)
    made(post(sam, f"share-requests/{request}/approve"))
    assert bo.get(f"{API}cases/{case}").json()["level"] == "view"
    assert refused(bo.get(f"{API}cases/{hidden}")) == (404, None)
    [grant] = rows(bo)
    row = made(ana.get(f"{API}grants/{grant}"))
    assert (row["kind"], row["record"], row["items"]) == ("standing", None, "all")
    whole = a_grant(caller, hidden)
    assert rows(ana) == [whole, grant]
    page = ana.get(f"{API}grants?page_size=1").json()
    following = ana.get(page["next"]).json()
    assert [one["id"] for one in page["results"] + following["results"]] == [whole, grant]
    assert rows(ana, f"?record={hidden}") == [whole]
    assert refused(post(ana, f"grants/{grant}/narrow", {"level": "summary"})) == (403, None)
    made(post(ana, f"grants/{grant}/revoke", END))
    assert refused(bo.get(f"{API}cases/{case}")) == (404, None)


def test_any_reader_of_the_owner_revokes_and_nobody_else(cast: Cast, caller: Caller) -> None:
    ana, bo, stella = caller("ana"), caller("bo"), caller("stella")
    case = a_case(ana)
    grant = a_grant(caller, case)
    ida, before = caller("ida"), state_of_things()
    for client, status in ((bo, 403), (stella, 403), (ida, 404)):
        assert refused(post(client, f"grants/{grant}/revoke", END)) == (status, None)
    wrong = post(ana, f"grants/{grant}/revoke", {"reason_code": "superseded"})
    assert refused(wrong)[0] == 400
    assert state_of_things() == before
    assert bo.get(f"{API}cases/{case}").status_code == 200
    assert made(post(caller("lee"), f"grants/{grant}/revoke", END))["state"] == "revoked"
    assert refused(bo.get(f"{API}cases/{case}")) == (404, None)


def test_acknowledging_opens_contributing_and_only_the_recipient_does(caller: Caller) -> None:
    ana, bo, stella = caller("ana"), caller("bo"), caller("stella")
    case = a_case(ana)
    grant = a_grant(caller, case, level="contribute")
    for client in (ana, bo):
        assert refused(post(client, f"grants/{grant}/acknowledge")) == (403, None)
    assert refused(post(bo, f"cases/{case}/items", CAR))[0] == 403
    row = made(post(stella, f"grants/{grant}/acknowledge", {"contributions": "each"}))
    assert (row["contributions"], row["acknowledged_at"] is not None) == ("each", True)
    added = made(post(bo, f"cases/{case}/items", CAR))
    assert (added["level"], added["withheld"]) == ("manage", True)


def test_narrowing_only_takes_away(caller: Caller) -> None:
    ana, bo = caller("ana"), caller("bo")
    case = a_case(ana)
    first, second = an_item(ana, case), an_item(ana, case)
    grant = a_grant(caller, case)
    before = state_of_things()
    for wider, field in [
        ({"level": "contribute"}, "level"),
        ({"until": in_days(60).isoformat()}, "until"),
        ({"later": "all"}, "later"),
        ({"conditions": {"export": True}}, "export"),
        ({}, "body"),
    ]:
        status, errors = refused(post(ana, f"grants/{grant}/narrow", wider))
        assert (status, list(errors)) == (400, [field])
    stale = post(ana, f"grants/{grant}/narrow", {"level": "summary"}, **{"If-Match": '"9"'})
    assert refused(stale) == (412, None)
    assert refused(post(bo, f"grants/{grant}/narrow", {"level": "summary"})) == (403, None)
    assert state_of_things() == before
    made(post(ana, f"grants/{grant}/narrow", {"items": [second]}))
    items = bo.get(f"{API}cases/{case}/items").json()["results"]
    assert [(row["id"], row["level"]) for row in items] == [(second, "view")]
    given = {
        row["record"]: row["items"]
        for row in ana.get(f"{API}grants?state=active").json()["results"]
    }
    assert given == {case: [second], second: []}
    assert bo.get(f"{API}cases/{case}").json()["level"] == "summary"
    assert refused(bo.get(f"{API}items/{first}")) == (404, None)


@pytest.mark.parametrize("name", ["ana", "bo"])
def test_more_time_is_a_new_request_of_either_side(caller: Caller, name: str) -> None:
    case = a_case(caller("ana"))
    grant = a_grant(caller, case)
    body = {"until": in_days(90).isoformat(), "reason": "Trial was moved."}
    answer = post(caller(name), f"grants/{grant}/renew", body)
    row = made(answer)
    assert answer.status_code == 201
    assert answer["Location"] == f"{API}share-requests/{row['id']}"
    assert (row["direction"], row["record"]) == ("offer" if name == "ana" else "ask", case)
    made(post(caller("sam"), f"share-requests/{row['id']}/approve"))
    states = {one["state"] for one in caller("ana").get(f"{API}grants").json()["results"]}
    assert states == {"active", "superseded"}


def test_who_can_see_a_record_is_open_to_its_readers(caller: Caller) -> None:
    ana, bo = caller("ana"), caller("bo")
    case = a_case(ana)
    grant = a_grant(caller, case)
    number = made(ana.get(f"{API}grants/{grant}"))["request"]["number"]
    for client in (ana, bo):
        own, given = client.get(f"{API}records/{case}/access").json()["results"]
        assert (own["who"]["short_name"], own["who"]["people"], own["why"]) == ("alpha", 3, None)
        assert (given["who"]["short_name"], given["who"]["people"]) == ("bravo", 2)
        assert (given["level"], given["why"]["request"]) == ("view", number)
        assert given["why"]["approved_by"] == "Sam"
    pointer = a_case(ana)
    a_grant(caller, pointer, level="pointer")
    assert refused(bo.get(f"{API}records/{pointer}/access")) == (403, None)
