"""Who saw this case between then and then, and why: the auditor's question and its answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db.models.functions import Now

from agencies.actors import Actor, acting_as
from agencies.codes import Role, Sensitivity
from agencies.models import Membership, Secondment
from agencies.refusals import NotVisible
from cases.models import Case
from ledger.services import record_event
from sharing.audit.answer import Section, readers_of_case, section, sections, weak_reasons
from sharing.audit.entries import Entry
from sharing.audit.question import Question, cases_meant, question_about
from sharing.disclosure import list_records, open_record
from tests.sharing import factory as make


class Read(make.World):
    """Bo opened and listed a case of Alpha and its item, Ana opened it, Bo failed at another."""

    def __init__(self) -> None:
        super().__init__()
        self.case, self.hidden = make.a_case(self.alpha), make.a_case(self.alpha)
        self.item = make.an_item(self.case.record, label="Vehicle 1")
        self.other = make.a_case(self.charlie)
        self.grant = self.share(self.case.record)
        self.share(self.other.record)
        open_record(self.bo, Case, self.case.pk)
        list_records(self.bo, [self.item, self.other.record])
        open_record(self.ana, Case, self.case.pk)
        with pytest.raises(NotVisible):
            open_record(self.bo, Case, self.hidden.pk)
        self.ida = self.someone(Role.AUDITOR)
        self.sam = self.someone(Role.SUPERVISOR)

    def someone(self, *roles: str, **fields: Any) -> Actor:
        """Return another member of Alpha."""
        return make.an_actor(self.alpha, "", *roles, **fields)

    def ask(self, actor: Actor | None = None, case: Any = None, **period: Any) -> Question:
        """Return the question of the auditor about the case, unless said."""
        asked = question_about(actor or self.ida, (case or self.case).pk, **period)
        assert asked is not None
        return asked


@pytest.fixture
def world(db: None) -> Read:
    return Read()


def kinds(question: Question) -> dict[str, list[str]]:
    return {part.key: [entry.line.kind for entry in part.entries] for part in sections(question)}


def newest(question: Question, key: str = "outside") -> Entry:
    return section(question, key).entries[0]


def test_the_answer_has_others_reads_ones_own_attempts_in_vain_and_receipts(world: Read) -> None:
    assert kinds(world.ask()) == {
        "outside": ["record.listed", "record.opened"],
        "inside": ["record.opened"],
        "refused": [],
        "receipts": [],
    }
    assert kinds(world.ask(case=world.hidden)) == {
        "outside": [],
        "inside": [],
        "refused": ["record.refused"],
        "receipts": [],
    }


def test_attempts_in_vain_are_an_auditors_to_see(world: Read) -> None:
    question = world.ask(world.sam, world.hidden)
    assert "refused" not in kinds(question)
    assert section(question, "refused").entries == []
    assert len(section(world.ask(case=world.hidden), "refused").entries) == 1


def test_what_was_stopped_and_acknowledged_is_a_receipt_and_what_was_told_an_outside_read(
    world: Read,
) -> None:
    for kind in ("grant.acknowledged", "grant.revoked", "record.recalled", "record.told"):
        record_event(
            world.ana, kind, records=[world.case.pk], concerns=[world.alpha.pk], purpose="x"
        )
    found = kinds(world.ask())
    assert found["receipts"] == ["record.recalled", "grant.revoked", "grant.acknowledged"]
    assert found["outside"] == ["record.told", "record.listed", "record.opened"]
    assert found["inside"] == ["record.opened"]


def test_nobody_asks_but_release_authority_and_auditors_of_the_owner(world: Read) -> None:
    pretender = Actor(
        person_id=world.bo.person_id,
        membership_id=world.bo.membership_id,
        agency_id=world.alpha.pk,
        roles=("auditor",),
    )
    others = (
        *(world.ana, world.bo, pretender, world.someone(Role.COORDINATOR)),
        make.an_actor(world.bravo, "", Role.AUDITOR),
        make.an_actor(world.bravo, "", Role.SUPERVISOR),
        Actor(person_id=world.ana.person_id, is_administrator=True),
    )
    for actor in others:
        assert question_about(actor, world.case.pk) is None
    assert question_about(world.sam, world.case.pk) is not None


def test_there_is_no_question_about_what_is_no_case_of_ones_agency(world: Read) -> None:
    for key in (world.other.pk, world.item.pk, uuid4()):
        assert question_about(world.ida, key) is None


def test_a_post_that_ends_ends_the_answer_too(world: Read) -> None:
    question = world.ask()
    assert question.events().count() == 3
    Membership.objects.filter(pk=world.ida.membership_id).update(ended_at=Now())
    assert question.events().count() == 0


def test_release_authority_below_the_ceiling_is_not_answered_but_an_auditor_is(
    world: Read,
) -> None:
    make.change(world.case.record, sensitivity=Sensitivity.CONFIDENTIAL)
    low = world.someone(Role.SUPERVISOR, ceiling=Sensitivity.SENSITIVE)
    assert question_about(low, world.case.pk) is None
    assert cases_meant(low, world.case.number) == []
    auditor = world.someone(Role.AUDITOR, ceiling=Sensitivity.ROUTINE)
    assert question_about(auditor, world.case.pk) is not None


@pytest.mark.parametrize(
    ("period", "lines"),
    [
        ({"since": make.days(-1)}, 2),
        ({"since": make.days(1)}, 0),
        ({"until": make.days(1)}, 2),
        ({"until": make.days(-1)}, 0),
        ({"since": make.days(-1), "until": make.days(1)}, 2),
    ],
)
def test_the_answer_is_of_the_period(world: Read, period: dict[str, Any], lines: int) -> None:
    assert len(section(world.ask(**period), "outside").entries) == lines


def test_a_case_is_meant_by_our_number_or_its_owners(world: Read) -> None:
    def meant(number: str, actor: Actor = world.ida) -> list[UUID]:
        return [case.pk for case in cases_meant(actor, number)]

    cases = Case.objects.unrestricted("a test gives a number")
    cases.filter(pk__in=[world.case.pk, world.other.pk]).update(own_number_key="241832")
    assert meant(f" {world.case.number.lower()} ") == [world.case.pk]
    assert meant("24-1832") == meant("24 1832") == [world.case.pk]
    assert meant(world.other.number) == meant("") == meant("\x00") == meant("24-183") == []
    cases.filter(pk=world.hidden.pk).update(own_number_key="241832")
    assert set(meant("24/1832")) == {world.case.pk, world.hidden.pk}
    assert meant("24-1832", world.bo) == []
    assert meant("24-1832", Actor(person_id=world.ana.person_id)) == []


def test_a_line_says_who_as_what_did_what_to_what_for_what_and_by_whose_leave(
    world: Read,
) -> None:
    decision = world.grant.decision
    decision.on_behalf_of = "Sgt. Wu"
    decision.save()
    entry = section(world.ask(), "outside").entries[1]
    assert (entry.what, entry.who, entry.agency) == ("Opened", "Bo", "Bravo Police")
    assert (entry.role, entry.on_what, entry.level) == ("Investigator / analyst", "Case", "Full")
    assert (entry.use, entry.for_case) == ("Criminal justice", "BR-77")
    assert (entry.reason, entry.on_behalf_of) == ("Same crew", "Sgt. Wu")
    assert (entry.request, entry.derived) == (decision.number, False)
    assert entry.approved_by == world.grant.issued_by.person.name
    assert entry.agreement == f"{world.agreement.number} v{world.agreement.version}"
    assert (entry.copy, entry.weak) == ("", False)


def test_ones_own_reading_rests_on_nothing_and_the_portals_on_nobody(world: Read) -> None:
    entry = newest(world.ask(), "inside")
    assert (entry.who, entry.level) == ("Ana", "Own")
    assert (entry.request, entry.approved_by, entry.agreement, entry.use) == ("", "", "", "")
    from ledger.doer import Portal

    record_event(Portal(), "grant.revoked", records=[world.case.pk], concerns=[world.alpha.pk])
    portal = newest(world.ask(), "receipts")
    assert (portal.who, portal.agency, portal.what) == ("The portal", "", "Access stopped")
    record_event(world.ana, "recall.renewed", records=[world.case.pk], concerns=[world.alpha.pk])
    assert newest(world.ask(), "receipts").what == "Recall renewed"


def test_a_list_names_only_ones_own_and_the_access_that_stood_behind_it(world: Read) -> None:
    entry = newest(world.ask())
    assert [record["id"] for record in entry.line.records] == [world.item.pk]
    assert (entry.what, entry.on_what, entry.level) == ("Listed", "Vehicle 1", "")
    assert (entry.derived, entry.request) == (True, world.grant.decision.number)
    assert (entry.agreement, entry.for_case) == (world.agreement.number, "BR-77")
    assert (entry.approved_by, entry.use) == (
        world.grant.issued_by.person.name,
        "Criminal justice",
    )


def listed_by(world: Read, actor: Actor) -> Entry:
    """Return the line of a list that *actor* was just shown."""
    list_records(actor, [world.case.record])
    return newest(world.ask())


def test_behind_a_list_may_stand_an_access_of_a_person_or_of_a_task_force(world: Read) -> None:
    post = make.a_membership(world.charlie, "cleo")
    cleo = acting_as(post)
    assert listed_by(world, cleo).derived is False
    force = make.a_task_force(world.alpha, world.agreement, post)
    given = world.share(world.case.record, force)
    assert listed_by(world, cleo).request == given.decision.number
    Secondment.objects.update(ended_at=Now())
    assert listed_by(world, cleo).derived is False
    own = world.share(world.case.record, post)
    assert listed_by(world, cleo).request == own.decision.number


def test_an_access_that_was_over_stands_behind_nothing_and_a_standing_one_does(
    world: Read,
) -> None:
    type(world.grant).objects.filter(pk=world.grant.pk).update(
        revoked_at=Now(), revoke_reason="need_ended"
    )
    assert listed_by(world, world.bo).derived is False
    standing = make.a_standing_grant(world.alpha, world.bravo, world.agreement)
    assert listed_by(world, world.bo).request == standing.decision.number


def test_reasons_that_say_nothing_are_marked_and_counted(world: Read) -> None:
    assert weak_reasons(world.ask()) == 0
    open_record(replace(world.bo, for_case="case"), Case, world.case.pk)
    question = world.ask()
    assert (weak_reasons(question), newest(question).weak) == (1, True)
    list_records(replace(world.bo, for_case="inv"), [world.case.record])
    question = world.ask()
    assert (weak_reasons(question), newest(question).weak) == (2, True)
    decision = world.grant.decision
    decision.reason = "police work"
    decision.save()
    assert weak_reasons(world.ask()) == 3
    assert [entry.weak for entry in section(world.ask(), "outside").entries] == [
        True,
        True,
        False,
        True,
    ]
    assert newest(world.ask(), "inside").weak is False


def test_each_reader_is_one_line_with_how_often_and_when(world: Read) -> None:
    open_record(world.bo, Case, world.case.pk)
    readers = readers_of_case(world.ask())
    assert [(one.person, one.agency, one.counts) for one in readers] == [
        ("Bo", "Bravo Police", [("Listed", 1), ("Opened", 2)])
    ]
    assert readers[0].first < readers[0].last
    assert readers_of_case(world.ask(case=world.hidden)) == []


def test_a_section_shows_its_newest_lines_and_says_that_there_are_more(world: Read) -> None:
    def shown(part: Section) -> tuple[list[str], bool]:
        return [entry.line.kind for entry in part.entries], part.more

    question = world.ask()
    assert shown(section(question, "outside", most=1)) == (["record.listed"], True)
    assert shown(section(question, "outside", most=2))[1] is False


def test_what_a_contributor_added_is_its_own_to_ask_about(world: Read) -> None:
    theirs = make.an_item(
        world.case.record, owner=world.bravo, originator=world.bravo, label="Vehicle 2"
    )
    assert set(world.ask().records) == {world.case.pk, world.item.pk}
    assert theirs.pk not in world.ask().records
