"""The statement that writes an event and its messages: one for both, made once, the most run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from ledger.models import Event, Message

SAID = {
    "uuid": "uuid",
    "kind": "varchar",
    "outcome": "varchar",
    "person": "uuid",
    "membership": "uuid",
    "agency": "uuid",
    "roles": "varchar[]",
    "target_kind": "varchar",
    "target": "uuid",
    "records": "uuid[]",
    "concerns": "uuid[]",
    "level": "varchar",
    "purpose": "varchar",
    "for_case": "varchar",
    "basis": "jsonb",
    "facts": "jsonb",
}
"""What the writer says of an event; number, time and transaction are the database's."""

TOLD = {
    "id": "uuid",
    "kind": "varchar",
    "roster": "uuid",
    "role": "varchar",
    "subject_kind": "varchar",
    "subject": "uuid",
}
"""What the writer says of a message."""

WRITE = f"""
WITH event AS (
    INSERT INTO ledger_event ({", ".join(SAID)}, xid, at)
    VALUES ({", ".join(f"%s::{kind}" for kind in SAID.values())}, pg_current_xact_id(),
            statement_timestamp())
    RETURNING seq, xid, at
), told AS (
    INSERT INTO ledger_message (event_id, {", ".join(TOLD)}, state, attempts, last_error,
                                created_at, next_attempt_at)
    SELECT event.seq, m.*, '{Message.State.WAITING.value}', 0, '', statement_timestamp(),
           GREATEST(%s::timestamptz, statement_timestamp())
      FROM event, unnest({", ".join(f"%s::{kind}[]" for kind in TOLD.values())}) m
)
SELECT seq, xid, at FROM event"""  # noqa: S608  (names of ours)
JSON = ("basis", "facts")


def write(event: Event, messages: Sequence[Message], *, tell_at: datetime | None) -> None:
    """Insert an event and its messages, which are not sent before *tell_at*."""
    values = [
        *(json.dumps(value) if name in JSON else value for name, value in _of(event, SAID)),
        tell_at,
        *([getattr(one, name) for one in messages] for name in TOLD),
    ]
    with connection.cursor() as cursor:
        cursor.execute(WRITE, values)
        event.seq, xid, event.at = cursor.fetchone()
    event.xid = int(xid)
    event._state.adding, event._state.db = False, connection.alias  # noqa: SLF001  (documented)


def _of(event: Event, names: dict[str, str]) -> list[tuple[str, Any]]:
    return [(name, getattr(event, name)) for name in names]
