"""One unread notification for each thing; channels, mutes and the daily mail; what ends is told."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from agencies.actors import Actor
from agencies.codes import Role
from agencies.models import Agreement, Membership, Party
from agencies.refusals import Invalid, NotAllowed, NotVisible
from ledger.kinds import handler_of
from ledger.models import Event, Message
from sharing.models import (
    ChannelChoice,
    Grant,
    Mute,
    Notification,
    StandingGrant,
    Telling,
)
from sharing.sweeping import announce_standing_endings
from sharing.tasks import sweep_grants
from sharing.telling import (
    choose_channels,
    describe,
    mark_read,
    mute_case,
    muted_cases,
    notifications_for,
    unmute_case,
)
from sharing.telling.channels import allowed, chosen_channels, digest_hour, groups, usual
from sharing.telling.kinds import HEADINGS
from sharing.telling.page import notification_page
from tests.sharing import factory as make
from tests.sharing.test_telling import Office, deliver_all

Channel = Telling.Channel
NEWS = "grant.narrowed"


@pytest.fixture
def world(db: None) -> Office:
    return Office()


@pytest.fixture
def grant(world: Office) -> Grant:
    """Return what Alpha shares with Bravo."""
    return world.share(make.a_case(world.alpha).record)


def tell(world: Office, kind: str, about: Any, to: Actor | None = None) -> Message:
    """Have Sam do something of which one post, Bo's unless said, is told."""
    message = world.tell(world.sam, kind, about, (to or world.bo).seat)
    deliver_all()
    return message


def unread(actor: Actor) -> list[tuple[str, int]]:
    found = notifications_for(actor).filter(read_at__isnull=True)
    return [(notice.kind, notice.count) for notice in found]


def test_what_happens_to_the_same_thing_is_gathered_while_unread(
    world: Office, grant: Grant
) -> None:
    for kind in ("grant.issued", NEWS, "grant.expiring"):
        tell(world, kind, grant)
    assert unread(world.bo) == [("grant.expiring", 3)]
    first = mark_read(world.bo, notifications_for(world.bo).get().pk)
    tell(world, NEWS, grant)
    assert unread(world.bo) == [(NEWS, 1)]
    first.refresh_from_db()
    assert (first.kind, first.count) == ("grant.expiring", 3)
    other = world.share(make.a_record(world.alpha))
    tell(world, "grant.issued", other)
    assert sorted(unread(world.bo)) == [("grant.issued", 1), (NEWS, 1)]


def test_the_database_holds_one_unread_for_each_thing(world: Office, grant: Grant) -> None:
    tell(world, "grant.issued", grant)
    notice = notifications_for(world.bo).get()
    notice.pk = uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        notice.save(force_insert=True)
    notice.read_at = make.days(0)
    notice.save(force_insert=True)
    assert Notification.objects.count() == 2


def test_a_message_delivered_again_changes_nothing_even_once_read(
    world: Office, grant: Grant
) -> None:
    message = tell(world, "grant.issued", grant)
    for _ in range(2):
        handler_of(message.kind)(message)
    assert unread(world.bo) == [("grant.issued", 1)]
    mark_read(world.bo, notifications_for(world.bo).get().pk)
    handler_of(message.kind)(message)
    assert unread(world.bo) == []
    assert Telling.objects.count() == Notification.objects.count() == 1


def test_of_one_event_what_waits_is_said_before_other_news(world: Office, grant: Grant) -> None:
    stella = make.an_actor(world.bravo, "stella", Role.SUPERVISOR)
    needed = "grant.acknowledge_needed"
    for kinds in (("grant.issued", needed), (needed, "grant.issued")):
        Telling.objects.all().delete()
        Notification.objects.all().delete()
        first = world.tell(world.sam, kinds[0], grant, stella.seat)
        Message.objects.create(
            event=first.event,
            kind=kinds[1],
            roster=stella.seat,
            subject_kind="grant",
            subject=grant.pk,
        )
        deliver_all()
        assert unread(stella) == [(needed, 1)]
        assert [one.subject.split(" (")[0] for one in mail.outbox] == [
            "[Liaison] 1 acknowledgement waiting"
        ]
        mail.outbox.clear()


