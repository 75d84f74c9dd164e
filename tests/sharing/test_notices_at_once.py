"""One unread notification for each post and thing, a hundred times, two at once."""

from __future__ import annotations

from functools import partial
from uuid import UUID

import pytest
from django.db import transaction

from ledger.courier import deliver_batch
from ledger.kinds import handler_of
from ledger.models import Message
from ledger.services import Tell, record_event
from sharing.models import Digest, DigestHour, Grant, Notification, Telling
from sharing.telling import mark_read, notifications_for
from sharing.telling.digest import queue_digests
from tests.cast import Cast, a_case, in_days, shared
from tests.sharing.test_concurrency import ROUNDS, Race, cast, race

__all__ = ["cast", "race"]

pytestmark = pytest.mark.slow


@pytest.fixture
def grant(cast: Cast) -> Grant:
    """Return what Bo was given, with nothing left to tell of it."""
    made = shared(cast, a_case(cast.actor("ana")))
    while deliver_batch():
        pass
    Telling.objects.all().delete()
    Notification.objects.all().delete()
    return made


def told(cast: Cast, grant: Grant, kind: str) -> Message:
    """Write that Sam did something of which Bo is told."""
    with transaction.atomic():
        event = record_event(cast.actor("sam"), kind, grant, tell=[Tell(kind, cast.posts["bo"].pk)])
    return event.messages.get()


def deliver(message: Message) -> None:
    handler_of(message.kind)(message)


def tellings() -> set[UUID]:
    return set(Telling.objects.values_list("message", flat=True))


def test_two_messages_about_one_thing_make_one_unread_row(
    cast: Cast,
    race: Race,
    grant: Grant,
) -> None:
    bo = cast.actor("bo")
    messages = set()
    for number in range(ROUNDS):
        first, second = told(cast, grant, "grant.narrowed"), told(cast, grant, "grant.issued")
        messages |= {first.pk, second.pk}
        assert race(partial(deliver, first), partial(deliver, second)) == [None, None]
        notice = notifications_for(bo).get(read_at=None)
        assert (notice.kind, notice.count) == ("grant.issued", 2)
        mark_read(bo, notice.pk)
        assert Notification.objects.count() == number + 1
    assert tellings() == messages


def test_one_message_delivered_twice_at_once_is_told_once(
    cast: Cast,
    race: Race,
    grant: Grant,
) -> None:
    for number in range(1, ROUNDS + 1):
        message = told(cast, grant, "grant.narrowed")
        assert race(partial(deliver, message), partial(deliver, message)) == [None, None]
        assert notifications_for(cast.actor("bo")).get().count == number
    assert Telling.objects.count() == ROUNDS


def test_news_that_comes_while_it_is_read_is_never_lost(
    cast: Cast,
    race: Race,
    grant: Grant,
) -> None:
    bo = cast.actor("bo")
    deliver(told(cast, grant, "grant.narrowed"))
    for _ in range(ROUNDS):
        notice = notifications_for(bo).get(read_at=None)
        news = told(cast, grant, "grant.issued")
        race(partial(deliver, news), partial(mark_read, bo, notice.pk, count=notice.count))
        unread = notifications_for(bo).get(read_at=None)
        assert unread.tellings.filter(message=news.pk).count() == 1


def test_a_day_has_one_mail_however_many_sweeps(
    cast: Cast,
    race: Race,
    grant: Grant,
) -> None:
    DigestHour.objects.create(membership=cast.posts["bo"], hour=0)
    for _ in range(ROUNDS // 4):
        deliver(told(cast, grant, "grant.narrowed"))
        Telling.objects.update(told_at=in_days(-2))
        assert sorted(race(queue_digests, queue_digests)) == [0, 1]
        assert Message.objects.filter(kind="mail.digest").count() == 1
        Message.objects.filter(kind="mail.digest").delete()
        Telling.objects.update(digest=None, channel="portal")
        Digest.objects.all().delete()
