"""Telling: once, to whoever may know, in words for who reads; mail holds ids and links alone."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.db import connection, transaction
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from agencies.actors import Actor, acting_as
from agencies.codes import Role, Sensitivity
from agencies.models import Agency, Membership
from agencies.refusals import NotVisible
from ledger.courier import deliver_batch
from ledger.kinds import handler_of
from ledger.models import Message
from ledger.services import Ref, Tell, record_event
from sharing.models import Grant, Notification, Record, ShareRequest
from sharing.telling import describe, describe_all, mark_read, notifications_for
from sharing.telling.kinds import HEADINGS, MAIL
from sharing.telling.wording import SENTENCES
from tests.sharing import factory as make


class Office(make.World):
    """Alpha has a supervisor and a desk beside Ana; Bravo has Bea beside Bo."""

    def __init__(self) -> None:
        super().__init__()
        self.sam = make.an_actor(self.alpha, "sam", Role.SUPERVISOR)
        self.dee = make.an_actor(self.alpha, "dee", Role.LIAISON)
        self.bea = make.an_actor(self.bravo, "bea")

    def tell(self, by: Any, kind: str, about: Any, roster: UUID, role: str = "") -> Message:
        """Write an event with one message and return it."""
        with transaction.atomic():
            event = record_event(by, kind, about, tell=[Tell(kind, roster, role=role)])
        return event.messages.get()

    def ask(self, record: Record, **fields: Any) -> ShareRequest:
        """Write Bo's request for *record*, waiting."""
        return make.a_request(
            record,
            Membership.objects.get(pk=self.sam.membership_id),
            **{
                "state": "submitted",
                "decided_by": None,
                "decided_at": None,
                "requested_by_id": self.bo.membership_id,
                "recipient": self.bravo,
                "roster_id": self.bravo.pk,
            }
            | fields,
        )


@pytest.fixture
def world(db: None) -> Office:
    return Office()


def told() -> list[UUID]:
    return sorted(Notification.objects.values_list("membership_id", flat=True))


def deliver_all() -> None:
    while deliver_batch():
        pass


def of(*actors: Actor) -> list[UUID]:
    return sorted(actor.seat for actor in actors)


def test_every_kind_has_a_handler_a_heading_and_a_sentence() -> None:
    assert HEADINGS.keys() == SENTENCES.keys()
    for kind in (*HEADINGS, MAIL):
        assert callable(handler_of(kind))


def test_a_request_is_told_to_the_owners_release_authority_alone(world: Office) -> None:
    request = world.ask(make.a_record(world.alpha))
    world.tell(world.bo, "request.received", request, world.alpha.pk, Role.SUPERVISOR)
    deliver_all()
    assert told() == of(world.sam)
    notice = notifications_for(world.sam).get()
    said = describe(world.sam, notice)
    assert said.text == f"{request.number}: Bravo Police asks for a decision about a case."
    assert said.why == "You get this because you hold release authority for Alpha Police."
    assert (said.url, notice.record) == (f"/requests/{request.pk}/", None)


def test_a_release_authority_that_may_not_manage_the_record_is_not_told(world: Office) -> None:
    low = make.an_actor(world.alpha, "", Role.SUPERVISOR, ceiling=Sensitivity.ROUTINE)
    request = world.ask(make.a_record(world.alpha))
    world.tell(world.bo, "request.received", request, world.alpha.pk, Role.SUPERVISOR)
    deliver_all()
    assert told() == of(world.sam)
    assert low.seat not in told()


def test_own_actions_never_notify_through_any_post(world: Office) -> None:
    person = Membership.objects.get(pk=world.bo.seat).person
    other = make.an_actor(world.alpha, "", Role.SUPERVISOR, person=person)
    request = world.ask(make.a_record(world.alpha))
    world.tell(world.bo, "request.received", request, world.alpha.pk, Role.SUPERVISOR)
    deliver_all()
    assert told() == of(world.sam)
    assert other.seat not in told()


