"""A broker that is away costs no page its answer and hardly any time."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from time import monotonic
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from ledger import waking
from ledger.courier import deliver_batch
from ledger.models import Message
from ledger.services import Tell, record_event
from ledger.tasks import deliver_messages
from tests.ledger.conftest import THING, Mailbox, Someone


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Point the alarm at a broker's address."""

    def point(address: str) -> waking.Alarm:
        monkeypatch.setattr(deliver_messages.app.conf, "broker_write_url", address)
        alarm = waking.Alarm()
        monkeypatch.setattr(waking, "alarm", alarm)
        return alarm

    return point


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def seconds_to_ring(alarm: waking.Alarm) -> tuple[bool, float]:
    started = monotonic()
    return alarm.ring(), monotonic() - started


def test_a_ring_reaches_a_broker(broker: Any) -> None:
    assert broker("memory://").ring()


def test_a_broker_that_is_down_is_no_error_and_costs_little(broker: Any) -> None:
    rang, seconds = seconds_to_ring(broker("redis://127.0.0.1:1/0"))
    assert not rang
    assert seconds < 2


def test_a_broker_that_never_answers_costs_little(broker: Any, silent_port: int) -> None:
    rang, seconds = seconds_to_ring(broker(f"redis://127.0.0.1:{silent_port}/0"))
    assert not rang
    assert seconds < 2


def test_after_a_failure_the_broker_is_left_alone_for_a_while(
    broker: Any, silent_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    alarm = broker(f"redis://127.0.0.1:{silent_port}/0")
    alarm.ring()
    rang, seconds = seconds_to_ring(alarm)
    assert not rang
    assert seconds < 0.1


def test_when_the_quiet_is_over_the_broker_is_tried_again(
    broker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waking, "QUIET_AFTER_FAILURE", 0)
    alarm = broker("memory://")
    answers = [OSError(), None]

    def publish() -> None:
        answer = answers.pop(0)
        if answer:
            raise answer

    monkeypatch.setattr(alarm, "_publish", publish)
    assert [alarm.ring(), alarm.ring()] == [False, True]


def test_without_a_broker_the_change_is_made_and_the_sweep_delivers(
    cloned_database: str, ana: Someone, mailbox: Mailbox, broker: Any
) -> None:
    broker("redis://127.0.0.1:1/0")
    started = monotonic()
    with transaction.atomic():
        record_event(ana, "thing.made", THING, tell=[Tell("note", uuid4())])
    assert monotonic() - started < 2
    assert deliver_batch() == 1
    assert mailbox.delivered == [Message.objects.get().pk]
