"""What the people of a world do with what is shared: by the services, each act for itself."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import pytest

from cases.models import Item
from cases.world import BrokenWorld, load_world
from ledger.models import Event
from sharing.models import BriefingCopy, Grant, RecallReceipt, RequestNote, ShareRequest
from tests.cases.small_world import small

pytestmark = pytest.mark.django_db

BO, SAM, ANA = "bo@bravo.example", "sam@alpha.example", "ana@alpha.example"
STELLA = "stella@bravo.example"


def a_life() -> dict[str, Any]:
    """Return the small world in which Bo asks for a case of his own and lives through it all."""
    world = small()
    world["cases"].append(
        {
            "key": "K9",
            "by": ANA,
            "title": "Pier theft",
            "type": "burglary",
            "own_number": "24-9000",
            "items": [{"key": "K9.car", "kind": "vehicle", "title": "Van", "fields": {}}],
        }
    )
    world["requests"].append(
        {"key": "r9", "case": "K9", "by": BO, "direction": "ask", "level": "view", "for_case": "B"}
    )
    world["acts"] = [
        {"do": "question", "by": SAM, "request": "r9", "text": "Which part?"},
        {"do": "answer", "by": BO, "request": "r9", "text": "The van."},
        {
            "do": "decide",
            "by": SAM,
            "request": "r9",
            "case": "K9",
            "decision": {"as": "approve", "items": ["K9.car"]},
        },
        {"do": "read", "by": BO, "case": "K9"},
        {"do": "read", "by": BO, "item": "K9.car"},
        {"do": "print", "by": BO, "case": "K9", "recipient": "Chief Bell", "for_case": "B"},
        {"do": "correct", "by": ANA, "item": "K9.car", "fields": {"color": "blue"}},
        {"do": "stop", "by": ANA, "item": "K9.car"},
        {"do": "reply", "by": STELLA, "answer": "destroyed"},
        {"do": "revoke", "by": SAM, "request": "r9", "reason_code": "need_ended"},
        {"do": "read", "by": BO, "case": "K9", "refused": True},
    ]
    return world


def test_a_case_lives_through_what_its_people_do() -> None:
    before = Event.objects.count()
    keys = load_world(a_life())
    case, car, request = keys["K9"], keys["K9.car"], keys["r9"]
    assert ShareRequest.objects.get(pk=request).state == "partly_approved"
    notes = RequestNote.objects.filter(request=request).order_by("written_at")
    assert list(notes.values_list("kind", "written_by__person__name", "text")) == [
        ("question", "Sam", "Which part?"),
        ("answer", "Bo", "The van."),
    ]
    assert Item.objects.unrestricted("test").get(pk=car).fields == {"color": "blue"}
    grants = Grant.objects.filter(decision=request)
    assert {grant.record_id: grant.revoke_reason for grant in grants} == {
        case: "need_ended",
        car: "released_in_error",
    }
    answers = RecallReceipt.objects.filter(recall__record_id=car).values_list("answer", flat=True)
    assert set(answers) == {"destroyed"}
    assert BriefingCopy.objects.get().recipient == "Chief Bell"
    done = Event.objects.filter(records__overlap=[case, car], kind__startswith="record.")
    bo = keys[BO]
    kinds = done.filter(person=bo).order_by("seq").values_list("kind", flat=True)
    assert [kind for kind, _ in groupby(kinds)] == [
        "record.opened",
        "record.printed",
        "record.refused",
    ]
    assert before == 0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"do": "dance"}, '"do" is one of'),
        ({"do": "read", "case": "K9", "loudly": True}, 'no key "loudly"'),
        ({"do": "read", "by": BO, "case": "K2"}, "acts"),
        ({"do": "read", "by": BO, "agency": "alpha", "case": "K9"}, "is not of that agency"),
        ({"do": "decide", "by": SAM, "request": "r9", "case": "K9"}, '"as" is missing'),
    ],
)
def test_an_act_that_cannot_be_says_where_it_stands(change: dict[str, Any], says: str) -> None:
    world = a_life()
    world["acts"] = [{"by": BO, **change}]
    with pytest.raises(BrokenWorld, match=says):
        load_world(world)


def test_a_refused_act_leaves_what_came_before() -> None:
    world = a_life()
    world["acts"] = [world["acts"][0], {"do": "answer", "by": SAM, "request": "r9", "text": "Me."}]
    with pytest.raises(BrokenWorld):
        load_world(world)
    assert ShareRequest.objects.get(own_number="24-9000").state == "info_needed"
