"""A briefing copy: numbered and logged before it is set, with nothing that is not one's own."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from agencies.actors import Actor
from agencies.codes import Level
from agencies.refusals import Conflict, Invalid, NotAllowed, NotVisible
from cases.briefing import briefing_of
from cases.services import add_item, open_case, print_case
from cases.services.printing import Printed
from ledger.models import Event
from sharing import copies, printing, services
from sharing.contributions import contribution_of
from sharing.copies import copies_for, copies_held, void_copy
from sharing.disclosure import LedgerUnavailable
from sharing.models import BriefingCopy, Record
from tests.cast import Cast, shared, two_agencies

FOR = {"recipient": "Chief Lee", "purpose": "criminal_justice", "for_case": "BR-77"}


class Paper:
    """Ana's case with a car, a protected victim and a witness held back; Bo has it in full."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.ana, self.bo = cast, cast.actor("ana"), cast.actor("bo")
        self.case = open_case(self.ana, title="Garages", summary="Side doors.", type="burglary")
        self.car = self.add("vehicle", "Blue Civic", fields={"plate": "8KTR417"})
        self.victim = self.add("person", "Vera Holm", role="victim")
        self.held = self.add("person", "Will Tarn", role="witness", withheld=True)
        self.grant = shared(cast, self.record, later="all")

    @property
    def record(self) -> Record:
        return Record.objects.unrestricted("a test").get(pk=self.case.pk)

    def add(self, kind: str, title: str, **more: Any) -> UUID:
        return add_item(self.ana, self.case.pk, kind=kind, title=title, **more).pk

    def copy(self, actor: Actor, **changes: Any) -> Printed:
        return print_case(actor, self.case.pk, **{**FOR, **changes})


@pytest.fixture
def paper(db: None) -> Paper:
    return Paper(two_agencies())


def events(kind: str) -> list[Event]:
    return list(Event.objects.filter(kind=kind).order_by("seq"))


def test_a_copy_is_numbered_and_logged_for_the_owner_with_what_the_access_rests_on(
    paper: Paper,
) -> None:
    printed = paper.copy(paper.bo)
    copy, event = BriefingCopy.objects.get(), events("record.printed")[0]
    assert (copy.pk, copy.number, copy.recipient) == (
        printed.copy.pk,
        event.facts["copy"],
        "Chief Lee",
    )
    assert (copy.agency_id, copy.membership_id) == (paper.bo.agency_id, paper.bo.membership_id)
    assert (copy.version, copy.items) == (paper.record.version, [paper.car, paper.victim])
    assert event.records == [paper.case.pk, paper.car, paper.victim]
    assert event.concerns == [paper.ana.agency_id]
    assert (event.level, event.purpose, event.for_case) == ("view", "criminal_justice", "BR-77")
    assert (event.basis["grant"], event.basis["via"]) == (str(paper.grant.pk), "grant")
    assert event.basis["agreement_version"] == paper.grant.agreement.version
    assert event.facts == {"channel": "paper", "copy": copy.number}
    assert printed.told == {paper.ana.agency_id}


def test_a_copy_shows_what_its_maker_sees_on_screen(paper: Paper) -> None:
    said = briefing_of(paper.copy(paper.bo))
    assert [item["title"] for item in said["items"]] == ["Blue Civic", "Victim 1"]
    assert said["items"][1]["facts"] == []
    assert said["items"][1]["marks"] == ["Identity held back"]
    assert "Vera" not in str(said)
    own = briefing_of(paper.copy(paper.ana))
    assert [item["title"] for item in own["items"]] == ["Blue Civic", "Vera Holm", "Will Tarn"]
    assert own["items"][2]["marks"] == ["Protected", "Held back from everyone outside"]


