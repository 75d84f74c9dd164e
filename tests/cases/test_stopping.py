"""Shared by mistake: stopped at once, called back from whoever has it, answered for, noted."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError

from agencies.actors import Actor
from agencies.codes import Level, Sensitivity
from agencies.refusals import Conflict, Invalid, NotAllowed, NotVisible, Refusal
from agencies.services import add_membership, admit_person, set_agency_status
from cases.models import Case, Item
from cases.services import add_item, amend_case, amend_item, open_case, stop_sharing
from ledger.models import Event
from sharing import services
from sharing.actions import Action
from sharing.contributions import contribution_of
from sharing.disclosure import list_records, open_record
from sharing.holders import holders_of, knows_case
from sharing.models import Grant, Notification, Recall, RecallReceipt, Record
from sharing.recalls import given_recalls, receipts_for
from sharing.services import recalling
from tests.cast import PORTAL, in_days, readable, terms, two_agencies
from tests.truth.world import tell

pytestmark = pytest.mark.django_db

SECRET = "Jane Roe"


class World:
    """Alpha's case with a victim by mistake shown; Bravo holds it, Charlie and Dora one by one."""

    def __init__(self) -> None:
        self.cast = two_agencies()
        for name in ("charlie", "delta"):
            self.cast.agency(name)
        self.cast.person("ash", "charlie", "analyst")
        self.cast.person("abi", "charlie", "analyst")
        self.cast.person("cy", "charlie", "supervisor")
        self.cast.person("dora", "delta", "analyst")
        self.cast.person("low", "bravo", "analyst", ceiling=Sensitivity.ROUTINE)
        self.cast.agree("M2", "alpha", "charlie")
        self.cast.agree("M3", "alpha", "bravo", "delta", "charlie")
        self.case = open_case(
            self.cast.actor("ana"), title="Alder Street", type="burglary", summary="Doors"
        ).pk
        self.item = self.add("person", SECRET, role="associate", fields={"surname": "Roe"})
        self.other = self.add("note", "Later that day", fields={"text": "Ms. Roe was at home"})

    def add(self, kind: str, title: str, **values: Any) -> UUID:
        return add_item(self.cast.actor("ana"), self.case, kind=kind, title=title, **values).pk

    def give(self, to: str, record: UUID | None = None, **changes: Any) -> None:
        request = services.offer_record(
            self.cast.actor("ana"),
            record_id=record or self.case,
            roster_id=self.cast.rosters[to],
            terms=terms(**changes),
        )
        services.approve_request(self.cast.actor("sam"), request.pk)

    def record(self, key: UUID | None = None) -> Record:
        return Record.objects.unrestricted("a test looks").get(pk=key or self.item)

    def sent(self, key: UUID | None = None) -> Recall:
        """Stop an item and call it back."""
        recall = stop_sharing(self.cast.actor("ana"), key or self.item)
        return services.send_recall(self.cast.actor("ana"), recall.pk, due_at=in_days(3))


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize("name", ["ana", "lee", "sam"])
def test_any_of_the_owner_s_readers_stops_an_item_at_once(world: World, name: str) -> None:
    world.give("bravo")
    assert SECRET in readable(world.cast, "bo", Action.READ)
    recall = stop_sharing(world.cast.actor(name), world.item)
    assert SECRET not in readable(world.cast, "bo", Action.KNOW)
    assert "Later that day" in readable(world.cast, "bo")
    assert Item.objects.unrestricted("a test looks").get(pk=world.item).withheld
    assert (recall.owner_id, recall.label, recall.sent_at) == (
        world.cast.id("alpha"),
        world.record().label,
        None,
    )


@pytest.mark.parametrize("name", ["bo", "dora", "ida", "cora"])
def test_nobody_else_stops_it(world: World, name: str) -> None:
    world.give("bravo")
    with pytest.raises((NotVisible, NotAllowed)) as refusal:
        stop_sharing(world.cast.actor(name), world.item)
    assert (refusal.type is NotAllowed) == (name == "bo")
    assert not Recall.objects.exists()
    assert SECRET in readable(world.cast, "bo", Action.READ)


def test_what_was_chosen_by_itself_is_stopped_too(world: World) -> None:
    world.give("bravo", items=[world.item])
    stop_sharing(world.cast.actor("ana"), world.item)
    assert SECRET not in readable(world.cast, "bo", Action.KNOW)
    assert "Alder Street" in readable(world.cast, "bo", Action.LIST)
    reasons = Event.objects.filter(kind="grant.revoked").values_list("facts__reason_code")
    assert list(reasons) == [("released_in_error",)]