def test_a_release_is_told_to_readers_who_reach_the_record_by_now(world: Office) -> None:
    record = make.a_record(world.alpha)
    grant = world.share(record)
    make.an_actor(world.bravo, "low", ceiling=Sensitivity.ROUTINE)
    make.an_actor(world.bravo, "aud", Role.AUDITOR)
    make.a_membership(world.bravo, ended_at=make.days(-0.1))
    world.tell(world.sam, "grant.issued", grant, world.bravo.pk)
    deliver_all()
    assert told() == of(world.bo, world.bea)
    assert notifications_for(world.bo).get().record == record.pk


def test_a_release_revoked_before_the_courier_came_is_told_to_nobody(world: Office) -> None:
    grant = world.share(make.a_record(world.alpha))
    message = world.tell(world.sam, "grant.issued", grant, world.bravo.pk)
    revoke(grant)
    deliver_all()
    assert told() == []
    message.refresh_from_db()
    assert message.state == "delivered"


def revoke(grant: Grant) -> None:
    Grant.objects.filter(pk=grant.pk).update(revoked_at=Now(), revoke_reason="released_in_error")


def test_a_recall_reaches_those_who_could_read_and_names_no_case(world: Office) -> None:
    case = make.a_case(world.alpha, title="The Harbor job")
    grant = world.share(case.record)
    revoke(grant)
    make.an_actor(world.bravo, "low", ceiling=Sensitivity.ROUTINE)
    world.tell(world.sam, "grant.revoked", grant, world.bravo.pk)
    deliver_all()
    assert told() == of(world.bo, world.bea)
    said = describe(world.bo, notifications_for(world.bo).get())
    number = grant.decision.number
    assert said.text == (
        f"Recall: the access under {number} from Alpha Police has ended. Stop using it. "
        "Reason: Released in error."
    )
    assert said.url == ""


def test_what_may_be_known_no_more_leaves_the_list_and_its_words(world: Office) -> None:
    case = make.a_case(world.alpha)
    grant = world.share(case.record)
    world.tell(world.sam, "grant.issued", grant, world.bravo.pk)
    deliver_all()
    notice = notifications_for(world.bo).get()
    assert case.number in describe(world.bo, notice).text
    revoke(grant)
    assert not notifications_for(world.bo).exists()
    assert case.number not in describe(world.bo, notice).text
    with pytest.raises(NotVisible):
        mark_read(world.bo, notice.pk)


def test_a_task_forces_members_are_told_and_former_ones_are_not(world: Office) -> None:
    serving, former = make.a_membership(world.charlie), make.a_membership(world.charlie)
    force = make.a_task_force(world.alpha, world.agreement, serving, former)
    former.secondments.update(ended_at=Now())
    grant = world.share(make.a_record(world.alpha), force)
    world.tell(world.sam, "grant.issued", grant, force.pk)
    deliver_all()
    assert told() == [serving.pk]
    said = describe(acting_as(serving), notifications_for(acting_as(serving)).get())
    assert said.why == "You get this because you serve on a task force that it concerns."


def test_a_contribution_is_told_to_those_of_the_owner_who_reach_it(world: Office) -> None:
    case = make.a_record(world.alpha)
    item = make.an_item(case, owner=world.bravo, originator=world.bravo)
    make.change(item, cover=item.pk)
    world.tell(world.bo, "record.contributed", item, world.alpha.pk)
    deliver_all()
    assert told() == []
    world.share(item, world.alpha, scope="record")
    world.tell(world.bo, "record.contributed", item, world.alpha.pk)
    deliver_all()
    assert told() == of(world.ana, world.sam, world.dee, *issuers(world.alpha))


def issuers(agency: Agency) -> list[Actor]:
    """Return the supervisors that rows were issued by."""
    posts = Membership.objects.filter(agency=agency, issued_grants__isnull=False)
    return [acting_as(post) for post in posts.distinct()]


