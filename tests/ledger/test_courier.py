"""Each message once, whatever fails and however many deliver."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event as Signal
from time import monotonic
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from ledger import courier, kinds, tasks
from ledger.courier import deliver_batch, retry_dead_letters
from ledger.models import Event, Message
from ledger.services import Tell, record_event
from tests.ledger.conftest import THING, Mailbox, Someone

Send = Callable[[], Message]

KILLED = """
import os, signal, django
django.setup()
from ledger.courier import deliver_batch
from ledger.kinds import register_message_kind
from ledger.models import Message
def die(message):
    Message.objects.filter(pk=message.pk).update(role="half done")
    os.kill(os.getpid(), signal.SIGKILL)
register_message_kind("note", die)
deliver_batch()
"""


def make_due() -> None:
    """Let the time until the next attempt have passed."""
    Message.objects.update(next_attempt_at=Now())


def waiting_time() -> float:
    """Return the seconds until the next attempt at the only message."""
    left = Message.objects.values_list(F("next_attempt_at") - Now(), flat=True)
    return left.get().total_seconds()


def test_a_message_is_delivered_and_marked(db: None, send: Send, mailbox: Mailbox) -> None:
    message = send()
    assert deliver_batch() == 1
    message.refresh_from_db()
    assert (message.state, message.attempts, message.last_error) == ("delivered", 1, "")
    assert message.delivered_at is not None
    assert mailbox.delivered == [message.pk]
    assert deliver_batch() == 0
    assert mailbox.delivered == [message.pk]


def test_a_batch_is_no_larger_than_asked(db: None, send: Send, mailbox: Mailbox) -> None:
    for _ in range(3):
        send()
    assert deliver_batch(2) == 2
    assert deliver_batch(2) == 1


def test_eight_couriers_deliver_each_message_once(
    send: Send,
    mailbox: Mailbox,
    threads: ThreadPoolExecutor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(courier, "BACKOFF", (timedelta(0),) * 100)
    monkeypatch.setattr(courier, "MOST_ATTEMPTS", 100)
    sent = {send().pk for _ in range(120)}
    counts = list(threads.map(deliver_batch, [200] * 8))
    assert sorted(mailbox.delivered) == sorted(sent)
    assert sum(counts) == 120
    assert set(Message.objects.values_list("state", flat=True)) == {"delivered"}


def test_a_slow_delivery_is_not_repeated_when_its_lease_ends(
    send: Send,
    mailbox: Mailbox,
    threads: ThreadPoolExecutor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(courier, "BACKOFF", (timedelta(0),) * 5)
    begun, go_on = Signal(), Signal()

    def deliver_slowly(message: Message) -> None:
        begun.set()
        assert go_on.wait(20)
        mailbox.take(message)

    monkeypatch.setattr(kinds, "_handlers", {"note": deliver_slowly})
    message = send()
    slow = threads.submit(deliver_batch)
    assert begun.wait(20)
    assert deliver_batch() == 0
    go_on.set()
    assert slow.result(20) == 1
    assert mailbox.delivered == [message.pk]


def test_a_courier_that_was_overtaken_delivers_nothing(
    db: None, send: Send, mailbox: Mailbox
) -> None:
    message = send()
    slow = courier._claim()
    assert slow is not None
    make_due()
    quick = courier._claim()
    assert quick is not None
    assert not courier._deliver(slow)
    assert mailbox.delivered == []
    assert courier._deliver(quick)
    assert not courier._deliver(quick)
    assert mailbox.delivered == [message.pk]


def test_five_failures_make_a_dead_letter_and_each_waits_longer(
    db: None, send: Send, mailbox: Mailbox
) -> None:
    message = send()
    mailbox.error = RuntimeError("the victim's name")
    waits = []
    for attempt in range(1, 5):
        assert deliver_batch() == 0
        message.refresh_from_db()
        assert (message.state, message.attempts) == ("waiting", attempt)
        assert deliver_batch() == 0
        waits.append(round(waiting_time()))
        make_due()
    assert waits == [1, 4, 15, 60]
    assert deliver_batch() == 0
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("dead", 5)
    assert message.last_error == "RuntimeError"
    make_due()
    assert deliver_batch() == 0
    message.refresh_from_db()
    assert message.attempts == 5


def test_a_message_that_failed_goes_out_when_its_cause_is_mended(
    db: None, send: Send, mailbox: Mailbox
) -> None:
    message = send()
    mailbox.error = RuntimeError()
    deliver_batch()
    mailbox.error = None
    make_due()
    assert deliver_batch() == 1
    message.refresh_from_db()
    assert (message.state, message.attempts, message.last_error) == ("delivered", 2, "")


def test_one_failure_holds_up_no_other_message(
    db: None, send: Send, mailbox: Mailbox, ana: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(message: Message) -> None:
        raise ValueError

    kinds.register_message_kind("bad", fail)
    record_event(ana, "thing.made", THING, tell=[Tell("bad", uuid4())])
    message = send()
    assert deliver_batch() == 1
    assert mailbox.delivered == [message.pk]


def test_what_a_failing_handler_wrote_is_undone(
    db: None, send: Send, ana: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_and_fail(message: Message) -> None:
        record_event(ana, "notice.written")
        raise ValueError

    def write(message: Message) -> None:
        record_event(ana, "notice.written")

    monkeypatch.setitem(kinds._handlers, "note", write_and_fail)
    send()
    assert deliver_batch() == 0
    assert Event.objects.filter(kind="notice.written").count() == 0
    monkeypatch.setitem(kinds._handlers, "note", write)
    make_due()
    assert deliver_batch() == 1
    assert Event.objects.filter(kind="notice.written").count() == 1


def test_a_kind_whose_app_is_gone_fails_like_any_other(
    db: None, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = send()
    monkeypatch.setattr(kinds, "_handlers", {})
    assert deliver_batch() == 0
    message.refresh_from_db()
    assert (message.state, message.last_error) == ("waiting", "UnknownMessageKind")


def test_a_courier_killed_on_the_way_loses_nothing(
    cloned_database: str, send: Send, mailbox: Mailbox
) -> None:
    message = send()
    assert run_killed(cloned_database) == -9
    message.refresh_from_db()
    assert (message.state, message.attempts, message.role) == ("waiting", 1, "")
    make_due()
    assert deliver_batch() == 1
    assert mailbox.delivered == [message.pk]


def run_killed(database: str) -> int:
    """Run a courier that its first message kills; return how it ended."""
    at = settings.DATABASES["default"]
    login = f"{quote(at['USER'])}:{quote(at['PASSWORD'] or '')}"
    address = f"{quote(at['HOST'], safe='')}:{at['PORT']}".rstrip(":")
    return subprocess.run(
        [sys.executable, "-c", KILLED],
        env={
            "DATABASE_URL": f"postgres://{login}@{address}/{database}",
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        },
        cwd=settings.ROOT,
        check=False,
    ).returncode


def test_a_message_that_kills_its_couriers_is_buried(
    db: None, send: Send, mailbox: Mailbox
) -> None:
    message, other = send(), send()
    Message.objects.filter(pk=message.pk).update(attempts=5)
    assert deliver_batch() == 1
    message.refresh_from_db()
    assert (message.state, message.last_error) == ("dead", "never finished")
    assert mailbox.delivered == [other.pk]


def test_dead_letters_can_be_tried_again(db: None, send: Send, mailbox: Mailbox) -> None:
    dead, delivered = send(), send()
    deliver_batch()
    Message.objects.filter(pk=dead.pk).update(state="dead", attempts=5, delivered_at=None)
    assert retry_dead_letters() == 1
    mailbox.delivered.clear()
    assert deliver_batch() == 1
    assert mailbox.delivered == [dead.pk]
    delivered.refresh_from_db()
    assert delivered.attempts == 1


def test_the_task_goes_on_until_nothing_waits(db: None, send: Send, mailbox: Mailbox) -> None:
    for _ in range(5):
        send()
    assert tasks.deliver_messages(2) == 5
    assert Message.objects.filter(state="waiting").count() == 0


def test_the_task_ends_in_time_and_leaves_the_rest_to_the_sweep(
    db: None, send: Send, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    send()
    monkeypatch.setattr(tasks, "LONGEST_ROUND", 0)
    started = monotonic()
    assert tasks.deliver_messages() == 0
    assert monotonic() - started < 1
    assert Message.objects.filter(state="waiting").count() == 1


def test_a_message_of_an_open_transaction_is_not_seen(
    ana: Someone, mailbox: Mailbox, threads: ThreadPoolExecutor
) -> None:
    with transaction.atomic():
        record_event(ana, "thing.made", THING, tell=[Tell("note", uuid4())])
        assert threads.submit(deliver_batch).result(20) == 0
    assert threads.submit(deliver_batch).result(20) == 1
