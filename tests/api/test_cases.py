"""Cases and items through the interface: what each reader gets of them, and who may change them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError

from agencies.codes import Sensitivity
from ledger.models import Event
from tests.api.conftest import API, Caller, patch, post, refused
from tests.api.worlds import (
    CAR,
    CASE,
    PERSON,
    a_case,
    a_grant,
    an_item,
    made,
    state_of_things,
    terms,
)
from tests.cast import Cast

HIDDEN_FROM_POINTER = {
    "class",
    "title",
    "summary",
    "own_number",
    "type",
    "status",
    "disposition",
    "sensitivity",
    "handling",
    "category",
    "findability",
    "opened_on",
    "touched_at",
    "version",
}


def ids(answer: Any) -> list[str]:
    return [row["id"] for row in answer.json()["results"]]


def nulls(row: dict[str, Any]) -> set[str]:
    return {name for name, value in row.items() if value is None}


def test_a_new_case_is_what_was_said_and_what_follows_from_it(caller: Caller) -> None:
    ana = caller("ana")
    answer = post(ana, "cases", {"title": "Entry", "type": "burglary"})
    row = made(answer)
    assert answer["Location"] == f"{API}cases/{row['id']}"
    said = ("title", "type", "class", "status", "findability", "sensitivity", "level", "received")
    assert {name: row[name] for name in said} == {
        "title": "Entry",
        "type": "burglary",
        "class": "investigation",
        "status": "open",
        "findability": "listed",
        "sensitivity": "sensitive",
        "level": "manage",
        "received": False,
    }
    assert row["allowed_actions"] == ["read", "edit", "add_item", "share", "revoke"]
    assert ana.get(answer["Location"]).json() == row


def test_whoever_reads_no_cases_opens_none(cast: Cast, caller: Caller) -> None:
    before = state_of_things()
    for name in ("ida", "cora"):
        client = caller(name)
        assert refused(post(client, "cases", CASE))[0] == 403, name
        assert ids(client.get(API + "cases")) == []
    caught = state_of_things()
    assert {**caught, "events": 0} == {**before, "events": 0}
    assert post(caller("sam"), "cases", CASE).status_code == 201


def test_a_case_above_the_ceiling_is_not_there(caller: Caller) -> None:
    ana, abe = caller("ana"), caller("abe")
    above, within = a_case(ana), a_case(ana, sensitivity="routine")
    assert refused(abe.get(f"{API}cases/{above}")) == (404, None)
    assert ids(abe.get(API + "cases")) == [within]
    assert ids(ana.get(API + "cases")) == [within, above]
    too_high = {**CASE, "sensitivity": "highly_confidential"}
    assert refused(post(ana, "cases", too_high))[0] == 400


@pytest.mark.parametrize("level", ["pointer", "summary", "view"])
def test_a_level_shows_so_much_and_no_more(caller: Caller, level: str) -> None:
    ana, bo = caller("ana"), caller("bo")
    case = a_case(ana)
    victim, car = an_item(ana, case, **PERSON), an_item(ana, case)
    a_grant(caller, case, level=level)
    row = made(bo.get(f"{API}cases/{case}"))
    hidden = {"pointer": HIDDEN_FROM_POINTER, "summary": {"summary", "own_number"}, "view": set()}
    assert (row["level"], nulls(row)) == (level, hidden[level])
    assert (row["owner"]["short_name"], row["contact"]) == ("alpha", "+1 555 0100")
    assert ids(bo.get(API + "cases")) == ([] if level == "pointer" else [case])
    assert ids(bo.get(f"{API}cases/{case}/items")) == ([] if level == "pointer" else [car])
    assert refused(bo.get(f"{API}items/{victim}")) == (404, None)
    if level != "pointer":
        fields = made(bo.get(f"{API}items/{car}"))["fields"]
        assert fields == ({"plate": "7ABC123"} if level == "view" else None)


def test_only_the_owner_changes_and_a_reader_is_told_why_not(caller: Caller) -> None:
    ana, bo = caller("ana"), caller("bo")
    case = a_case(ana)
    item = an_item(ana, case)
    a_grant(caller, case)
    before = state_of_things()
    for address in (f"cases/{case}", f"items/{item}"):
        answer = patch(bo, address, {"title": "Mine"}, 1)
        assert refused(answer) == (403, None)
        assert answer.json()["reason"].startswith("Only Alpha Police changes this")
    assert refused(post(bo, f"cases/{case}/items", CAR))[0] == 403
    assert state_of_things() == before
    assert patch(ana, f"items/{item}", {"title": "Ours"}, 1).status_code == 200
    assert post(ana, f"cases/{case}/items", CAR).status_code == 201


def test_what_one_may_not_see_is_not_there_for_any_call(cast: Cast, caller: Caller) -> None:
    ana, bo = caller("ana"), caller("bo")
    case = a_case(ana)
    item = an_item(ana, case)
    grant = a_grant(caller, case, to="bo@bravo.example")
    cast.person("bea", "bravo", "analyst")
    bea, before = caller("bea"), state_of_things()
    nowhere = bea.get(API + "nowhere").content
    ask = {"direction": "ask", "record": case, **terms()}
    for answer in (
        bea.get(f"{API}cases/{case}"),
        bea.get(f"{API}cases/{case}/items"),
        bea.get(f"{API}items/{item}"),
        bea.get(f"{API}records/{case}/access"),
        bea.get(f"{API}grants/{grant}"),
        patch(bea, f"cases/{case}", {"title": "x"}, 1),
        patch(bea, f"items/{item}", {"title": "x"}, 1),
        post(bea, f"cases/{case}/items", CAR),
        post(bea, "share-requests", ask),
        post(bea, f"grants/{grant}/revoke", {"reason_code": "need_ended"}),
    ):
        assert refused(answer) == (404, None)
        assert answer.content == nowhere
    assert state_of_things() == before
    assert bo.get(f"{API}cases/{case}").status_code == 200


def test_every_reading_is_on_the_ledger_before_it_is_answered(caller: Caller) -> None:
    ana, bo = caller("ana"), caller("bo")
    case = a_case(ana)
    car = an_item(ana, case)
    a_grant(caller, case)
    begun = Event.objects.order_by("-seq").values_list("seq", flat=True)[0]
    stated = {"X-Purpose": "criminal_justice", "X-Case": "BR-78"}
    bo.get(f"{API}cases/{case}", headers=stated)
    bo.get(f"{API}items/{car}")
    bo.get(API + "cases")
    bo.get(f"{API}cases/{case}/items")
    bo.get(f"{API}cases/not-an-id")
    events = Event.objects.filter(seq__gt=begun).order_by("seq")
    assert [(one.kind, [str(key) for key in one.records], one.for_case) for one in events] == [
        ("record.opened", [case], "BR-78"),
        ("record.opened", [car], "BR-77"),
        ("record.listed", [case], ""),
        ("record.listed", [car], ""),
        ("record.refused", [], ""),
    ]
    assert {one.facts["channel"] for one in events} == {"api"}


def test_without_the_ledger_nothing_is_shown(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, bo = caller("ana"), caller("bo")
    case = a_case(ana)
    car = an_item(ana, case)
    a_grant(caller, case)

    def away(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("the ledger is away")

    addresses = (f"cases/{case}", "cases", f"cases/{case}/items", f"items/{car}", "cases/no-id")
    with monkeypatch.context() as broken:
        broken.setattr("sharing.disclosure.record_event", away)
        for address in addresses:
            assert refused(bo.get(API + address)) == (503, None), address
        assert refused(post(bo, "search", {"text": "garage"})) == (503, None)
    assert [bo.get(API + address).status_code for address in addresses] == [200] * 4 + [404]


def test_without_the_database_the_answer_is_a_problem(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: Any) -> None:
        raise OperationalError("no connection")

    ana = caller("ana")
    with monkeypatch.context() as broken:
        broken.setattr("portal.api.authentication.actor_for_token", away)
        assert refused(ana.get(API + "me")) == (503, None)
    assert ana.get(API + "me").status_code == 200


def test_pages_of_cases_give_each_once_and_lead_back(cast: Cast, caller: Caller) -> None:
    ana = caller("ana")
    cases = [a_case(ana, title=f"Case {number}") for number in range(5)][::-1]
    first = ana.get(f"{API}cases?page_size=2").json()
    second = ana.get(first["next"]).json()
    third = ana.get(second["next"]).json()
    pages = [[row["id"] for row in page["results"]] for page in (first, second, third)]
    assert pages == [cases[:2], cases[2:4], cases[4:]]
    assert (first["previous"], third["next"]) == (None, None)
    assert (first["count"], first["count_capped"]) == (5, False)
    assert ids(ana.get(third["previous"])) == cases[2:4]


def test_pages_of_items_give_each_once_and_lead_back(caller: Caller) -> None:
    ana = caller("ana")
    case = a_case(ana)
    items = [an_item(ana, case, title=f"Car {number}") for number in range(3)]
    first = ana.get(f"{API}cases/{case}/items?page_size=2").json()
    second = ana.get(first["next"]).json()
    assert [row["id"] for row in first["results"] + second["results"]] == items
    assert ids(ana.get(second["previous"])) == items[:2]
    assert ana.get(second["previous"]).json()["previous"] is None


def test_a_list_of_cases_is_narrowed(cast: Cast, caller: Caller) -> None:
    ana, bo = caller("ana"), caller("bo")
    burglary = a_case(ana)
    robbery = a_case(ana, type="robbery", title="Till snatch")
    series = a_case(ana, **{"class": "series"})
    theirs = a_case(bo, title="Boat theft", type="theft")
    a_grant(caller, robbery)
    assert ids(ana.get(f"{API}cases?type=robbery")) == [robbery]
    assert ids(ana.get(f"{API}cases?class=series")) == [series]
    assert ids(ana.get(f"{API}cases?q=snatch")) == [robbery]
    assert ids(ana.get(f"{API}cases?q=boat")) == []
    assert sorted(ids(ana.get(f"{API}cases?received=false"))) == sorted([burglary, robbery, series])
    assert ids(ana.get(f"{API}cases?received=true")) == []
    assert ids(bo.get(f"{API}cases?received=true")) == [robbery]
    assert ids(bo.get(f"{API}cases?owner=alpha")) == [robbery]
    assert ids(bo.get(f"{API}cases?owner={cast.id('bravo')}")) == [theirs]


def test_an_item_says_what_its_kind_has(caller: Caller) -> None:
    ana = caller("ana")
    case = a_case(ana)
    before = state_of_things()
    wrong = {"kind": "vehicle", "title": "Car", "fields": {"nonsense": 1}}
    assert refused(post(ana, f"cases/{case}/items", wrong)) == (
        400,
        {"fields.nonsense": ["A vehicle has no such field."]},
    )
    assert state_of_things() == before
    victim = made(post(ana, f"cases/{case}/items", PERSON))
    assert (victim["protected"], victim["masked"], victim["withheld"]) == (True, False, False)
    changed = patch(ana, f"items/{victim['id']}", {"withheld": True}, victim["version"])
    assert made(changed)["withheld"] is True


def test_sensitivities_are_named_by_their_codes(caller: Caller) -> None:
    for one in (Sensitivity.ROUTINE, Sensitivity.SENSITIVE, Sensitivity.CONFIDENTIAL):
        row = made(post(caller("ana"), "cases", {**CASE, "sensitivity": one.code}))
        assert row["sensitivity"] == one.code
