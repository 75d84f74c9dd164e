"""The daily mail: once a day, at its hour, of what its reader may still know."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db.models.functions import Now

from agencies.actors import Actor
from agencies.models import Membership
from ledger.courier import deliver_batch
from ledger.kinds import handler_of
from ledger.models import Message
from sharing.models import (
    Digest,
    DigestHour,
    Grant,
    Telling,
)
from sharing.tasks import send_digests
from sharing.telling import (
    choose_channels,
    mark_read,
    mute_case,
    notifications_for,
)
from sharing.telling.digest import queue_digests
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


def in_the_past(days: float = 2) -> None:
    """Let everything have been told some days ago."""
    Telling.objects.update(told_at=make.days(-days))


def at_midnight(*actors: Actor) -> None:
    """Let the hour of each daily mail be one that has come, whatever the time."""
    for actor in actors:
        choose_channels(actor, {}, hour=0)


def test_the_daily_mail_comes_once_a_day_and_holds_what_was_told(
    world: Office, grant: Grant
) -> None:
    other = world.share(make.a_record(world.alpha))
    tell(world, NEWS, grant)
    tell(world, "grant.expiring", grant)
    tell(world, NEWS, other)
    at_midnight(world.bo)
    assert queue_digests() == 0
    in_the_past()
    assert queue_digests() == 1
    assert queue_digests() == 0
    deliver_all()
    (sent,) = mail.outbox
    assert sent.subject == "[Liaison] Daily mail: 2 things to read"
    assert sent.to == [Membership.objects.get(pk=world.bo.seat).person.email]
    lines = [line for line in sent.body.splitlines() if line.startswith("- ")]
    link = "http://127.0.0.1:8000/notifications/"
    assert lines == [
        f"- 1 access ending soon ({grant.decision.number}): {link}",
        f"- 1 access changed ({other.decision.number}): {link}",
    ]
    tell(world, NEWS, grant)
    in_the_past()
    assert queue_digests() == 0
    Digest.objects.update(day=make.days(-3).date())
    assert queue_digests() == 1
    deliver_all()
    assert mail.outbox[-1].subject == "[Liaison] Daily mail: 1 thing to read"


def test_news_after_the_hour_waits_for_the_next_day(world: Office, grant: Grant) -> None:
    local = datetime.now(UTC).astimezone(ZoneInfo("Pacific/Kiritimati"))
    type(world.bravo).objects.filter(pk=world.bravo.pk).update(time_zone="Pacific/Kiritimati")
    tell(world, NEWS, grant)
    choose_channels(world.bo, {}, hour=local.hour)
    assert queue_digests() == 0
    Telling.objects.update(
        told_at=local.replace(minute=0, second=0, microsecond=0) - timedelta(seconds=1)
    )
    assert queue_digests() == 1
    assert Digest.objects.get().day == local.date()


def test_the_daily_mail_waits_for_its_hour(world: Office, grant: Grant) -> None:
    zones = {
        hour: zone
        for zone in ("Etc/GMT+12", "Etc/GMT", "Etc/GMT-12", "Etc/GMT+6", "Etc/GMT-6")
        if 1 <= (hour := datetime.now(ZoneInfo(zone)).hour) <= 22
    }
    hour, zone = next(iter(zones.items()))
    type(world.bravo).objects.filter(pk=world.bravo.pk).update(time_zone=zone)
    tell(world, NEWS, grant)
    in_the_past(0.9 * hour / 24)
    choose_channels(world.bo, {}, hour=hour + 1)
    assert queue_digests() == 0
    in_the_past(5)
    assert queue_digests() == 0
    choose_channels(world.bo, {}, hour=hour)
    assert queue_digests() == 1


def test_the_rule_is_asked_again_before_the_daily_mail(world: Office, grant: Grant) -> None:
    other = world.share(make.a_record(world.alpha))
    read = world.share(make.a_record(world.alpha))
    muted = world.share(make.a_record(world.alpha))
    for one in (grant, other, read, muted):
        tell(world, NEWS, one)
    tell(world, NEWS, grant, world.bea)
    at_midnight(world.bo, world.bea)
    in_the_past()
    assert queue_digests() == 2
    Grant.objects.filter(pk=grant.pk).update(revoked_at=Now(), revoke_reason="misuse")
    mark_read(world.bo, notifications_for(world.bo).get(subject=read.pk).pk)
    mute_case(world.bo, muted.record_id)
    deliver_all()
    (sent,) = mail.outbox
    assert sent.subject == "[Liaison] Daily mail: 1 thing to read"
    assert other.decision.number in sent.body


def test_who_left_gets_no_daily_mail(world: Office, grant: Grant) -> None:
    tell(world, NEWS, grant)
    at_midnight(world.bo)
    in_the_past()
    queue_digests()
    Membership.objects.filter(pk=world.bo.seat).update(ended_at=Now())
    deliver_all()
    assert mail.outbox == []


def test_a_long_daily_mail_says_how_much_more_there_is(
    world: Office, grant: Grant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sharing.telling.digest.MOST_LINES", 2)
    for one in (grant, *(world.share(make.a_record(world.alpha)) for _ in range(3))):
        tell(world, NEWS, one)
    at_midnight(world.bo)
    in_the_past()
    assert send_digests() == 1
    deliver_all()
    assert mail.outbox[0].body.count("\n- ") == 2
    assert "and 2 more" in mail.outbox[0].body


def test_the_courier_takes_mail_of_a_day_up_again(world: Office, grant: Grant) -> None:
    tell(world, NEWS, grant)
    at_midnight(world.bo)
    in_the_past()
    queue_digests()
    assert deliver_batch() == 1
    assert DigestHour.objects.count() == 1
    message = Message.objects.get(kind="mail.digest")
    handler_of(message.kind)(message)
    ids = {one.message()["Message-ID"] for one in mail.outbox}
    assert (len(mail.outbox), ids) == (2, {f"<{message.pk}@127.0.0.1>"})