def test_every_page_says_whose_copy_it_is_for_whom_and_that_it_stays(paper: Paper) -> None:
    marks = briefing_of(paper.copy(paper.bo))["marks"]
    number = BriefingCopy.objects.get().number
    assert marks["handling"] == "LES"
    assert marks["copy"].startswith(f"Copy {number} for Chief Lee by Bo, Bravo Police, ")
    assert marks["purpose"] == "Criminal justice, BR-77."
    assert marks["onward"] == (
        "Not to be passed on without the consent of Alpha Police. Stays inside Bravo Police."
    )
    own = briefing_of(paper.copy(paper.ana))["marks"]
    assert own["onward"] == "Not to be passed on. Stays inside Alpha Police."


def test_only_chosen_items_are_printed_and_the_rest_is_counted(paper: Paper) -> None:
    printed = paper.copy(paper.bo, items=[paper.car])
    said = briefing_of(printed)
    assert [item["title"] for item in said["items"]] == ["Blue Civic"]
    assert said["left_out"] == 1
    assert events("record.printed")[0].records == [paper.case.pk, paper.car]


@pytest.mark.parametrize("item", ["held", "absent"])
def test_an_item_that_is_not_ones_to_read_is_not_printed(paper: Paper, item: str) -> None:
    key = paper.held if item == "held" else uuid4()
    with pytest.raises(Invalid) as refused:
        paper.copy(paper.bo, items=[paper.car, key])
    assert set(refused.value.errors) == {"items"}
    assert not BriefingCopy.objects.exists()
    assert paper.copy(paper.ana, items=[paper.held]).items[0].pk == paper.held


def test_below_the_full_level_there_is_no_copy(paper: Paper) -> None:
    services.narrow_grant(paper.ana, paper.grant.pk, level=Level.SUMMARY)
    with pytest.raises(NotAllowed):
        paper.copy(paper.bo)
    services.narrow_grant(paper.ana, paper.grant.pk, level=Level.POINTER)
    with pytest.raises(NotAllowed):
        paper.copy(paper.bo)
    assert not BriefingCopy.objects.exists()
    assert not events("record.printed")


def test_chosen_items_in_full_are_printed_with_the_summary_of_their_case(paper: Paper) -> None:
    services.revoke_grant(paper.ana, paper.grant.pk, reason_code="need_ended")
    shared(paper.cast, paper.record, items=(paper.car,))
    printed = paper.copy(paper.bo)
    said = briefing_of(printed)
    assert (said["title"], said["summary"]) == ("Garages", "")
    assert [item["title"] for item in said["items"]] == ["Blue Civic"]
    levels = {event.records[0]: event.level for event in events("record.printed")}
    assert levels == {paper.case.pk: "summary", paper.car: "view"}
    with pytest.raises(NotAllowed):
        paper.copy(paper.bo, items=[])


