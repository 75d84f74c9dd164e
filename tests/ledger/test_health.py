"""What a probe and an operator are told of the outbox."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models.functions import Now

from ledger.courier import deliver_batch
from ledger.health import outbox_health
from ledger.models import Message
from tests.ledger.conftest import Mailbox

Send = Callable[[], Message]


def status() -> dict[str, float]:
    out = StringIO()
    call_command("outbox_status", stdout=out)
    answer: dict[str, float] = json.loads(out.getvalue())
    return answer


def grow_old(message: Message, seconds: float) -> None:
    Message.objects.filter(pk=message.pk).update(created_at=Now() - timedelta(seconds=seconds))


def test_an_empty_outbox_is_well(db: None) -> None:
    assert status() == {"undelivered": 0, "oldest_age_s": 0.0, "dead_letters": 0}
    assert outbox_health() == []


def test_what_is_delivered_no_longer_counts(db: None, send: Send, mailbox: Mailbox) -> None:
    grow_old(send(), 600)
    deliver_batch()
    assert status() == {"undelivered": 0, "oldest_age_s": 0.0, "dead_letters": 0}
    assert outbox_health() == []


def test_the_oldest_waiting_message_tells_the_age(db: None, send: Send) -> None:
    grow_old(send(), 40)
    grow_old(send(), 20)
    answer = status()
    assert answer.pop("oldest_age_s") == pytest.approx(40, abs=5)
    assert answer == {"undelivered": 2, "dead_letters": 0}


@pytest.mark.parametrize(
    ("age", "reasons"),
    [(50, []), (70, ["outbox: the oldest message has waited 70 s"])],
)
def test_a_message_that_waits_over_a_minute_is_a_reason(
    db: None, send: Send, age: float, reasons: list[str]
) -> None:
    grow_old(send(), age)
    assert outbox_health() == reasons


def test_a_dead_letter_is_a_reason_until_it_is_tried_again(
    db: None, send: Send, mailbox: Mailbox
) -> None:
    message = send()
    Message.objects.filter(pk=message.pk).update(state="dead")
    assert status() == {"undelivered": 0, "oldest_age_s": 0.0, "dead_letters": 1}
    assert outbox_health() == ["outbox: dead letters: 1"]
    out = StringIO()
    call_command("retry_dead_letters", stdout=out)
    assert out.getvalue() == "1\n"
    assert outbox_health() == []