def test_an_older_event_told_later_is_counted_and_not_said(world: Office, grant: Grant) -> None:
    older = world.tell(world.sam, "grant.issued", grant, world.bo.seat)
    newer = world.tell(world.sam, NEWS, grant, world.bo.seat)
    handler_of(newer.kind)(newer)
    at = notifications_for(world.bo).get().created_at
    handler_of(older.kind)(older)
    notice = notifications_for(world.bo).get()
    assert (notice.kind, notice.count, notice.created_at) == (NEWS, 2, at)


def test_a_mail_says_what_its_own_event_said(world: Office, grant: Grant) -> None:
    message = world.tell(world.sam, "grant.issued", grant, world.bo.seat)
    handler_of(message.kind)(message)
    later = world.tell(world.sam, NEWS, grant, world.bo.seat)
    handler_of(later.kind)(later)
    deliver_all()
    number = grant.decision.number
    assert [one.subject for one in mail.outbox] == [f"[Liaison] 1 release to read ({number})"]


def test_what_was_gathered_since_it_was_seen_stays_unread(world: Office, grant: Grant) -> None:
    tell(world, "grant.issued", grant)
    notice = notifications_for(world.bo).get()
    tell(world, NEWS, grant)
    assert mark_read(world.bo, notice.pk, count=1).read_at is None
    assert mark_read(world.bo, notice.pk, count=2).read_at is not None


@pytest.mark.parametrize("kind", HEADINGS)
def test_own_actions_never_notify_whatever_they_are(world: Office, grant: Grant, kind: str) -> None:
    person = Membership.objects.get(pk=world.sam.seat).person
    every = list(Role)
    other = make.an_actor(world.bravo, "", *every, person=person)
    request = world.ask(make.a_record(world.alpha))
    about = request if kind.startswith("request") else grant
    roles: tuple[str, ...] = ("", *every)
    for roster in (world.alpha.pk, world.bravo.pk, world.sam.seat, other.seat):
        for role in roles:
            world.tell(world.sam, kind, about, roster, role)
    deliver_all()
    told = set(Telling.objects.values_list("membership", flat=True))
    assert not told & {world.sam.seat, other.seat}
    assert told


def test_every_kind_is_somewhere_in_the_table_of_channels() -> None:
    assert {kind for kinds in groups().values() for kind in kinds} == HEADINGS.keys()
    assert all(usual(kind) in allowed(kind) for kind in HEADINGS)
    silent = {kind for kind in HEADINGS if Channel.NONE in allowed(kind)}
    assert silent == {
        *("grant.issued", NEWS, "grant.expiring", "grant.expired", "grant.acknowledged"),
        "record.contributed",
    }


def choices(actor: Actor, **changes: str) -> dict[str, str]:
    """Return the choices of every kind, with a dot for each double underscore."""
    changed = {kind.replace("__", "."): channel for kind, channel in changes.items()}
    return {**chosen_channels(actor), **changed}


def test_each_channel_tells_as_it_says(world: Office, grant: Grant) -> None:
    for channel, (notices, mails, waiting) in {
        "at_once": (1, 1, 0),
        "digest": (1, 0, 1),
        "portal": (1, 0, 0),
        "none": (0, 0, 0),
    }.items():
        Telling.objects.all().delete()
        Notification.objects.all().delete()
        mail.outbox.clear()
        choose_channels(world.bo, choices(world.bo, grant__narrowed=channel), hour=7)
        tell(world, NEWS, grant)
        pending = Telling.objects.filter(channel="digest", digest=None).count()
        assert (len(unread(world.bo)), len(mail.outbox), pending) == (notices, mails, waiting)


