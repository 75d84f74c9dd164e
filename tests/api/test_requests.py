"""Sharing requests through the interface: who may do what, and what an asker never learns."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import API, Caller, post, refused
from tests.api.worlds import (
    PERSON,
    a_case,
    an_item,
    an_offer,
    made,
    state_of_things,
    terms,
)
from tests.cast import Cast, in_days

VARIES = {"id", "number", "created_at", "due_at", "until", "own_number"}


def an_ask(client: Any, number: str, **changes: Any) -> dict[str, Any]:
    """Return an ask by number of Alpha."""
    ask = {"direction": "ask", "agency": "alpha", "own_number": number, **terms(), **changes}
    return made(post(client, "share-requests", ask))


def test_an_ask_by_number_is_answered_alike_whatever_is_there(caller: Caller) -> None:
    ana, sam, lee, bo = (caller(name) for name in ("ana", "sam", "lee", "bo"))
    known = a_case(ana, own_number="24-1")
    a_case(ana, own_number="24-2", findability="silent")
    asked = [an_ask(bo, number) for number in ("24-1", "24-2", "24-3")]
    same = [{name: row[name] for name in row if name not in VARIES} for row in asked]
    assert same[0] == same[1] == same[2]
    assert same[0]["record"] is None

    made(post(lee, f"share-requests/{asked[0]['id']}/attach", {"record": known}))
    seen = [made(bo.get(f"{API}share-requests/{row['id']}")) for row in asked]
    after = [{name: row[name] for name in row if name not in VARIES} for row in seen]
    assert after[0] == after[1] == after[2] == same[0]

    reason = {"reason_code": "no_need_to_know"}
    for row in asked:
        told = refused(post(sam, f"share-requests/{row['id']}/deny", reason))
        assert told == (
            400,
            {"reason_code": ["This reason is not offered for this request."]},
        )
        denied = made(
            post(sam, f"share-requests/{row['id']}/deny", {"reason_code": "nothing_releasable"})
        )
        assert (denied["state"], denied["reason_code"]) == ("denied", "nothing_releasable")


def test_nobody_but_a_supervisor_of_the_owner_decides(cast: Cast, caller: Caller) -> None:
    ana, bo, sam = caller("ana"), caller("bo"), caller("sam")
    ask = an_ask(bo, "24-1")["id"]
    offer = an_offer(ana, a_case(ana))
    stella, lee = caller("stella"), caller("lee")
    before = state_of_things()
    for client, request, expected in [
        (lee, ask, 403),
        (bo, ask, 403),
        (stella, ask, 403),
        (ana, ask, 404),
        (ana, offer, 403),
        (lee, offer, 403),
        (bo, offer, 404),
        (stella, offer, 404),
    ]:
        for action, body in (("approve", {}), ("deny", {"reason_code": "nothing_releasable"})):
            answer = post(client, f"share-requests/{request}/{action}", body)
            assert refused(answer) == (expected, None), (request, action)
            assert ("reason" in answer.json()) == (expected == 403)
    assert state_of_things() == before
    assert made(post(sam, f"share-requests/{offer}/approve"))["state"] == "approved"
    denial = {"reason_code": "nothing_releasable"}
    assert made(post(sam, f"share-requests/{ask}/deny", denial))["state"] == "denied"


def test_nobody_approves_their_own_request(caller: Caller) -> None:
    sam = caller("sam")
    own = an_offer(sam, a_case(sam))
    answer = post(sam, f"share-requests/{own}/approve")
    assert refused(answer) == (403, None)
    assert answer.json()["code"] == "own_request"


@pytest.mark.parametrize(
    ("less", "state"),
    [
        ({}, "approved"),
        ({"items": "all", "later": "except_protected", "level": "view"}, "approved"),
        ({"level": "summary"}, "approved_conditional"),
        ({"later": "no"}, "approved_conditional"),
        ({"until": in_days(7).isoformat()}, "approved_conditional"),
        ({"conditions": {"export": True}}, "approved_conditional"),
        ({"items": ["car"]}, "partly_approved"),
    ],
)
def test_a_supervisor_approves_or_approves_less(
    caller: Caller, less: dict[str, Any], state: str
) -> None:
    ana, sam, bo = caller("ana"), caller("sam"), caller("bo")
    case = a_case(ana)
    items = {"car": an_item(ana, case), "victim": an_item(ana, case, **PERSON)}
    if isinstance(less.get("items"), list):
        less = {"items": [items[name] for name in less["items"]]}
    request = an_offer(ana, case)
    decided = made(post(sam, f"share-requests/{request}/approve", less))
    assert decided["state"] == state
    assert decided["decided_by"] == {"name": "Sam", "email": "sam@alpha.example"}
    shown = [row["id"] for row in bo.get(f"{API}cases/{case}/items").json()["results"]]
    assert shown == [items["car"]]


def test_what_is_decided_is_not_decided_again(caller: Caller) -> None:
    ana, sam = caller("ana"), caller("sam")
    request = an_offer(ana, a_case(ana))
    made(post(ana, f"share-requests/{request}/withdraw"))
    before = state_of_things()
    for client, action, body in [
        (sam, "approve", {}),
        (sam, "deny", {"reason_code": "no_need_to_know"}),
        (ana, "withdraw", {}),
        (sam, "question", {"text": "Why?"}),
        (ana, "answer", {"text": "Because."}),
    ]:
        assert refused(post(client, f"share-requests/{request}/{action}", body)) == (409, None)
    assert state_of_things() == before


def test_a_question_and_its_answer_are_for_both_sides(caller: Caller) -> None:
    sam, bo, stella = caller("sam"), caller("bo"), caller("stella")
    request = an_ask(bo, "24-1")["id"]
    assert refused(post(bo, f"share-requests/{request}/question", {"text": "?"})) == (403, None)
    asked = made(post(sam, f"share-requests/{request}/question", {"text": "Which garage?"}))
    assert asked["state"] == "info_needed"
    assert refused(post(sam, f"share-requests/{request}/answer", {"text": "!"})) == (403, None)
    made(post(stella, f"share-requests/{request}/answer", {"text": "The north one."}))
    for client in (sam, bo):
        row = made(client.get(f"{API}share-requests/{request}"))
        assert [(note["kind"], note["text"]) for note in row["notes"]] == [
            ("question", "Which garage?"),
            ("answer", "The north one."),
        ]
        assert row["state"] == "under_review"


def test_a_box_holds_what_its_name_says(caller: Caller) -> None:
    ana, sam, bo = caller("ana"), caller("sam"), caller("bo")
    case = a_case(ana)
    offer, ask = an_offer(ana, case), an_ask(bo, "24-1")["id"]
    denied = an_ask(bo, "24-2")["id"]
    made(post(sam, f"share-requests/{denied}/deny", {"reason_code": "nothing_releasable"}))

    def box(client: Any, name: str) -> list[str]:
        rows = client.get(f"{API}share-requests{name}").json()["results"]
        return [row["id"] for row in rows]

    assert box(sam, "?box=inbox") == [ask, offer]
    assert box(sam, "?box=sent") == [offer]
    assert box(sam, "?box=decided") == [denied]
    assert box(sam, "") == [denied, ask, offer]
    assert box(bo, "?box=inbox") == []
    assert box(bo, "?box=sent") == [ask]
    assert box(bo, "") == [denied, ask]
    first = sam.get(f"{API}share-requests?page_size=2").json()
    rest = sam.get(first["next"]).json()
    assert [row["id"] for row in rest["results"]] == [offer]
    assert [row["id"] for row in sam.get(rest["previous"]).json()["results"]] == [denied, ask]


def test_without_an_agreement_nothing_is_asked_or_offered(cast: Cast, caller: Caller) -> None:
    cast.agency("charlie")
    ana = caller("ana")
    case = a_case(ana)
    before = state_of_things()
    for body in (
        {"direction": "offer", "record": case, "to": "charlie", **terms()},
        {"direction": "ask", "agency": "charlie", "own_number": "1", **terms()},
        {"direction": "offer", "record": case, "to": "bravo", **terms(purpose="intelligence")},
    ):
        answer = post(ana, "share-requests", body)
        assert refused(answer) == (409, None)
        assert answer.json()["code"] == "outside_agreement"
    assert state_of_things() == before


@pytest.mark.parametrize(
    ("to", "found"),
    [
        ("bravo", "agency"),
        ("BRAVO", "agency"),
        ("bo@bravo.example", "person"),
        ({"kind": "agency", "short_name": "bravo"}, "agency"),
        ({"kind": "person", "email": "Bo@bravo.example", "agency": "bravo"}, "person"),
        ({"kind": "agency", "id": "agency"}, "agency"),
        ({"id": "person"}, "person"),
    ],
)
def test_a_recipient_is_named_in_many_ways(cast: Cast, caller: Caller, to: Any, found: str) -> None:
    ids = {"agency": str(cast.id("bravo")), "person": str(cast.posts["bo"].pk)}
    if isinstance(to, dict) and "id" in to:
        to = {**to, "id": ids[to["id"]]}
    ana = caller("ana")
    row = made(ana.get(f"{API}share-requests/{an_offer(ana, a_case(ana), to=to)}"))
    assert (row["to"]["kind"], row["to"]["id"]) == (found, ids[found])


def test_a_person_of_several_posts_is_named_with_an_agency(cast: Cast, caller: Caller) -> None:
    cast.agency("charlie")
    cast.agree("M2", "alpha", "charlie")
    cast.person("bobby", "charlie", "analyst", also="bo")
    ana = caller("ana")
    case = a_case(ana)
    offer = {"direction": "offer", "record": case, "to": "bo@bravo.example", **terms()}
    assert refused(post(ana, "share-requests", offer)) == (
        400,
        {"to": ["This person has several posts; name the agency as well."]},
    )
    named = {"email": "bo@bravo.example", "agency": "charlie"}
    row = made(post(ana, "share-requests", {**offer, "to": named}))
    assert row["to"]["agency"] == "charlie"


def test_what_one_received_is_not_passed_on(cast: Cast, caller: Caller) -> None:
    cast.agency("charlie")
    cast.agree("M3", "bravo", "charlie")
    ana, bo, sam = caller("ana"), caller("bo"), caller("sam")
    case = a_case(ana)
    made(post(sam, f"share-requests/{an_offer(ana, case)}/approve"))
    before = state_of_things()
    onward = {"direction": "offer", "record": case, "to": "charlie", **terms()}
    answer = post(bo, "share-requests", onward)
    assert (refused(answer), answer.json()["code"]) == ((403, None), "onward")
    assert state_of_things() == before
    own = a_case(bo)
    assert post(bo, "share-requests", {**onward, "record": own}).status_code == 201