def test_what_is_held_back_and_given_alone_is_stopped(world: World) -> None:
    item = world.record()
    amend_item(world.cast.actor("ana"), item.pk, version=item.version, withheld=True)
    world.give("bravo", items=[world.item])
    assert SECRET in readable(world.cast, "bo", Action.READ)
    stop_sharing(world.cast.actor("ana"), world.item)
    assert SECRET not in readable(world.cast, "bo", Action.KNOW)


def test_stopping_again_goes_on_with_the_same_recall(world: World) -> None:
    world.give("bravo")
    first = stop_sharing(world.cast.actor("ana"), world.item)
    assert stop_sharing(world.cast.actor("sam"), world.item).pk == first.pk
    services.send_recall(world.cast.actor("ana"), first.pk, due_at=in_days(3))
    assert stop_sharing(world.cast.actor("ana"), world.item).pk != first.pk


def test_a_case_is_stopped_for_everybody_in_every_way(world: World) -> None:
    world.give("bravo")
    world.give("ash", items=[world.item])
    request = services.offer_standing(
        world.cast.actor("ana"),
        roster_id=world.cast.id("delta"),
        category="investigation",
        terms=terms(),
    )
    services.approve_request(world.cast.actor("sam"), request.pk)
    case = Case.objects.unrestricted("a test looks").select_related("record").get(pk=world.case)
    amend_case(
        world.cast.actor("ana"), world.case, version=case.record.version, findability="listed"
    )
    readers = ("bo", "ash", "dora")
    assert all(SECRET in readable(world.cast, name, Action.READ) for name in readers)
    recall = stop_sharing(world.cast.actor("ana"), world.case)
    assert [readable(world.cast, name, Action.KNOW) for name in readers] == [set()] * 3
    asked = recall.receipts.values_list("agency__short_name", "holders")
    assert dict(asked) == {
        "bravo": None,
        "charlie": [world.cast.posts["ash"].pk],
        "delta": None,
    }
    assert stop_sharing(world.cast.actor("ana"), world.case).pk == recall.pk


def test_what_is_not_there_and_what_only_holds_others_are_not_stopped(world: World) -> None:
    world.give("bravo", level=Level.CONTRIBUTE)
    grant = Grant.objects.get(roster_id=world.cast.id("bravo"))
    services.acknowledge_grant(world.cast.actor("stella"), grant.pk)
    contribution = contribution_of(world.cast.id("bravo"), world.case)
    assert contribution is not None
    for key in (uuid4(), contribution.pk):
        with pytest.raises(NotVisible):
            stop_sharing(world.cast.actor("bo"), key)


def test_who_has_it_are_those_who_read_it_were_told_or_may_read_it(world: World) -> None:
    world.give("bravo")
    world.give("ash", items=[world.item])
    open_record(world.cast.actor("bo"), Item, world.item)
    open_record(world.cast.actor("stella"), Item, world.item)
    open_record(world.cast.actor("stella"), Item, world.item)
    list_records(world.cast.actor("bo"), [world.record()])
    open_record(world.cast.actor("ana"), Item, world.item)
    services.log_hand_over(
        world.cast.actor("ana"), world.case, items=[world.item], **told(agency_id=None)
    )
    found = {one.name: one for one in holders_of(world.record())}
    assert {name: one.shown for name, one in found.items()} == {
        "Bravo Police": {"opened": 2, "listed": 1},
        "Charlie Police": {},
        "Clerk of the court": {},
    }
    assert (found["Bravo Police"].posts, found["Clerk of the court"].told) == (None, 1)
    assert found["Charlie Police"].posts == {world.cast.posts["ash"].pk}


def test_whoever_read_it_once_has_it_though_the_access_ended(world: World) -> None:
    world.give("bo")
    open_record(world.cast.actor("bo"), Item, world.item)
    stop_sharing(world.cast.actor("ana"), world.case)
    found = holders_of(world.record())
    assert [(one.name, one.posts) for one in found] == [
        ("Bravo Police", {world.cast.posts["bo"].pk})
    ]


def test_a_task_force_s_people_are_asked_by_their_own_agencies(world: World) -> None:
    world.cast.agree("river", "alpha", "bravo", "charlie")
    world.cast.task_force("river", "bravo", "river", "bo", "ash")
    world.give("river")
    found = {one.name: one.posts for one in holders_of(world.record())}
    assert found == {
        "Bravo Police": {world.cast.posts["bo"].pk},
        "Charlie Police": {world.cast.posts["ash"].pk},
    }


def test_the_number_of_the_case_is_named_to_whoever_knew_it(world: World) -> None:
    world.give("bravo")
    world.give("delta", record=world.item)
    agencies = [world.cast.id(name) for name in ("bravo", "charlie", "delta")]
    assert knows_case(world.record(), agencies) == {world.cast.id("bravo")}
    open_record(world.cast.actor("bo"), Case, world.case)
    assert knows_case(world.record(world.case), agencies) == set(agencies)


