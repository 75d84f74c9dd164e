"""The main job through the interface: ask, decide, read, add, take back, prove."""

from __future__ import annotations

from typing import Any

from rest_framework.test import APIClient

from tests.api.conftest import API, Caller, post, refused
from tests.cast import Cast, in_days

CASE = {
    "title": "Garage burglaries",
    "summary": "Four entries with the same pry marks.",
    "type": "burglary",
    "own_number": "24-1832",
    "sensitivity": "sensitive",
    "findability": "contact_only",
}
PERSON = {
    "kind": "person",
    "title": "Vera Vale",
    "role": "victim",
    "fields": {"given": "Vera", "surname": "Vale"},
}
CAR = {"kind": "vehicle", "title": "Blue Civic", "role": "seen", "fields": {"plate": "7ABC123"}}


def terms(**changes: Any) -> dict[str, Any]:
    return {
        "level": "view",
        "purpose": "criminal_justice",
        "for_case": "BR-77",
        "reason": "Same pry marks on four entries in our county.",
        "until": in_days(30).isoformat(),
        "items": "all",
        "later": "except_protected",
        **changes,
    }


def a_case_with_items(client: APIClient) -> tuple[str, list[str]]:
    """Return the ids of a new case and of a victim and a car in it."""
    made = post(client, "cases", CASE)
    assert made.status_code == 201, made.content
    case = made.json()["id"]
    items = [post(client, f"cases/{case}/items", item) for item in (PERSON, CAR)]
    assert [item.status_code for item in items] == [201, 201], items[0].content
    return case, [item.json()["id"] for item in items]


def approved(caller: Caller, case: str, **changes: Any) -> dict[str, Any]:
    """Return the request that Ana offers to Bravo and Sam approves."""
    offer = {"direction": "offer", "record": case, "to": "bravo", **terms(**changes)}
    made = post(caller("ana"), "share-requests", offer)
    assert made.status_code == 201, made.content
    answer = post(caller("sam"), f"share-requests/{made.json()['id']}/approve")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_a_partner_asks_by_number_reads_adds_and_loses_it(cast: Cast, caller: Caller) -> None:
    ana, sam, lee = caller("ana"), caller("sam"), caller("lee")
    bo, stella = caller("bo"), caller("stella")
    case, items = a_case_with_items(ana)
    assert refused(bo.get(f"{API}cases/{case}")) == (404, None)

    ask = {"direction": "ask", "agency": "alpha", "own_number": "24-1832"}
    asked = post(bo, "share-requests", {**ask, **terms(level="contribute")})
    assert asked.status_code == 201, asked.content
    request = asked.json()["id"]
    assert (asked.json()["record"], asked.json()["state"]) == (None, "submitted")

    assert post(lee, f"share-requests/{request}/question", {"text": "Which?"}).status_code == 200
    assert post(bo, f"share-requests/{request}/answer", {"text": "Garages."}).status_code == 200
    assert post(lee, f"share-requests/{request}/attach", {"record": case}).status_code == 200
    decided = post(sam, f"share-requests/{request}/approve", {"until": in_days(20).isoformat()})
    assert decided.json()["state"] == "approved_conditional"
    assert bo.get(f"{API}share-requests/{request}").json()["record"] == case

    read = bo.get(f"{API}cases/{case}").json()
    assert (read["level"], read["summary"]) == ("contribute", CASE["summary"])
    shown = {
        one["title"]: one["fields"] for one in bo.get(f"{API}cases/{case}/items").json()["results"]
    }
    assert shown == {"Blue Civic": {"plate": "7ABC123"}}
    assert refused(bo.get(f"{API}items/{items[0]}")) == (404, None)

    [grant] = bo.get(f"{API}grants?record={case}").json()["results"]
    note = {"kind": "note", "title": "Seen at our end", "fields": {"text": "Same car."}}
    assert refused(post(bo, f"cases/{case}/items", note))[0] == 403
    assert post(stella, f"grants/{grant['id']}/acknowledge").status_code == 200
    added = post(bo, f"cases/{case}/items", note)
    assert added.status_code == 201, added.content
    titles = [one["title"] for one in ana.get(f"{API}cases/{case}/items").json()["results"]]
    assert titles == ["Vera Vale", "Blue Civic", "Seen at our end"]

    revoked = post(ana, f"grants/{grant['id']}/revoke", {"reason_code": "need_ended"})
    assert revoked.json()["state"] == "revoked"
    gone, never = bo.get(f"{API}cases/{case}"), caller("stella").get(f"{API}nowhere")
    assert refused(gone) == (404, None)
    assert gone.content == never.content

    log = ana.get(f"{API}ledger-events?record={case}&person=bo@bravo.example").json()["results"]
    assert {line["kind"] for line in log} >= {"record.opened", "item.added"}
    [opened] = [line for line in log if line["kind"] == "record.opened"]
    assert opened["agency"]["short_name"] == "bravo"
    assert (opened["level"], opened["purpose"], opened["for_case"]) == (
        "contribute",
        "criminal_justice",
        "BR-77",
    )
    assert opened["basis"]["approved_by"] == "Sam"