def test_what_is_not_there_for_its_reader_is_not_printed_and_the_attempt_is_logged(
    paper: Paper,
) -> None:
    services.revoke_grant(paper.ana, paper.grant.pk, reason_code="need_ended")
    for key in (paper.case.pk, uuid4(), "no id"):
        with pytest.raises(NotVisible):
            print_case(paper.bo, key, **FOR)
    assert len(events("record.refused")) == 3
    with pytest.raises(NotVisible):
        paper.copy(paper.cast.actor("ida"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"recipient": "  "}, "recipient"),
        ({"recipient": "x" * 121}, "recipient"),
        ({"recipient": "Chief\nLee"}, "recipient"),
        ({"for_case": ""}, "for_case"),
        ({"for_case": "x" * 81}, "for_case"),
        ({"purpose": "curiosity"}, "purpose"),
    ],
)
def test_a_copy_says_for_whom_and_for_what(
    paper: Paper, changes: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        paper.copy(paper.bo, **changes)
    assert set(refused.value.errors) == {field}
    assert not BriefingCopy.objects.exists()


def test_no_log_no_paper(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("the ledger is full")

    monkeypatch.setattr(printing, "record_event", full)
    with pytest.raises(LedgerUnavailable):
        paper.copy(paper.bo)
    assert not BriefingCopy.objects.exists()


def test_each_owner_is_told_of_its_own_and_of_no_other_access(paper: Paper) -> None:
    services.revoke_grant(paper.ana, paper.grant.pk, reason_code="need_ended")
    grant = shared(paper.cast, paper.record, level=Level.CONTRIBUTE)
    services.acknowledge_grant(paper.cast.actor("stella"), grant.pk)
    pawn = add_item(paper.bo, paper.case.pk, kind="vehicle", title="Pawn van").pk
    printed = paper.copy(paper.ana)
    told = {event.records[0]: event for event in events("record.printed")}
    assert set(told) == {paper.case.pk, pawn}
    assert told[paper.case.pk].concerns == [paper.ana.agency_id]
    assert told[paper.case.pk].basis == {"via": "own"}
    assert told[pawn].concerns == [paper.bo.agency_id]
    assert told[pawn].basis["via"] == "cover"
    assert printed.told == {paper.ana.agency_id, paper.bo.agency_id}
    said = briefing_of(printed)
    assert [item["title"] for item in said["contributed"]] == ["Pawn van"]
    assert contribution_of(paper.bo.agency_id or uuid4(), paper.case.pk) is not None


def test_the_holder_lists_its_copies_and_the_owner_those_of_its_partners(paper: Paper) -> None:
    theirs, own = paper.copy(paper.bo).copy, paper.copy(paper.ana).copy
    assert [one.pk for one in copies_for(paper.bo, paper.case.pk).held] == [theirs.pk]
    assert list(copies_for(paper.bo, paper.case.pk).partners) == []
    seen = copies_for(paper.ana, paper.case.pk)
    assert ([one.pk for one in seen.held], [one.pk for one in seen.partners]) == (
        [own.pk],
        [theirs.pk],
    )
    for outsider in ("ida", "cora"):
        found = copies_for(paper.cast.actor(outsider), paper.case.pk)
        assert (list(found.held), list(found.partners)) == ([], [])
    assert copies_for(Actor(person_id=paper.ana.person_id), paper.case.pk).lists[0][1] == ()


def test_after_its_access_has_ended_an_agency_still_knows_its_numbers(paper: Paper) -> None:
    copy = paper.copy(paper.bo).copy
    services.revoke_grant(paper.ana, paper.grant.pk, reason_code="need_ended")
    assert list(copies_for(paper.bo, paper.case.pk).held) == []
    assert paper.bo.agency_id
    assert [one.number for one in copies_held(paper.bo.agency_id, paper.case.pk)] == [copy.number]


def test_a_void_copy_is_listed_no_more_and_said_to_be_void_once(paper: Paper) -> None:
    printed = paper.copy(paper.bo)
    for _ in range(2):
        void_copy(paper.bo, printed.copy, concerns=printed.told)
    voided = events("copy.voided")
    assert [(one.concerns, one.facts["copy"]) for one in voided] == [
        ([paper.ana.agency_id], printed.copy.number)
    ]
    assert list(copies_for(paper.bo, paper.case.pk).held) == []


def test_nobody_voids_the_copy_of_another_agency(paper: Paper) -> None:
    printed = paper.copy(paper.bo)
    void_copy(paper.ana, printed.copy, concerns=printed.told)
    assert events("copy.voided") == []
    assert len(copies_for(paper.bo, paper.case.pk).held) == 1


def test_a_number_is_given_once_in_an_agency_and_another_is_taken_instead(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter([7, 7, 8, *[8] * 30])
    monkeypatch.setattr(copies.secrets, "randbelow", lambda most: next(drawn))
    numbers = [paper.copy(paper.bo).copy.number for _ in range(2)]
    assert numbers == ["BC-100007", "BC-100008"]
    with pytest.raises(Conflict):
        paper.copy(paper.bo)


def test_the_database_refuses_a_copy_for_nobody(paper: Paper) -> None:
    copy = paper.copy(paper.bo).copy
    with pytest.raises(IntegrityError), transaction.atomic():
        BriefingCopy.objects.filter(pk=copy.pk).update(recipient="")
    post = paper.cast.posts["bo"]
    with pytest.raises(IntegrityError), transaction.atomic():
        copies.number_copy(
            post, record_id=paper.case.pk, version=1, recipient="", purpose="x", for_case="y"
        )