def test_a_standing_release_is_told_to_those_it_is_open_to(world: Office) -> None:
    grant = make.a_standing_grant(world.alpha, world.bravo, world.agreement)
    world.tell(world.sam, "grant.issued", grant, world.bravo.pk)
    deliver_all()
    assert told() == of(world.bo, world.bea)
    said = describe(world.bo, notifications_for(world.bo).get())
    assert said.text.startswith("Alpha Police opened its listed investigations to you, until ")


def test_a_standing_release_that_ended_is_told_to_its_readers(world: Office) -> None:
    grant = make.a_standing_grant(world.alpha, world.bravo, world.agreement)
    make.an_actor(world.bravo, "aud", Role.AUDITOR)
    type(grant).objects.update(revoked_at=Now(), revoke_reason="need_ended")
    world.tell(world.sam, "grant.revoked", grant, world.bravo.pk)
    world.tell(world.sam, "grant.narrowed", grant, world.bravo.pk)
    deliver_all()
    assert told() == of(world.bo, world.bea)
    assert "Need ended" in describe(world.bo, notifications_for(world.bo).get()).text


def test_the_recall_of_an_item_says_whose_it_is_and_not_what(world: Office) -> None:
    case = make.a_case(world.alpha)
    world.share(case.record)
    item = make.an_item(case.record, title="Jane Roe")
    make.change(item, cover=item.pk)
    world.tell(world.sam, "record.recalled", item, world.bravo.pk)
    deliver_all()
    assert told() == of(world.bo, world.bea)
    said = describe(world.bo, notifications_for(world.bo).get())
    assert said.text == "Recall: stop using an item that Alpha Police shared with you."
    assert "[Liaison] 1 recall to read" in {sent.subject for sent in mail.outbox}


def test_a_protected_item_that_waits_is_told_to_the_release_authority(world: Office) -> None:
    case = make.a_case(world.alpha)
    item = make.an_item(case.record, protected=True)
    waiting = "record.protected_waiting"
    world.tell(world.ana, waiting, item, world.alpha.pk, Role.SUPERVISOR)
    deliver_all()
    assert told() == of(world.sam)
    said = describe(world.sam, notifications_for(world.sam).get())
    assert said.text == f"{case.number}: a protected item waits for its release."


def test_what_is_gone_is_told_to_nobody(world: Office) -> None:
    world.tell(world.sam, "grant.issued", Ref("grant", uuid4()), world.bravo.pk)
    deliver_all()
    assert told() == []


def test_a_message_is_told_and_mailed_once_however_often_it_is_delivered(world: Office) -> None:
    grant = world.share(make.a_record(world.alpha))
    message = world.tell(world.sam, "grant.issued", grant, world.bravo.pk)
    for _ in range(3):
        handler_of(message.kind)(message)
    deliver_all()
    assert len(told()) == 2
    assert Message.objects.filter(kind=MAIL).count() == len(mail.outbox) == 2


def test_mail_holds_a_number_and_links_and_never_what_it_is_about(world: Office) -> None:
    case = make.a_case(world.alpha, title="The Harbor job")
    request = world.ask(case.record, reason="Same crew as ours", due_at=make.days(0))
    world.tell(world.bo, "request.received", request, world.alpha.pk, Role.SUPERVISOR)
    deliver_all()
    (sent,) = mail.outbox
    number = request.number
    pattern = rf"\[Liaison\] 1 decision waiting \({number}\), due today \d\d:\d\d"
    assert re.fullmatch(pattern, sent.subject)
    assert sent.to == [Membership.objects.get(pk=world.sam.seat).person.email]
    assert sent.body == (
        "A sharing request waits for your agency. No details are sent by e-mail. "
        f"Sign in and open {number}: http://127.0.0.1:8000/r/{number}/\n\n"
        "You get this because you hold release authority for Alpha Police. "
        "Change: http://127.0.0.1:8000/notifications/settings/\n"
        "Never reply with case information. Liaison never asks for your password; "
        "this mail contains no approve button.\n"
    )
    for word in (case.number, "Harbor", "robbery", "Bo", "crew", str(case.pk)):
        assert word not in sent.subject + sent.body


