"""Gathering: a message becomes the one unread notification that each post has of a thing.

One statement, safe beside another courier's: the partial unique index decides who comes first, and
a message that a post was told before changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from ledger.models import Message
from sharing.models import Telling
from sharing.telling.channels import TAKEN_BACK, WAITING
from sharing.telling.knowing import Subject

PRESSING = (*TAKEN_BACK, *WAITING)
"""Kinds that a notification says before other news of the same event."""

STATEMENT = """
WITH fresh AS MATERIALIZED (
    SELECT p.membership, p.channel
      FROM unnest(%(memberships)s::uuid[], %(channels)s::text[]) AS p (membership, channel)
     WHERE NOT EXISTS (SELECT FROM sharing_telling t
                        WHERE t.message = %(message)s::uuid AND t.membership_id = p.membership)
), kept AS (
    INSERT INTO sharing_notification AS n
           (id, membership_id, kind, subject_kind, subject, record, why, event)
    SELECT gen_random_uuid(), membership, %(kind)s, %(subject_kind)s, %(subject)s::uuid,
           %(record)s::uuid, %(why)s, %(event)s
      FROM fresh ORDER BY membership
    ON CONFLICT (membership_id, subject) WHERE read_at IS NULL
    DO UPDATE SET
       count = n.count + CASE WHEN excluded.event = n.event THEN 0 ELSE 1 END,
       created_at = CASE WHEN excluded.event > n.event
                         THEN statement_timestamp() ELSE n.created_at END,
       (kind, why, event) = (
           SELECT x.kind, x.why, x.event
             FROM (VALUES (n.kind, n.why, n.event, 0),
                          (excluded.kind, excluded.why, excluded.event, 1))
                  AS x (kind, why, event, later)
            ORDER BY x.event DESC, x.kind = ANY (%(pressing)s::text[]) DESC, x.later DESC
            LIMIT 1)
    RETURNING n.id, n.membership_id
)
INSERT INTO sharing_telling (message, membership_id, notification_id, event, kind, why, channel)
SELECT %(message)s::uuid, k.membership_id, k.id, %(event)s, %(kind)s, %(why)s, f.channel
  FROM kept k JOIN fresh f ON f.membership = k.membership_id
RETURNING membership_id, notification_id, channel
"""


@dataclass(frozen=True)
class Told:
    """That a post was told, by which channel, and the notification that says so."""

    membership: UUID
    notification: UUID
    channel: Telling.Channel


def gather(
    message: Message, subject: Subject, channels: Mapping[UUID, Telling.Channel], *, why: str
) -> list[Told]:
    """Tell each post of *channels* of *message* and return those that had not been told of it."""
    parameters: dict[str, Any] = {
        "message": message.pk,
        "memberships": list(channels),
        "channels": [str(channel) for channel in channels.values()],
        "kind": message.kind,
        "subject_kind": message.subject_kind,
        "subject": message.subject,
        "record": subject.record,
        "why": why,
        "event": message.event_id,
        "pressing": list(PRESSING),
    }
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, parameters)
        return [Told(row[0], row[1], Telling.Channel(row[2])) for row in cursor.fetchall()]
