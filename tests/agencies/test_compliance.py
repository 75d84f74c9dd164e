"""Compliance answers, their evidence, arrangements, and the yearly round."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core import mail

from agencies.models import Agency, Arrangement, EvidenceFile, Onboarding, StandingChange
from agencies.onboarding.evidence import safe_name, type_of
from agencies.onboarding.figures import EVIDENCE_BYTES, EVIDENCE_FILES
from agencies.onboarding.questions import TOPICS
from agencies.refusals import Conflict, Invalid, NotAllowed, NotVisible
from agencies.services import (
    begin_year,
    confirm_arrangement,
    end_arrangement,
    open_evidence,
    open_recertification,
    record_arrangement,
    reinstate_agency,
    review_answer,
)
from agencies.services.recertification import ask_for_answers, limit_overdue
from agencies.tasks import recertify_agencies
from ledger.tasks import deliver_messages
from tests.agencies.cast import PORTAL, Cast, events, last_event, on_board
from tests.agencies.onboarding import (
    PDF,
    answer,
    brought_to,
    evidence,
    file_of,
    taken_up,
)


def zipped(*names: str) -> bytes:
    """Return an archive with parts of these names."""
    made = BytesIO()
    with ZipFile(made, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return made.getvalue()


def due(agency: Agency, days: float) -> None:
    """Set the day of the yearly answers that many days from now."""
    Onboarding.objects.filter(agency=agency, ended_at=None).update(
        recertify_by=datetime.now(UTC) + timedelta(days=days)
    )


def in_its_year(agency: Agency, days: float = 30) -> Agency:
    """Have an agency on board answer once a year, next in so many days."""
    begin_year(PORTAL, agency)
    due(agency, days)
    return agency


def test_an_answer_is_kept_and_may_be_changed_until_it_is_accepted(cast: Cast) -> None:
    agency = brought_to("compliance", cast)
    first = answer(PORTAL, agency, "security", text="Locked.")
    assert (first.state, first.answered_by) == ("given", None)
    again = answer(PORTAL, agency, "security", text="Locked twice.", says="not_met")
    assert (again.pk, again.text) == (first.pk, "Locked twice.")
    assert last_event().facts == {"topic": "security", "says": "not_met"}
    review_answer(cast.root, agency, topic="security", outcome="accepted")
    with pytest.raises(Conflict, match="accepted already"):
        answer(PORTAL, agency, "security")


@pytest.mark.parametrize(
    ("field", "value"), [("topic", "taste"), ("says", "perhaps"), ("text", "")]
)
def test_an_answer_makes_sense(cast: Cast, field: str, value: str) -> None:
    agency = taken_up(cast)
    values: dict[str, Any] = {"topic": "security", "says": "met", "text": "So.", field: value}
    with pytest.raises(Invalid) as refusal:
        answer(PORTAL, agency, values.pop("topic"), **values)
    assert set(refusal.value.errors) == {field}


@pytest.mark.parametrize("name", ["ana", "sam", "bea", "root"])
def test_nobody_answers_for_another_agency_nor_below_the_coordinator(cast: Cast, name: str) -> None:
    in_its_year(cast.alpha)
    open_recertification(cast.root, cast.alpha)
    with pytest.raises(NotAllowed, match="own coordinator"):
        answer(cast.acts(name), cast.alpha, "security")
    assert answer(cast.acts("kim"), cast.alpha, "security").answered_by == cast.kim.person


def test_no_answers_are_taken_where_none_are_asked(cast: Cast) -> None:
    in_its_year(cast.alpha)
    with pytest.raises(Conflict, match="No answers"):
        answer(cast.acts("kim"), cast.alpha, "security")
    entry = Agency.objects.create(name="Lake", ori="ZZ0090000")
    with pytest.raises(Conflict, match="No answers"):
        answer(PORTAL, entry, "security")


def test_answers_are_reviewed_once_the_agreement_is_signed(cast: Cast) -> None:
    agency = brought_to("agreements", cast)
    answer(PORTAL, agency, "security")
    with pytest.raises(Conflict, match="once the participation agreement"):
        review_answer(cast.root, agency, topic="security", outcome="accepted")
    brought_to("compliance", cast, agency)
    with pytest.raises(Conflict, match="not been answered"):
        review_answer(cast.root, agency, topic="vetting", outcome="accepted")
    with pytest.raises(Invalid, match="note"):
        review_answer(cast.root, agency, topic="security", outcome="returned")
    with pytest.raises(Invalid, match="outcome"):
        review_answer(cast.root, agency, topic="security", outcome="given")
    back = review_answer(cast.root, agency, topic="security", outcome="returned", note="Who?")
    assert (back.note, back.reviewed_by_id) == ("Who?", cast.root.person_id)
    failed = review_answer(cast.root, agency, topic="security", outcome="failed", note="No.")
    assert failed.state == "failed"
    agency.refresh_from_db()
    assert agency.status == "compliance"


def test_evidence_is_kept_under_its_id_by_what_it_contains(cast: Cast) -> None:
    agency = brought_to("compliance", cast)
    given = answer(PORTAL, agency, "security", evidence=evidence(name="../Our policy!.exe"))
    kept = EvidenceFile.objects.get()
    assert (kept.answer, kept.name, kept.media_type) == (
        given,
        "Our policy_.pdf",
        "application/pdf",
    )
    assert kept.file.name == f"evidence/{kept.pk}"
    with kept.file.open("rb") as file:
        assert (file.read(), kept.size) == (PDF, len(PDF))
    assert last_event().facts == {
        "answer": str(given.pk),
        "size": len(PDF),
        "sha256": kept.sha256,
    }
    for _ in range(EVIDENCE_FILES - 1):
        answer(PORTAL, agency, "security", evidence=evidence())
    with pytest.raises(Invalid, match="At most"):
        answer(PORTAL, agency, "security", evidence=evidence())


@pytest.mark.parametrize("name", ["ana", "sam", "ida", "bea"])
def test_evidence_is_for_administrators_and_the_agency_s_coordinators(
    cast: Cast, name: str
) -> None:
    in_its_year(cast.alpha)
    open_recertification(cast.root, cast.alpha)
    answer(cast.acts("kim"), cast.alpha, "security", evidence=evidence())
    kept = EvidenceFile.objects.get()
    before = events()
    with pytest.raises(NotVisible):
        open_evidence(cast.acts(name), kept.pk)
    with pytest.raises(NotVisible):
        open_evidence(cast.root, cast.alpha.pk)
    assert events() == before
    for able in ("root", "kim"):
        assert open_evidence(cast.acts(able), kept.pk) == kept
        assert (last_event().kind, last_event().person) == (
            "evidence.opened",
            cast.acts(able).person_id,
        )


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00", "Only PDF"),
        (b"<html><script>", "Only PDF"),
        (b"PK\x03\x04broken", "Only PDF"),
        (zipped("a.txt"), "Only PDF"),
        (zipped("word/document.xml", "word/vbaProject.bin"), "macros"),
        (PDF + b"x" * EVIDENCE_BYTES, "larger than 10 MB"),
    ],
)
def test_other_files_are_refused_by_their_content(raw: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        evidence(raw)


def test_the_types_that_are_taken() -> None:
    assert type_of(PDF) == "application/pdf"
    assert type_of(b"\x89PNG\r\n\x1a\n..") == "image/png"
    assert type_of(b"\xff\xd8\xff\xe0") == "image/jpeg"
    assert type_of(zipped("word/document.xml")).endswith("wordprocessingml.document")
    assert type_of(zipped("xl/workbook.xml")).endswith("spreadsheetml.sheet")
    assert safe_name("a\\b\\c.pdf", "image/png") == "c.png"
    assert safe_name("", "image/png") == "evidence.png"
    assert file_of().size == len(PDF)


def test_another_agency_covers_an_answer_once_it_has_confirmed(cast: Cast) -> None:
    agency = brought_to("compliance", cast)
    with pytest.raises(Invalid, match="No agency has confirmed"):
        answer(PORTAL, agency, "security", says="covered")
    made = record_arrangement(
        cast.root, agency, provider=cast.bravo, duties=["compliance", "release"]
    )
    assert made.duty_names == ["Compliance evidence", "Release authority"]
    with pytest.raises(Invalid, match="No agency has confirmed"):
        answer(PORTAL, agency, "security", says="covered")
    for name in ("kim", "bo", "root"):
        with pytest.raises(NotAllowed):
            confirm_arrangement(cast.acts(name), made)
    confirm_arrangement(cast.acts("bea"), made)
    before = events()
    assert confirm_arrangement(cast.acts("bea"), made).confirmed_by == cast.bea.person
    assert events() == before
    assert answer(PORTAL, agency, "security", says="covered").says == "covered"
    with pytest.raises(NotAllowed):
        end_arrangement(cast.acts("kim"), made)
    end_arrangement(cast.acts("bea"), made)
    assert last_event().concerns == [agency.pk, cast.bravo.pk]
    with pytest.raises(Invalid, match="No agency has confirmed"):
        answer(PORTAL, agency, "vetting", says="covered")
    with pytest.raises(Conflict, match="has ended"):
        confirm_arrangement(cast.acts("bea"), made)


def test_an_arrangement_for_other_things_covers_no_answer(cast: Cast) -> None:
    agency = brought_to("compliance", cast)
    made = record_arrangement(cast.root, agency, provider=cast.bravo, duties=["entry"])
    confirm_arrangement(cast.acts("bea"), made)
    with pytest.raises(Invalid):
        answer(PORTAL, agency, "security", says="covered")


def test_an_arrangement_is_between_two_that_are_there(cast: Cast) -> None:
    def record(by: Any = cast.root, **changes: Any) -> Arrangement:
        values = {"provider": cast.bravo, "duties": ["entry"]}
        return record_arrangement(by, cast.alpha, **{**values, **changes})

    for changes in (
        {"provider": cast.alpha},
        {"provider": on_board("delta", status="applied")},
        {"duties": []},
        {"duties": ["everything"]},
    ):
        with pytest.raises(Invalid):
            record(**changes)
    with pytest.raises(NotAllowed):
        record(cast.acts("kim"))
    made = record()
    with pytest.raises(Conflict, match="end it first"):
        record()
    assert end_arrangement(cast.acts("kim"), made).ended_at is not None
    before = events()
    end_arrangement(cast.root, made)
    assert events() == before
    end_arrangement(cast.root, record())


def test_a_year_is_begun_once(cast: Cast) -> None:
    way = begin_year(cast.root, cast.alpha)
    assert (way.certified, way.answers_are_due) == (1, False)
    assert last_event().kind == "recertification.scheduled"
    before = events()
    assert begin_year(cast.root, cast.alpha).recertify_by == way.recertify_by
    assert events() == before
    with pytest.raises(NotAllowed):
        begin_year(cast.acts("kim"), cast.alpha)


def test_the_coordinator_begins_when_the_day_is_near_an_administrator_at_any_time(
    cast: Cast,
) -> None:
    with pytest.raises(Conflict, match="No yearly answers"):
        open_recertification(cast.root, cast.alpha)
    in_its_year(cast.alpha, days=300)
    with pytest.raises(Conflict, match="too early"):
        open_recertification(cast.acts("kim"), cast.alpha)
    with pytest.raises(NotAllowed):
        open_recertification(cast.acts("sam"), cast.alpha)
    due(cast.alpha, 59)
    opened = open_recertification(cast.acts("kim"), cast.alpha)
    assert (opened.cycle, opened.certified) == (2, 1)
    before = events()
    assert open_recertification(cast.root, cast.alpha).cycle == 2
    assert events() == before
    in_its_year(cast.bravo, days=300)
    assert open_recertification(cast.root, cast.bravo).cycle == 2
    Agency.objects.filter(pk=cast.bravo.pk).update(status="suspended")
    with pytest.raises(Conflict, match="No yearly answers"):
        open_recertification(cast.root, cast.bravo)


def test_coordinators_are_asked_in_time_and_once(cast: Cast) -> None:
    in_its_year(cast.alpha, days=59)
    in_its_year(cast.bravo, days=61)
    assert ask_for_answers() == 1
    assert ask_for_answers() == 0
    deliver_messages()
    (message,) = mail.outbox
    assert message.to == [cast.kim.person.email]
    Onboarding.objects.filter(agency=cast.alpha).update(recertify_by=None)
    assert ask_for_answers() == 0


def test_silence_restricts_and_only_that(cast: Cast) -> None:
    in_its_year(cast.alpha, days=1)
    in_its_year(cast.bravo, days=-1)
    Onboarding.objects.create(
        agency=on_board("delta"),
        ended_at=datetime.now(UTC),
        recertify_by=datetime.now(UTC) - timedelta(days=1),
    )
    assert limit_overdue() == 1
    for agency, status in ((cast.alpha, "active"), (cast.bravo, "limited_access")):
        agency.refresh_from_db()
        assert agency.status == status
    change = StandingChange.objects.get()
    assert (change.agency, change.reason_code, change.made_by) == (
        cast.bravo,
        "recertification_overdue",
        None,
    )
    assert (last_event().kind, last_event().person) == ("agency.limited", None)
    assert recertify_agencies() == 0


def test_accepted_answers_hold_for_a_year_and_an_administrator_reinstates(cast: Cast) -> None:
    in_its_year(cast.alpha, days=-1)
    recertify_agencies()
    with pytest.raises(Conflict, match="overdue"):
        reinstate_agency(cast.root, cast.alpha, reason_code="resolved")
    for topic in TOPICS:
        answer(cast.acts("kim"), cast.alpha, topic)
        review_answer(cast.root, cast.alpha, topic=topic, outcome="accepted")
    way = Onboarding.objects.get(agency=cast.alpha)
    assert (way.cycle, way.certified) == (2, 2)
    assert way.recertify_by is not None
    assert (way.recertify_by - datetime.now(UTC)).days >= 364
    assert last_event().kind == "agency.recertified"
    cast.alpha.refresh_from_db()
    assert cast.alpha.status == "limited_access"
    assert reinstate_agency(cast.root, cast.alpha, reason_code="recertified").status == "active"


def test_what_is_not_met_restricts_at_once(cast: Cast) -> None:
    in_its_year(cast.alpha)
    open_recertification(cast.root, cast.alpha)
    answer(cast.acts("kim"), cast.alpha, "training", says="not_met")
    review_answer(cast.root, cast.alpha, topic="training", outcome="returned", note="When?")
    cast.alpha.refresh_from_db()
    assert cast.alpha.status == "active"
    review_answer(cast.root, cast.alpha, topic="training", outcome="failed", note="Never.")
    cast.alpha.refresh_from_db()
    assert cast.alpha.status == "limited_access"
