"""The main job through the interface: ask, decide, read, add, take back, prove."""

from __future__ import annotations

from tests.api.conftest import API, Caller, post, refused
from tests.api.worlds import CASE, PERSON, a_case, an_item, terms
from tests.cast import Cast, in_days


def test_a_partner_asks_by_number_reads_adds_and_loses_it(cast: Cast, caller: Caller) -> None:
    ana, sam, lee = caller("ana"), caller("sam"), caller("lee")
    bo, stella = caller("bo"), caller("stella")
    case = a_case(ana)
    victim = an_item(ana, case, **PERSON)
    an_item(ana, case)
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
    assert refused(bo.get(f"{API}items/{victim}")) == (404, None)

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
