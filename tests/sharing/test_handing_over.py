"""What is told outside the portal is logged by its owner, with its words on a row of its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from agencies.refusals import Invalid, NotAllowed, NotVisible
from ledger.models import Event
from sharing.history import events_for
from sharing.models import HandOver, Record
from sharing.services import log_hand_over
from tests.cast import Cast, a_case, an_item, in_days, shared

pytestmark = pytest.mark.django_db


def told(**changes: Any) -> dict[str, Any]:
    return {
        "means": "voice",
        "told_at": in_days(-1),
        "purpose": "criminal_justice",
        "recipient": "Clerk of the court",
        **changes,
    }


@pytest.fixture
def case(cast: Cast) -> Record:
    return a_case(cast.actor("ana"))


def test_it_is_logged_with_ids_alone_and_read_by_the_owner(cast: Cast, case: Record) -> None:
    item = an_item(cast.actor("ana"), case)
    made = log_hand_over(
        cast.actor("ana"),
        case.pk,
        items=[item.pk],
        for_case="CR-12",
        authority="Subpoena of 3 May",
        text="Read the plate out",
        **told(),
    )
    event = Event.objects.get(kind="record.told")
    assert (event.records, event.concerns) == ([case.pk, item.pk], [cast.id("alpha")])
    assert (event.purpose, event.for_case, event.target) == ("criminal_justice", "CR-12", made.pk)
    assert "plate" not in str(event.facts)
    assert "Clerk" not in str(event.facts)
    assert (made.text, made.authority) == ("Read the plate out", "Subpoena of 3 May")
    kinds = {
        name: [line.kind for line in events_for(cast.actor(name), record=item.pk)[:9]]
        for name in ("ana", "ida", "bo")
    }
    assert kinds == {"ana": ["record.told"], "ida": ["record.told"], "bo": []}


def test_an_agency_of_the_directory_is_told(cast: Cast, case: Record) -> None:
    bravo = cast.id("bravo")
    made = log_hand_over(cast.actor("sam"), case.pk, **told(agency_id=bravo, recipient=" "))
    assert (made.agency_id, made.recipient, made.items) == (bravo, "", [])


def test_who_received_a_case_needs_its_owner_s_consent(cast: Cast, case: Record) -> None:
    shared(cast, case)
    with pytest.raises(NotAllowed) as refusal:
        log_hand_over(cast.actor("bo"), case.pk, **told())
    assert refusal.value.code == "onward"
    assert "Alpha Police" in refusal.value.reason
    assert not HandOver.objects.exists()


def test_what_came_from_another_needs_the_originator_s(cast: Cast) -> None:
    theirs = a_case(cast.actor("ana"), originator_id=cast.id("bravo"))
    with pytest.raises(NotAllowed) as refusal:
        log_hand_over(cast.actor("ana"), theirs.pk, **told())
    assert "Bravo Police" in refusal.value.reason


@pytest.mark.parametrize("name", ["bo", "abe", "ida", "cora"])
def test_what_one_may_not_know_of_is_not_there(cast: Cast, case: Record, name: str) -> None:
    with pytest.raises((NotVisible, NotAllowed)):
        log_hand_over(cast.actor(name), case.pk, **told())
    with pytest.raises((NotVisible, NotAllowed)):
        log_hand_over(cast.actor(name), uuid4(), **told())


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"means": "pigeon"}, "means"),
        ({"purpose": "gossip"}, "purpose"),
        ({"told_at": in_days(1)}, "told_at"),
        ({"recipient": ""}, "recipient"),
        ({"recipient": "x" * 201}, "recipient"),
        ({"for_case": "x" * 81}, "for_case"),
        ({"for_case": "a\nb"}, "for_case"),
        ({"authority": "x" * 201}, "authority"),
        ({"text": "x" * 4001}, "text"),
        ({"recipient": "", "agency_id": UUID(int=7)}, "agency_id"),
    ],
)
def test_what_is_logged_makes_sense(
    cast: Cast, case: Record, changes: dict[str, Any], wrong: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        log_hand_over(cast.actor("ana"), case.pk, **told(**changes))
    assert set(refusal.value.errors) == {wrong}
    assert not HandOver.objects.exists()


def test_one_recipient_another_agency_and_own_items(cast: Cast, case: Record) -> None:
    elsewhere = an_item(cast.actor("ana"), a_case(cast.actor("ana")))
    for changes, wrong in (
        ({"agency_id": cast.id("bravo")}, "recipient"),
        ({"agency_id": cast.id("alpha"), "recipient": ""}, "agency_id"),
        ({"items": [elsewhere.pk]}, "items"),
    ):
        with pytest.raises(Invalid) as refusal:
            log_hand_over(cast.actor("ana"), case.pk, **told(**changes))
        assert set(refusal.value.errors) == {wrong}


def test_an_item_is_told_as_part_of_its_case(cast: Cast, case: Record) -> None:
    item = an_item(cast.actor("ana"), case)
    with pytest.raises(NotVisible):
        log_hand_over(cast.actor("ana"), item.pk, **told())
