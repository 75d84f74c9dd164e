"""After stopping: the note for the privacy officer, and the same name in other texts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from agencies.refusals import Invalid, NotAllowed, NotVisible, Stale
from cases.elsewhere import places_of_name
from cases.models import Case
from cases.services import amend_case, amend_item, stop_sharing
from ledger.models import Event
from sharing import services
from sharing.models import IncidentNote, Notification
from sharing.recalls import incident_notes_for
from tests.cases.test_stopping import World
from tests.truth.world import tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def noted(**changes: Any) -> dict[str, Any]:
    return {
        "what": "Name of a victim",
        "how": "Role was not set when it was typed",
        "happened_on": date(2026, 3, 1),
        "discovered_on": date(2026, 3, 2),
        **changes,
    }


def test_an_incident_note_is_read_by_those_who_answer_for_privacy(world: World) -> None:
    world.give("bravo")
    recall = world.sent()
    note = services.write_incident_note(world.cast.actor("lee"), recall.pk, **noted())
    readers = {
        name
        for name in ("ana", "abe", "sam", "lee", "ida", "cora", "bo", "stella", "dora")
        if incident_notes_for(world.cast.actor(name)).filter(pk=note.pk).exists()
    }
    assert readers == {"lee", "sam", "ida", "cora"}
    tell()
    told_ = Notification.objects.filter(kind="incident.noted")
    names = set(told_.values_list("membership__person__name", flat=True))
    assert names == {"Sam", "Ida", "Cora"}
    assert note.what not in str(list(Event.objects.values_list("facts", flat=True)))


def test_a_note_is_gone_on_with_at_its_own_version(world: World) -> None:
    recall = stop_sharing(world.cast.actor("ana"), world.item)
    services.write_incident_note(world.cast.actor("ana"), recall.pk, **noted())
    later = noted(victim_notified="yes", notified_on=date(2026, 3, 3))
    with pytest.raises(Stale):
        services.write_incident_note(world.cast.actor("sam"), recall.pk, **later)
    services.write_incident_note(world.cast.actor("sam"), recall.pk, version=1, **later)
    note = IncidentNote.objects.get()
    assert (note.version, note.victim_notified) == (2, "yes")


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"what": " "}, "what"),
        ({"how": ""}, "how"),
        ({"discovered_on": date(2026, 2, 1)}, "discovered_on"),
        ({"victim_notified": "perhaps"}, "victim_notified"),
        ({"victim_notified": "yes"}, "notified_on"),
        ({"notified_on": date(2026, 3, 3)}, "notified_on"),
    ],
)
def test_a_note_makes_sense(world: World, changes: dict[str, Any], wrong: str) -> None:
    recall = stop_sharing(world.cast.actor("ana"), world.item)
    with pytest.raises(Invalid) as refusal:
        services.write_incident_note(world.cast.actor("ana"), recall.pk, **noted(**changes))
    assert set(refusal.value.errors) == {wrong}
    assert not IncidentNote.objects.exists()


@pytest.mark.parametrize("name", ["bo", "ida", "abe"])
def test_nobody_writes_a_note_on_what_they_do_not_manage(world: World, name: str) -> None:
    recall = stop_sharing(world.cast.actor("ana"), world.item)
    with pytest.raises((NotVisible, NotAllowed)):
        services.write_incident_note(world.cast.actor(name), recall.pk, **noted())


def test_the_same_name_is_found_in_other_texts_and_their_versions(world: World) -> None:
    case = Case.objects.unrestricted("a test looks").select_related("record").get(pk=world.case)
    ana = world.cast.actor("ana")
    amend_case(ana, world.case, version=case.record.version, summary="Jane's door")
    assert [one.what for one in places_of_name(ana, world.record())] == [
        "Summary of the case",
        "Note: Later that day",
    ]
    note = world.record(world.other)
    amend_item(ana, note.pk, version=note.version, fields={"text": "She was at home"})
    found = places_of_name(ana, world.record())
    assert [one.what for one in found] == ["Summary of the case", f"Version 1 of {note.label}"]
    assert [bool(one.url) for one in found] == [True, False]


def test_a_title_of_the_case_counts_and_a_nameless_item_has_none(world: World) -> None:
    ana = world.cast.actor("ana")
    case = Case.objects.unrestricted("a test looks").select_related("record").get(pk=world.case)
    amend_case(ana, world.case, version=case.record.version, title="Roe burglary")
    assert "Title of the case" in [one.what for one in places_of_name(ana, world.record())]
    short = world.add("note", "X 1")
    assert places_of_name(ana, world.record(short)) == []
