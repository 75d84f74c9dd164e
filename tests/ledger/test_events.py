"""What an event holds, what it refuses to hold, and that it stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import Enum
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, models, transaction

from ledger import kinds
from ledger.doer import Portal
from ledger.kinds import UnknownMessageKind, register_message_kind
from ledger.models import Event, Message
from ledger.services import NotInTransaction, Ref, Tell, record_event
from tests.ledger.conftest import THING, Mailbox, Someone


class Color(Enum):
    """Values that are not text by themselves."""

    RED = "red"


def test_an_event_holds_who_did_what_under_which_hat(db: None, ana: Someone) -> None:
    record, agency, grant = uuid4(), uuid4(), uuid4()
    event = record_event(
        ana,
        "record.opened",
        Ref("case", record),
        records=[record, record],
        concerns=[agency],
        outcome="refused",
        level="view",
        purpose="criminal_justice",
        for_case="BR-77",
        basis={"grant": grant},
        count=3,
    )
    row = Event.objects.values().get(pk=event.pk)
    assert isinstance(row.pop("at"), datetime)
    assert row.pop("xid") == event.xid > 0
    assert row == {
        "seq": event.seq,
        "uuid": event.uuid,
        "kind": "record.opened",
        "outcome": "refused",
        "person": ana.person_id,
        "membership": ana.membership_id,
        "agency": ana.agency_id,
        "roles": ["analyst", "supervisor"],
        "target_kind": "case",
        "target": record,
        "records": [record],
        "concerns": [agency],
        "level": "view",
        "purpose": "criminal_justice",
        "for_case": "BR-77",
        "basis": {"grant": str(grant)},
        "facts": {"count": 3},
    }


def test_what_the_portal_does_by_itself_is_laid_to_nobody(db: None) -> None:
    event = record_event(Portal(), "grant.expired")
    assert (event.person, event.membership, event.agency, event.roles) == (None, None, None, [])
    assert (event.target_kind, event.target) == ("", None)
    assert str(event) == f"{event.seq} grant.expired"


def test_a_row_is_named_by_its_model_and_key(db: None, ana: Someone) -> None:
    row = Message(id=THING.id)
    event = record_event(ana, "message.sent", row)
    assert (event.target_kind, event.target) == ("message", THING.id)
    assert str(row) == " to None"


def test_a_row_whose_key_is_no_uuid_cannot_be_a_target(db: None, ana: Someone) -> None:
    with pytest.raises(ValueError, match="a event is not known by a UUID"):
        record_event(ana, "event.read", Event(seq=4))


def test_the_database_says_when_and_in_which_transaction(db: None, ana: Someone) -> None:
    event = Event(kind="a.b", xid=7, at=datetime(2001, 1, 1, tzinfo=UTC))
    event.save()
    written = Event.objects.get(pk=event.pk)
    assert written.xid == record_event(ana, "thing.made").xid
    assert written.at.year > 2001
    assert Event._meta.get_field("xid").db_type(connection) == "xid8"


def test_an_event_outside_a_transaction_is_refused(cloned_database: str, ana: Someone) -> None:
    with pytest.raises(NotInTransaction):
        record_event(ana, "thing.made", THING)
    assert not Event.objects.exists()
    with transaction.atomic():
        record_event(ana, "thing.made", THING)
    assert Event.objects.count() == 1


def test_a_change_undone_leaves_neither_event_nor_message(
    cloned_database: str, ana: Someone, mailbox: Mailbox
) -> None:
    with transaction.atomic():
        record_event(ana, "thing.made", THING, tell=[Tell("note", uuid4())])
        transaction.set_rollback(True)
    assert (Event.objects.count(), Message.objects.count()) == (0, 0)


@pytest.mark.parametrize("kind", ["made", "Thing.made", "thing.made.twice", "thing.", "a b.c", ""])
def test_a_kind_is_a_noun_and_what_was_done(db: None, ana: Someone, kind: str) -> None:
    with pytest.raises(ValueError, match=r"noun\.verbed"):
        record_event(ana, kind)
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (None, None),
        (True, True),
        (3, 3),
        (0.5, 0.5),
        ("until_ended", "until_ended"),
        ("x" * 120, "x" * 120),
        (Color.RED, "red"),
        (Event.Outcome.DONE, "done"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (date(2026, 3, 1), "2026-03-01"),
        (datetime(2026, 3, 1, 4, tzinfo=UTC), "2026-03-01T04:00:00+00:00"),
        ([1, ("a", None)], [1, ["a", None]]),
        ({"one"}, ["one"]),
    ],
)
def test_a_fact_is_an_id_a_number_or_a_code(
    db: None, ana: Someone, given: object, kept: object
) -> None:
    event = record_event(ana, "thing.made", fact=given)
    assert Event.objects.get(pk=event.pk).facts == {"fact": kept}


@pytest.mark.parametrize(
    "given",
    ["x" * 121, "two\nlines", "nul\0", "\ud800", float("nan"), float("inf"), {"a": 1}, object()],
)
@pytest.mark.parametrize("where", ["fact", "list", "basis"])
def test_free_text_and_objects_are_no_facts(
    db: None, ana: Someone, given: object, where: str
) -> None:
    told: dict[str, Any] = {
        "fact": {"fact": given},
        "list": {"fact": [given]},
        "basis": {"basis": {"fact": given}},
    }[where]
    with pytest.raises(ValueError, match="fact is"):
        record_event(ana, "thing.made", **told)
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [("level", "x" * 13), ("purpose", "x" * 41), ("for_case", "x" * 81), ("for_case", "a\0")],
)
def test_columns_take_codes_that_fit(db: None, ana: Someone, name: str, value: str) -> None:
    with pytest.raises(ValueError, match=name):
        record_event(ana, "thing.made", **{name: value})
    record_event(ana, "thing.made", **{name: value[:12].strip("\0")})
    assert Event.objects.count() == 1


def test_a_message_says_whom_to_tell_and_about_what(
    db: None, ana: Someone, mailbox: Mailbox
) -> None:
    roster, other = uuid4(), Ref("grant", uuid4())
    event = record_event(
        ana,
        "thing.made",
        THING,
        tell=[
            Tell("note", roster),
            Tell("note", roster),
            Tell("note", roster, role="supervisor"),
            Tell("note", roster, subject=other),
        ],
    )
    fields = ("kind", "roster", "role", "subject_kind", "subject", "state", "attempts")
    assert set(event.messages.values_list(*fields)) == {
        ("note", roster, "", "thing", THING.id, "waiting", 0),
        ("note", roster, "supervisor", "thing", THING.id, "waiting", 0),
        ("note", roster, "", "grant", other.id, "waiting", 0),
    }


def test_the_database_holds_that_one_event_tells_one_thing_once(
    db: None, send: Callable[[], Message]
) -> None:
    message = send()
    message.pk = uuid4()
    with pytest.raises(IntegrityError, match="message_once_per_event"), transaction.atomic():
        message.save(force_insert=True)


def test_a_message_that_nobody_delivers_is_refused(
    db: None, ana: Someone, mailbox: Mailbox
) -> None:
    with pytest.raises(UnknownMessageKind):
        record_event(ana, "thing.made", THING, tell=[Tell("letter", uuid4())])
    assert not Event.objects.exists()


def test_a_message_about_nothing_is_refused(db: None, ana: Someone, mailbox: Mailbox) -> None:
    with pytest.raises(ValueError, match="about nothing"):
        record_event(ana, "thing.made", tell=[Tell("note", uuid4())])
    assert not Event.objects.exists()


def test_a_kind_has_one_handler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_handlers", {})
    first, second = SimpleNamespace(), SimpleNamespace()
    register_message_kind("note", first)  # type: ignore[arg-type]
    register_message_kind("note", first)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="two handlers"):
        register_message_kind("note", second)  # type: ignore[arg-type]
    assert kinds.handler_of("note") is first


def test_the_courier_is_woken_once_for_a_transaction_with_messages(
    db: None,
    ana: Someone,
    mailbox: Mailbox,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks() as silent:
        record_event(ana, "thing.made", THING)
    with django_capture_on_commit_callbacks() as woken:
        for _ in range(3):
            record_event(ana, "thing.made", THING, tell=[Tell("note", uuid4())])
    assert [callback.__name__ for callback in silent] == []
    assert [callback.__name__ for callback in woken] == ["wake_courier"]


CHANGES = [
    "UPDATE ledger_event SET kind = 'a.b'",
    "DELETE FROM ledger_event",
    "TRUNCATE ledger_event CASCADE",
    "UPDATE ledger_seal SET root = ''",
    "DELETE FROM ledger_seal",
    "TRUNCATE ledger_seal",
]


@pytest.mark.parametrize(
    ("role", "because"), [("default", "permission denied"), ("owner", "is append-only")]
)
def test_history_is_only_ever_added_to(
    cloned_database: str, write: Callable[[], list[Event]], role: str, because: str
) -> None:
    write()
    for change in CHANGES:
        with pytest.raises(DatabaseError, match=because), connections[role].cursor() as cursor:
            cursor.execute(change)
    assert Event.objects.values_list("kind", flat=True).get() == "thing.made"


def test_the_application_adds_to_history(cloned_database: str, write: Callable[..., Any]) -> None:
    write(2)
    assert Event.objects.count() == 2


def test_no_row_of_history_points_at_another_table() -> None:
    assert not [
        field.name for field in Event._meta.get_fields() if isinstance(field, models.ForeignKey)
    ]
