"""Imports from the screen: tried, made once, taken back where nobody has touched them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from agencies.codes import AgencyStatus, Sensitivity
from agencies.models import Agency
from agencies.refusals import Conflict, NotAllowed, NotVisible
from cases.models import Case, ImportBatch
from cases.services import (
    add_item,
    amend_case,
    make_import,
    make_series,
    open_case,
    stage_import,
    stop_sharing,
    undo_import,
)
from cases.services.import_batches import batches_for, drop_staged
from cases.services.importing import import_batch
from cases.tasks import forget_staged_imports
from ledger.models import Event
from ledger.services import record_event
from sharing import services
from sharing.models import Record, Revision
from sharing.reconciler import drift
from tests.cases.incident_files import of_template
from tests.cast import Cast, terms, two_agencies

State = ImportBatch.State


@pytest.fixture
def cast(db: None) -> Cast:
    return two_agencies()


def staged(cast: Cast, *numbers: str, by: str = "ana", bad: int = 0) -> ImportBatch:
    """Try a file as somebody."""
    actor = cast.actor(by)
    found = of_template(*numbers, bad=bad)
    return stage_import(actor, found, source="template", file_name="march.xlsx")


def made(cast: Cast, *numbers: str, by: str = "ana") -> ImportBatch:
    """Import a file as somebody."""
    return make_import(cast.actor(by), staged(cast, *numbers, by=by).pk)


def envelopes(batch: ImportBatch) -> dict[str, Record]:
    """Return the envelopes of what an import made by the numbers of the cases."""
    found = Case.objects.unrestricted("test").select_related("record").filter(pk__in=batch.made)
    return {case.own_number: case.record for case in found}


def stayed(batch: ImportBatch) -> set[str]:
    """Return the numbers of cases that were not taken back."""
    return {number for number, one in envelopes(batch).items() if one.status != "closed"}


def test_what_is_tried_makes_nothing(cast: Cast) -> None:
    batch = staged(cast, "A-1", "A-2", bad=1)
    assert (batch.state, len(batch.rows), batch.made) == (State.STAGED, 2, [])
    assert batch.errors == [
        [4, "Type", "This is none of the values that the template lists."],
    ]
    assert not Case.objects.unrestricted("test").exists()


def test_what_is_imported_is_laid_to_who_did_it(cast: Cast) -> None:
    batch, ana = made(cast, "A-1", "A-2"), cast.posts["ana"]
    assert (batch.state, len(batch.made), batch.rows) == (State.IMPORTED, 2, [])
    event = Event.objects.get(kind="case.imported")
    assert (event.person, event.membership, event.agency) == (
        ana.person_id,
        ana.pk,
        ana.agency_id,
    )
    whole = Event.objects.get(kind="import.made")
    assert (whole.person, whole.target, whole.facts["cases"]) == (ana.person_id, batch.pk, 2)
    assert {one.created_by for one in envelopes(batch).values()} == {ana.pk}
    case = Case.objects.unrestricted("test").get(own_number="A-1")
    assert (case.source, case.source_id, case.agency_id) == ("template", "A-1", ana.agency_id)


def test_what_is_imported_twice_is_there_once(cast: Cast) -> None:
    batch = made(cast, "A-1", "A-2")
    again = make_import(cast.actor("ana"), batch.pk)
    assert again.made == batch.made
    more = staged(cast, "A-1", "A-2", "A-3")
    assert (len(more.rows), more.unchanged) == (1, 2)
    assert len(make_import(cast.actor("ana"), more.pk).made) == 1
    assert Case.objects.unrestricted("test").count() == 3


def test_what_was_imported_in_between_is_unchanged(cast: Cast) -> None:
    waiting = staged(cast, "A-1", "A-2")
    made(cast, "A-1", by="sam")
    batch = make_import(cast.actor("ana"), waiting.pk)
    assert (len(batch.made), batch.unchanged) == (1, 1)


def test_what_is_imported_is_within_the_ceiling_of_who_did_it(cast: Cast) -> None:
    held = {one.sensitivity for one in envelopes(made(cast, "A-1")).values()}
    lower = {one.sensitivity for one in envelopes(made(cast, "A-2", by="abe")).values()}
    assert (held, lower) == ({Sensitivity.SENSITIVE}, {Sensitivity.ROUTINE})


def test_a_file_that_is_tried_replaces_the_last_one_of_its_sender(cast: Cast) -> None:
    first, of_sam = staged(cast, "A-1"), staged(cast, "A-1", by="sam")
    second = staged(cast, "A-2")
    assert set(ImportBatch.objects.values_list("pk", flat=True)) == {of_sam.pk, second.pk}
    with pytest.raises(NotVisible):
        make_import(cast.actor("ana"), first.pk)


def test_what_waits_is_its_sender_s_alone_and_gone_in_an_hour(cast: Cast) -> None:
    batch = staged(cast, "A-1")
    for name in ("abe", "sam", "bo", "stella"):
        assert not batches_for(cast.actor(name)).exists(), name
        with pytest.raises(NotVisible):
            make_import(cast.actor(name), batch.pk)
    assert batches_for(cast.actor("ana")).get() == batch
    assert drop_staged() == 0
    ImportBatch.objects.update(until=Now() - timedelta(seconds=1))
    with pytest.raises(NotVisible):
        make_import(cast.actor("ana"), batch.pk)
    assert forget_staged_imports() == 1
    assert not ImportBatch.objects.exists()


def test_what_was_imported_is_open_to_the_release_authority(cast: Cast) -> None:
    batch = made(cast, "A-1")
    seen = {name for name in cast.posts if batches_for(cast.actor(name)).exists()}
    assert seen == {"ana", "sam"}
    for name in ("abe", "bo", "stella"):
        with pytest.raises(NotVisible):
            undo_import(cast.actor(name), batch.pk)
    assert undo_import(cast.actor("sam"), batch.pk).taken_back == 1


@pytest.mark.parametrize("name", ["lee", "ida", "cora"])
def test_other_roles_import_nothing(cast: Cast, name: str) -> None:
    batch = made(cast, "A-1")
    for act in (
        lambda: staged(cast, "A-2", by=name),
        lambda: make_import(cast.actor(name), batch.pk),
        lambda: undo_import(cast.actor(name), batch.pk),
    ):
        with pytest.raises(NotAllowed, match="Only the"):
            act()


def test_an_agency_that_does_not_exchange_imports_nothing_but_takes_back(cast: Cast) -> None:
    batch, waiting = made(cast, "A-1"), staged(cast, "A-2")
    Agency.objects.filter(pk=cast.id("alpha")).update(status=AgencyStatus.LIMITED_ACCESS)
    with pytest.raises(NotAllowed, match="does not exchange"):
        staged(cast, "A-3")
    with pytest.raises(NotAllowed, match="does not exchange"):
        make_import(cast.actor("ana"), waiting.pk)
    assert undo_import(cast.actor("ana"), batch.pk).taken_back == 1


def test_what_is_taken_back_is_closed_silent_and_free_to_be_imported_again(cast: Cast) -> None:
    batch = undo_import(cast.actor("ana"), made(cast, "A-1", "A-2").pk)
    assert (batch.state, batch.taken_back) == (State.UNDONE, 2)
    for record in envelopes(batch).values():
        assert (record.status, record.findability, record.version) == ("closed", "silent", 2)
        last = Revision.objects.get(record_id=record.pk, version=2)
        assert (last.content["status"], last.content["disposition"]) == (
            "closed",
            "administrative",
        )
        assert last.saved_by_id == cast.posts["ana"].pk
    parts = Record.objects.unrestricted("test").filter(case_id__in=batch.made)
    assert set(parts.values_list("findability", flat=True)) == {"silent"}
    event = Event.objects.get(kind="import.undone")
    assert (set(event.records), event.facts["stayed"]) == (set(batch.made), 0)
    assert undo_import(cast.actor("ana"), batch.pk) == batch
    assert Event.objects.filter(kind="import.undone").count() == 1
    assert len(made(cast, "A-1", "A-2").made) == 2
    assert not drift()


def test_what_waits_is_not_taken_back(cast: Cast) -> None:
    with pytest.raises(Conflict, match="not imported yet"):
        undo_import(cast.actor("ana"), staged(cast, "A-1").pk)


def test_what_is_closed_already_is_taken_back_and_what_is_archived_stays(cast: Cast) -> None:
    batch = made(cast, "A-1", "A-2", "A-3")
    records = envelopes(batch)
    for number, status in (("A-1", "closed"), ("A-2", "archived")):
        Record.objects.unrestricted("test").filter(pk=records[number].pk).update(status=status)
    assert undo_import(cast.actor("ana"), batch.pk).taken_back == 2
    now = {number: (one.status, one.findability) for number, one in envelopes(batch).items()}
    assert now["A-1"] == now["A-3"] == ("closed", "silent")
    assert now["A-2"][0] == "archived"


def amended(cast: Cast, case: UUID) -> Any:
    amend_case(cast.actor("ana"), case, version=1, title="Robbery at the bank")


def extended(cast: Cast, case: UUID) -> Any:
    add_item(cast.actor("ana"), case, kind="note", title="Seen again")


def offered(cast: Cast, case: UUID) -> Any:
    services.offer_record(
        cast.actor("ana"), record_id=case, roster_id=cast.id("bravo"), terms=terms()
    )


def grouped(cast: Cast, case: UUID) -> Any:
    other = open_case(cast.actor("ana"), title="Another", type="robbery")
    make_series(cast.actor("ana"), members=[case, other.pk], title="Series", type="robbery")


def listed(cast: Cast, case: UUID) -> Any:
    record_event(cast.actor("bo"), "record.listed", records=[case, uuid4()])


def stopped(cast: Cast, case: UUID) -> Any:
    Record.objects.unrestricted("test").filter(pk=case).update(findability="contact_only")
    stop_sharing(cast.actor("ana"), case)


def held(cast: Cast, case: UUID) -> Any:
    Record.objects.unrestricted("test").filter(pk=case).update(held_at=Now())


TOUCHES = {
    one.__name__: one for one in (amended, extended, offered, grouped, listed, stopped, held)
}


@pytest.mark.parametrize("touch", TOUCHES)
def test_what_was_touched_since_stays(cast: Cast, touch: str) -> None:
    batch = made(cast, "A-1", "A-2")
    TOUCHES[touch](cast, envelopes(batch)["A-1"].pk)
    batch = undo_import(cast.actor("ana"), batch.pk)
    assert (batch.taken_back, stayed(batch)) == (1, {"A-1"})
    assert Case.objects.unrestricted("test").get(own_number="A-1").source == "template"


def test_what_one_s_own_people_saw_is_taken_back(cast: Cast) -> None:
    batch = made(cast, "A-1")
    record_event(cast.actor("sam"), "record.opened", records=batch.made)
    assert undo_import(cast.actor("ana"), batch.pk).taken_back == 1


def test_the_command_s_imports_are_still_laid_to_the_portal(cast: Cast) -> None:
    import_batch(cast.agencies["alpha"], of_template("A-1").incidents, source="template")
    event = Event.objects.get(kind="case.imported")
    assert (event.person, event.agency) == (None, cast.id("alpha"))


def test_nothing_that_was_imported_keeps_its_rows(cast: Cast) -> None:
    batch = made(cast, "A-1")
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportBatch.objects.filter(pk=batch.pk).update(rows=[{"title": "kept"}])