def test_choices_are_one_post_s_own_and_only_what_differs_is_kept(world: Office) -> None:
    choose_channels(world.bo, choices(world.bo, grant__issued="portal"), hour=5)
    assert ChannelChoice.objects.count() == 1
    assert chosen_channels(world.bo)["grant.issued"] == Channel.PORTAL
    assert chosen_channels(world.bea)["grant.issued"] == Channel.AT_ONCE
    assert (digest_hour(world.bo), digest_hour(world.bea)) == (5, 7)
    assert Event.objects.filter(kind="notices.chosen", membership=world.bo.seat).count() == 1
    choose_channels(world.bo, choices(world.bo, grant__issued="at_once"), hour=0)
    assert not ChannelChoice.objects.exists()
    assert digest_hour(world.bo) == 0


@pytest.mark.parametrize(
    ("channels", "hour", "field"),
    [
        ({"request.received": "none"}, 7, "request.received"),
        ({"grant.revoked": "none"}, 7, "grant.revoked"),
        ({"grant.issued": "pigeon"}, 7, "grant.issued"),
        ({"nonsense": "portal"}, 7, "nonsense"),
        ({}, 24, "hour"),
        ({}, -1, "hour"),
    ],
)
def test_what_may_not_be_chosen_is_refused(
    world: Office, channels: dict[str, str], hour: int, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        choose_channels(world.bo, channels, hour=hour)
    assert list(refused.value.errors) == [field]
    assert not ChannelChoice.objects.exists()


def test_only_a_post_that_reads_chooses(world: Office) -> None:
    auditor = make.an_actor(world.bravo, "aud", Role.AUDITOR)
    with pytest.raises(NotAllowed):
        choose_channels(auditor, {}, hour=7)
    with pytest.raises(NotVisible):
        mute_case(auditor, uuid4())


def test_a_muted_case_is_told_of_no_more_until_it_is_again(world: Office, grant: Grant) -> None:
    case = grant.record_id
    mute_case(world.bo, case)
    mute_case(world.bo, case)
    assert muted_cases(world.bo) == {case}
    assert muted_cases(world.bea) == set()
    assert Event.objects.filter(kind="notices.muted").count() == 1
    tell(world, "grant.issued", grant)
    tell(world, "grant.issued", grant, world.bea)
    assert (unread(world.bo), unread(world.bea)) == ([], [("grant.issued", 1)])
    unmute_case(world.bo, case)
    with pytest.raises(NotVisible):
        unmute_case(world.bo, case)
    tell(world, "grant.issued", grant)
    assert unread(world.bo) == [("grant.issued", 1)]


def test_an_item_of_a_muted_case_is_muted_with_it(world: Office) -> None:
    case = make.a_case(world.alpha)
    item = make.an_item(case.record, owner=world.bravo, originator=world.bravo)
    make.change(item, cover=item.pk)
    world.share(item, world.alpha, scope="record")
    mute_case(world.ana, case.pk)
    world.tell(world.bo, "record.contributed", item, world.ana.seat)
    world.tell(world.bo, "record.contributed", item, world.dee.seat)
    deliver_all()
    assert (unread(world.ana), len(unread(world.dee))) == ([], 1)
    with pytest.raises(NotVisible):
        mute_case(world.ana, item.pk)


@pytest.mark.parametrize("kind", sorted(HEADINGS.keys() - {*("grant.issued", NEWS)}))
def test_nothing_that_waits_or_ends_is_muted(world: Office, grant: Grant, kind: str) -> None:
    mute_case(world.bo, grant.record_id)
    request = world.ask(make.a_record(world.alpha))
    about: Any = request if kind.startswith("request") else grant
    if kind == "grant.revoked":
        Grant.objects.filter(pk=grant.pk).update(revoked_at=Now(), revoke_reason="misuse")
    tell(world, kind, about)
    silent = Channel.NONE in allowed(kind)
    assert unread(world.bo) == ([] if silent else [(kind, 1)])


def test_a_case_that_may_not_be_known_of_cannot_be_muted(world: Office, grant: Grant) -> None:
    for key in (uuid4(), make.a_record(world.alpha).pk):
        with pytest.raises(NotVisible):
            mute_case(world.bo, key)
    mute_case(world.bo, grant.record_id)
    Grant.objects.filter(pk=grant.pk).update(revoked_at=Now(), revoke_reason="misuse")
    unmute_case(world.bo, grant.record_id)
    assert not Mute.objects.exists()


def test_a_case_muted_after_it_was_told_is_not_mailed(world: Office, grant: Grant) -> None:
    message = world.tell(world.sam, "grant.issued", grant, world.bo.seat)
    handler_of(message.kind)(message)
    mute_case(world.bo, grant.record_id)
    deliver_all()
    assert mail.outbox == []


def standing(world: Office, **fields: Any) -> StandingGrant:
    return make.a_standing_grant(world.alpha, world.bravo, world.agreement, **fields)


def told_of(grant: StandingGrant) -> list[str]:
    events = Event.objects.filter(target=grant.pk, kind__startswith="grant.exp")
    return list(events.order_by("seq").values_list("kind", flat=True))


def test_standing_access_that_ends_is_told_to_both_sides_once(world: Office) -> None:
    soon = standing(world, until=make.days(2), issued_at=make.days(-10))
    sweep_grants()
    sweep_grants()
    assert told_of(soon) == ["grant.expiring"]
    deliver_all()
    assert [kind for kind, _ in unread(world.bo)] == ["grant.expiring"]
    assert [kind for kind, _ in unread(world.ana)] == ["grant.expiring"]
    said = describe(world.bo, notifications_for(world.bo).get()).text
    assert said.startswith("The access to listed investigations of Alpha Police under ")
    StandingGrant.objects.filter(pk=soon.pk).update(until=make.days(-1))
    assert announce_standing_endings() == 1
    assert announce_standing_endings() == 0
    assert told_of(soon) == ["grant.expiring", "grant.expired"]
    deliver_all()
    assert unread(world.bo) == [("grant.expired", 2)]
    said = describe(world.bo, notifications_for(world.bo).get()).text
    assert said.endswith("has ended.")


def test_standing_access_that_lasts_or_was_taken_back_is_not_said_to_end(world: Office) -> None:
    lasting = standing(world, until=make.days(20), issued_at=make.days(-10))
    StandingGrant.objects.filter(pk=lasting.pk).update(
        revoked_at=Now(), revoke_reason="misuse", until=make.days(-1)
    )
    short = standing(world, until=make.days(2))
    assert announce_standing_endings() == 0
    assert told_of(lasting) == told_of(short) == []


def test_standing_access_ends_with_its_agreement_or_a_party(world: Office) -> None:
    grant = standing(world, issued_at=make.days(-10))
    Party.objects.filter(agency=world.bravo).update(left_at=make.days(-1))
    assert announce_standing_endings() == 1
    other = make.a_standing_grant(
        world.alpha, world.charlie, world.agreement, issued_at=make.days(-10)
    )
    Agreement.objects.update(terminated_at=make.days(-0.5))
    assert announce_standing_endings() == 1
    assert told_of(grant) == told_of(other) == ["grant.expired"]


def test_the_page_goes_on_by_key_and_groups_by_case(
    world: Office, grant: Grant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sharing.telling.page.SHOWN", 2)
    others = [world.share(make.a_case(world.alpha).record) for _ in range(4)]
    for one in (grant, *others):
        tell(world, "grant.issued", one)
    first = notification_page(world.bo)
    seen = [group.case for group in first.groups]
    assert len(seen) == 2
    assert first.unread
    after = first.older
    while after:
        page = notification_page(world.bo, after)
        seen += [group.case for group in page.groups]
        after = page.older
    assert seen == [one.record_id for one in reversed([grant, *others])]
    with pytest.raises(Invalid):
        notification_page(world.bo, "nonsense")