def test_a_recall_goes_to_the_holders_and_tells_them_no_title(world: World) -> None:
    world.give("bravo")
    world.give("ash", items=[world.item])
    world.sent()
    tell()
    told_ = Notification.objects.filter(kind="recall.sent").values_list(
        "membership__person__name", flat=True
    )
    assert set(told_) == {"Ash", "Bo", "Cy", "Stella"}


def test_who_is_asked_sees_the_notice_and_nobody_else_does(world: World) -> None:
    world.give("bravo")
    world.give("ash", items=[world.item])
    recall = stop_sharing(world.cast.actor("ana"), world.item)
    people = ("bo", "stella", "low", "ash", "abi", "cy", "dora", "ida", "ana")
    assert not any(receipts_for(world.cast.actor(name)).exists() for name in people)
    services.send_recall(world.cast.actor("ana"), recall.pk, due_at=in_days(3))
    asked = {name for name in people if receipts_for(world.cast.actor(name)).exists()}
    assert asked == {"bo", "stella", "ash", "cy"}
    owners = {name for name in people if given_recalls(world.cast.actor(name)).exists()}
    assert owners == {"ana"}
    assert not receipts_for(Actor(person_id=uuid4())).exists()


def test_the_suspended_are_asked_once_they_are_back(world: World) -> None:
    world.give("bravo")
    world.sent()
    set_agency_status(PORTAL, world.cast.agencies["bravo"], status="suspended")
    assert not receipts_for(world.cast.actor("bo")).exists()
    set_agency_status(PORTAL, world.cast.agencies["bravo"], status="active")
    assert receipts_for(world.cast.actor("bo")).exists()


def test_a_recall_is_sent_once_by_the_owner_in_time(world: World) -> None:
    world.give("bravo")
    recall = stop_sharing(world.cast.actor("ana"), world.item)
    with pytest.raises(NotVisible):
        services.send_recall(world.cast.actor("bo"), recall.pk, due_at=in_days(3))
    with pytest.raises(Invalid):
        services.send_recall(world.cast.actor("ana"), recall.pk, due_at=in_days(-1))
    sent = services.send_recall(world.cast.actor("ana"), recall.pk, due_at=in_days(3))
    assert sent.sent_at is not None
    with pytest.raises(Conflict):
        services.send_recall(world.cast.actor("ana"), recall.pk, due_at=in_days(3))
    event = Event.objects.get(kind="recall.sent")
    assert set(event.concerns) == {world.cast.id("alpha"), world.cast.id("bravo")}
    assert SECRET not in str(event.facts)


def test_who_is_found_to_have_it_before_it_is_sent_is_asked_too(world: World) -> None:
    world.give("bo")
    recall = stop_sharing(world.cast.actor("ana"), world.item)
    services.log_hand_over(
        world.cast.actor("ana"),
        world.case,
        items=[world.item],
        **told(agency_id=world.cast.id("delta"), recipient=""),
    )
    post = world.cast.posts["stella"]
    Event.objects.create(
        kind="record.opened",
        person=post.person_id,
        membership=post.pk,
        agency=post.agency_id,
        records=[world.item],
    )
    services.send_recall(world.cast.actor("ana"), recall.pk, due_at=in_days(3))
    asked = dict(recall.receipts.values_list("agency__short_name", "holders"))
    assert asked == {
        "bravo": sorted([world.cast.posts["bo"].pk, post.pk]),
        "delta": [],
    }


ANSWERS = [
    ("destroyed", ""),
    ("returned", ""),
    ("not_found", ""),
    ("retained_by_law", "RCW 42.56"),
    ("court_file", "24-2-01833-1"),
    ("passed_on", "County prosecutor"),
]


@pytest.mark.parametrize(("answer", "text"), ANSWERS)
def test_a_holder_answers_and_the_owner_is_told(world: World, answer: str, text: str) -> None:
    world.give("bravo")
    recall = world.sent()
    receipt = recall.receipts.get()
    done = services.answer_recall(world.cast.actor("bo"), receipt.pk, answer=answer, text=text)
    assert (done.answer, done.answer_text, done.answered_by_id) == (
        answer,
        text,
        world.cast.posts["bo"].pk,
    )
    event = Event.objects.get(kind="recall.answered")
    assert (event.facts["answer"], event.agency) == (answer, world.cast.id("bravo"))
    tell()
    notice = Notification.objects.get(kind="recall.answered")
    assert notice.membership_id == world.cast.posts["ana"].pk


