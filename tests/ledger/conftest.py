"""A cast and the ways to write, to wait and to cheat."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic, sleep
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections, transaction

from ledger import kinds
from ledger.fields import Horizon
from ledger.models import Event, Message
from ledger.services import Ref, Tell, record_event

THING = Ref("thing", UUID("7d3c1f9e-0000-4000-8000-000000000001"))
TRIGGERS = ("ledger_event", "ledger_seal")


@dataclass(frozen=True)
class Someone:
    """A person under one hat."""

    person_id: UUID = field(default_factory=uuid4)
    membership_id: UUID = field(default_factory=uuid4)
    agency_id: UUID = field(default_factory=uuid4)
    roles: tuple[str, ...] = ("analyst", "supervisor")


@dataclass
class Mailbox:
    """Handlers to register, and what reached them."""

    delivered: list[UUID] = field(default_factory=list)
    error: Exception | None = None
    lock: Lock = field(default_factory=Lock)

    def take(self, message: Message) -> None:
        """Deliver, or fail if told to."""
        if self.error is not None:
            raise self.error
        with self.lock:
            self.delivered.append(message.pk)


@pytest.fixture
def ana() -> Someone:
    return Someone()


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    """Take messages of kind ``note``."""
    monkeypatch.setattr(kinds, "_handlers", {})
    box = Mailbox()
    kinds.register_message_kind("note", box.take)
    return box


@pytest.fixture
def send(ana: Someone, mailbox: Mailbox) -> Callable[[], Message]:
    """Write an event with one message about it."""

    def send_one() -> Message:
        with transaction.atomic():
            event = record_event(ana, "thing.made", THING, tell=[Tell("note", uuid4())])
        return event.messages.get()

    return send_one


@pytest.fixture
def write(ana: Someone) -> Callable[..., list[Event]]:
    """Write events, all in one transaction."""

    def write_some(count: int = 1) -> list[Event]:
        with transaction.atomic():
            return [record_event(ana, "thing.made", THING, place=n) for n in range(count)]

    return write_some


@pytest.fixture
def settled_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no transaction of another database on the same server hold up the horizon."""
    monkeypatch.setattr(Horizon, "template", "pg_snapshot_xmax(pg_current_snapshot())")


@pytest.fixture
def as_owner(cloned_database: str) -> Callable[..., None]:
    """Run statements as the owner of the tables, who has put the triggers aside."""

    def run(*statements: str) -> None:
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            for table in TRIGGERS:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for statement in statements:
                cursor.execute(statement)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in TRIGGERS:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    return run


@pytest.fixture
def threads(cloned_database: str) -> Iterator[ThreadPoolExecutor]:
    """Threads with connections of their own, closed at the end."""

    def close(_: Any) -> None:
        sleep(0.02)
        connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        yield pool
        list(pool.map(close, range(16)))


def eventually(holds: Callable[[], Any], seconds: float = 120) -> Any:
    """Return what *holds* returns once it is true; other databases may hold the horizon up."""
    end = monotonic() + seconds
    while not (found := holds()):
        assert monotonic() < end, "it never came true"
        sleep(0.05)
    return found