def test_a_mail_sent_again_has_the_same_message_id(world: Office) -> None:
    grant = world.share(make.a_record(world.alpha))
    world.tell(world.sam, "grant.issued", grant, world.bravo.pk)
    deliver_all()
    message = Message.objects.filter(kind=MAIL, roster=world.bo.seat).get()
    handler_of(MAIL)(message)
    ids = [sent.message()["Message-ID"] for sent in mail.outbox]
    assert len(ids) == 3
    assert ids.count(f"<{message.pk}@127.0.0.1>") == 2


def test_the_rule_is_asked_again_before_a_mail_goes_out(world: Office) -> None:
    grant = world.share(make.a_record(world.alpha))
    message = world.tell(world.sam, "grant.issued", grant, world.bravo.pk)
    handler_of(message.kind)(message)
    Membership.objects.filter(pk=world.bea.seat).update(ended_at=Now())
    deliver_all()
    assert len(mail.outbox) == 1
    mail.outbox.clear()
    other = world.share(make.a_record(world.alpha))
    message = world.tell(world.sam, "grant.issued", other, world.bravo.pk)
    handler_of(message.kind)(message)
    revoke(other)
    deliver_all()
    assert mail.outbox == []


def test_what_was_read_already_is_not_mailed(world: Office) -> None:
    grant = world.share(make.a_record(world.alpha))
    message = world.tell(world.sam, "grant.issued", grant, world.bo.seat)
    handler_of(message.kind)(message)
    mark_read(world.bo, notifications_for(world.bo).get().pk)
    deliver_all()
    assert mail.outbox == []


def test_reading_is_marked_once_and_only_by_whom_it_was_told(world: Office) -> None:
    grant = world.share(make.a_record(world.alpha))
    world.tell(world.sam, "grant.issued", grant, world.bo.seat)
    deliver_all()
    notice = notifications_for(world.bo).get()
    for actor, key in ((world.bea, notice.pk), (world.bo, uuid4())):
        with pytest.raises(NotVisible):
            mark_read(actor, key)
    first = mark_read(world.bo, notice.pk)
    assert first.read_at is not None
    assert mark_read(world.bo, notice.pk).read_at == first.read_at


def test_a_person_without_a_post_or_with_an_ended_one_was_told_nothing(world: Office) -> None:
    grant = world.share(make.a_record(world.alpha))
    world.tell(world.sam, "grant.issued", grant, world.bravo.pk)
    deliver_all()
    assert not notifications_for(Actor(person_id=world.bo.person_id)).exists()
    assert notifications_for(world.bo).count() == 1
    Agency.objects.filter(pk=world.bravo.pk).update(status="suspended")
    assert not notifications_for(world.bo).exists()


def test_denials_say_their_reason_and_questions_who_asks(world: Office) -> None:
    request = world.ask(make.a_record(world.alpha))
    ShareRequest.objects.filter(pk=request.pk).update(
        state="denied", reason_code="nothing_releasable", decided_by=world.sam.seat
    )
    said = []
    for kind in ("request.question", "request.denied"):
        world.tell(world.sam, kind, request, world.bo.seat)
        deliver_all()
        said.append(describe(world.bo, notifications_for(world.bo).get()).text)
    question, denial = said
    assert question == f"{request.number}: Alpha Police has a question about your request."
    assert denial.startswith(f"{request.number} was not approved: ")
    assert told() == of(world.bo)


def test_describing_takes_a_constant_number_of_queries(world: Office) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            record = make.a_case(world.alpha).record
            world.tell(world.sam, "grant.issued", world.share(record), world.bo.seat)
            world.tell(world.sam, "request.received", world.ask(record), world.bo.seat)
        deliver_all()
        notices = list(notifications_for(world.bo))
        with CaptureQueriesContext(connection) as queries:
            describe_all(world.bo, notices)
        counts.append(len(queries))
    assert counts[0] == counts[1]