@pytest.mark.parametrize("answer", ["retained_by_law", "court_file", "passed_on", "burnt"])
def test_an_answer_says_what_it_must(world: World, answer: str) -> None:
    world.give("bravo")
    receipt = world.sent().receipts.get()
    with pytest.raises(Invalid):
        services.answer_recall(world.cast.actor("bo"), receipt.pk, answer=answer, text=" ")
    with pytest.raises(Invalid):
        services.answer_recall(
            world.cast.actor("bo"), receipt.pk, answer="destroyed", text="x" * 2001
        )
    receipt.refresh_from_db()
    assert receipt.answer == ""


def test_a_later_answer_takes_the_place_and_the_same_one_changes_nothing(world: World) -> None:
    world.give("bravo")
    receipt = world.sent().receipts.get()
    for answer in ("not_found", "not_found", "destroyed"):
        services.answer_recall(world.cast.actor("bo"), receipt.pk, answer=answer)
    answered = Event.objects.filter(kind="recall.answered").order_by("seq")
    assert [one.facts["answer"] for one in answered] == ["not_found", "destroyed"]
    receipt.refresh_from_db()
    assert receipt.answer == "destroyed"


@pytest.mark.parametrize(
    ("name", "refusal"),
    [("dora", NotVisible), ("low", NotVisible), ("ana", NotAllowed), ("abe", NotVisible)],
)
def test_only_whoever_is_asked_answers(world: World, name: str, refusal: type[Refusal]) -> None:
    world.give("bravo")
    receipt = world.sent().receipts.get()
    with pytest.raises(refusal):
        services.answer_recall(world.cast.actor(name), receipt.pk, answer="destroyed")


def test_nothing_is_answered_before_it_is_asked(world: World) -> None:
    world.give("bravo")
    receipt = stop_sharing(world.cast.actor("ana"), world.item).receipts.get()
    for name in ("bo", "ana"):
        with pytest.raises(NotVisible):
            services.answer_recall(world.cast.actor(name), receipt.pk, answer="destroyed")


@pytest.mark.parametrize("outside", [True, False])
def test_the_owner_notes_the_answer_of_whoever_is_not_in_the_portal(
    world: World, outside: bool
) -> None:
    whom = {} if outside else {"agency_id": world.cast.id("delta"), "recipient": ""}
    services.log_hand_over(world.cast.actor("ana"), world.case, items=[world.item], **told(**whom))
    set_agency_status(PORTAL, world.cast.agencies["delta"], status="suspended")
    receipt = world.sent().receipts.get()
    done = services.answer_recall(
        world.cast.actor("lee"), receipt.pk, answer="returned", text="By mail on Friday"
    )
    assert (done.answer, done.answered_by_id) == ("returned", world.cast.posts["lee"].pk)


def told(**changes: Any) -> dict[str, Any]:
    return {
        "means": "voice",
        "told_at": in_days(-1),
        "purpose": "criminal_justice",
        "recipient": "Clerk of the court",
        **changes,
    }


def test_only_one_recall_waits_to_be_sent(world: World) -> None:
    stop_sharing(world.cast.actor("ana"), world.item)
    assert Recall.objects.filter(record_id=world.item, sent_at__isnull=True).count() == 1
    assert RecallReceipt.objects.count() == 0


def test_another_post_of_the_same_person_is_asked_by_its_own_agency(world: World) -> None:
    world.give("bravo")
    person = admit_person(PORTAL, email="two@x.example", name="Two")
    for agency in ("bravo", "delta"):
        add_membership(PORTAL, person, world.cast.agencies[agency], roles=["analyst"], ceiling=3)
    world.sent()
    assert [one.agency_id for one in RecallReceipt.objects.all()] == [world.cast.id("bravo")]


def test_a_number_that_is_taken_is_not_given_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = iter([1, 1, 2])
    monkeypatch.setattr("sharing.services.recalling.secrets.randbelow", lambda _: next(numbers))
    given = [stop_sharing(world.cast.actor("ana"), key).number for key in (world.item, world.other)]
    assert given == ["RC-100001", "RC-100002"]


def test_where_no_number_is_free_nothing_is_stopped_half(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sharing.services.recalling.secrets.randbelow", lambda _: 1)
    stop_sharing(world.cast.actor("ana"), world.item)
    with pytest.raises(Conflict):
        stop_sharing(world.cast.actor("ana"), world.other)
    assert not Item.objects.unrestricted("a test looks").get(pk=world.other).withheld


def test_any_other_failure_to_write_a_recall_is_said(world: World) -> None:
    with pytest.raises(IntegrityError):
        recalling._numbered(record_id=world.item, owner_id=world.cast.id("alpha"))
