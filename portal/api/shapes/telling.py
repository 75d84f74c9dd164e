"""Notifications and lines of the audit log as the interface shows them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from portal.api.shapes.examples import ALPHA, BO, BRAVO
from portal.api.shapes.parties import AgencyName, PersonName
from portal.api.shapes.rows import Row, page_of
from sharing.history_lines import Line
from sharing.models import Notification
from sharing.telling import Told

OUTCOMES = ("done", "refused")


class Subject(serializers.Serializer[Any]):
    """What something is about."""

    kind = serializers.CharField(help_text="What it is: sharerequest, grant, case, item.")
    id = serializers.UUIDField(help_text="Its id.")


class NotificationRow(Row):
    """What you were told, in words made now from what you may see now."""

    kind = serializers.CharField(help_text="What happened: `request.received`, `grant.revoked`…")
    subject = Subject(help_text="What it is about.")
    text = serializers.CharField(help_text="What it says.")
    why = serializers.CharField(help_text="Why you got it.")
    count = serializers.IntegerField(
        help_text="How many events it has gathered; the text says the newest."
    )
    created_at = serializers.DateTimeField(help_text="When you were told the newest.")
    read_at = serializers.DateTimeField(allow_null=True, help_text="When you read it.")


class RecordNamed(serializers.Serializer[Any]):
    """A record as a line of the log names it: never its title or its content."""

    id = serializers.UUIDField(help_text="Its id.")
    kind = serializers.CharField(help_text="case, item or contribution.")
    number = serializers.CharField(allow_blank=True, help_text="The number of its case.")
    type = serializers.CharField(allow_blank=True, help_text="Its type.")
    owner = serializers.CharField(allow_null=True, help_text="Short name of its owner.")
    label = serializers.CharField(  # type: ignore[assignment]
        allow_blank=True, help_text='A generated label like "Victim 1".'
    )


class NumberNamed(serializers.Serializer[Any]):
    """A request or an agreement, by its number."""

    id = serializers.UUIDField(help_text="Its id.")
    number = serializers.CharField(help_text="Its number.")


class AgreementNamed(NumberNamed):
    """An agreement, by its number and the version that was in effect then."""

    version = serializers.IntegerField(required=False, help_text="Its version at that time.")


class BasisShown(serializers.Serializer[Any]):
    """What an access rested on."""

    via = serializers.CharField(required=False, help_text="own, grant, cover or standing.")
    grant = serializers.UUIDField(required=False, help_text="The grant.")
    request = NumberNamed(required=False, help_text="The request it came from.")
    agreement = AgreementNamed(required=False, help_text="The agreement.")
    approved_by = serializers.CharField(required=False, help_text="Who released it.")


class EventRow(Row):
    """One line of the audit log: who did or tried what, under which hat, for which purpose."""

    at = serializers.DateTimeField(help_text="When.")
    kind = serializers.CharField(
        help_text="`record.opened`, `record.listed`, `record.refused`, and every change."
    )
    outcome = serializers.ChoiceField(OUTCOMES, help_text="Whether it was done.")
    person = PersonName(allow_null=True, help_text="Who; null where the portal acted.")
    agency = AgencyName(allow_null=True, help_text="For which agency.")
    acting_as = serializers.ListField(child=serializers.CharField(), help_text="In which roles.")
    level = serializers.CharField(allow_blank=True, help_text="At which level.")
    purpose = serializers.CharField(allow_blank=True, help_text="For which purpose.")
    for_case = serializers.CharField(allow_blank=True, help_text="For which case of theirs.")
    basis = BasisShown(help_text="What the access rested on.")
    records = RecordNamed(many=True, help_text="The records of yours that it speaks of.")
    channel = serializers.CharField(allow_blank=True, help_text="page or api, of a disclosure.")
    reason_code = serializers.CharField(
        allow_blank=True, help_text="The reason, where one was given."
    )


NotificationPage = page_of(NotificationRow)
EventPage = page_of(EventRow)

NOTIFICATION = {
    "id": "b6b6a1b5-0c6d-4f7e-9a0e-6c1d2e3f4a07",
    "kind": "request.approved",
    "subject": {"kind": "sharerequest", "id": "3d1e9b50-7e0c-4a7c-8a8d-5a3f4f2a7b05"},
    "text": "SR-7K2M9Q was approved.",
    "why": "You get this because it is about what you asked for or were given.",
    "count": 1,
    "created_at": "2026-03-02T10:00:01Z",
    "read_at": None,
    "version": 1,
    "allowed_actions": ["read"],
}
EVENT = {
    "id": "c2d0f2a8-1f5d-4d2b-8f6a-0b9a8c7d6e08",
    "at": "2026-03-02T10:05:00Z",
    "kind": "record.opened",
    "outcome": "done",
    "person": BO,
    "agency": BRAVO,
    "acting_as": ["analyst"],
    "level": "view",
    "purpose": "criminal_justice",
    "for_case": "BR-77",
    "basis": {
        "via": "grant",
        "grant": "6a1c4e0d-7a43-45a5-8f8a-6f0c8c1b0d06",
        "request": {"id": "3d1e9b50-7e0c-4a7c-8a8d-5a3f4f2a7b05", "number": "SR-7K2M9Q"},
        "agreement": {
            "id": "7c0a54f6-0f4b-4ab5-9a2e-0e7c6b3f8d02",
            "number": "MOU-2026-4418",
            "version": 1,
        },
        "approved_by": "Sam Stone",
    },
    "records": [
        {
            "id": "0a1f5b7e-3a55-4a9c-8f0e-0d0b7ad8c0d1",
            "kind": "case",
            "number": "ALPHA-2026-48213",
            "type": "burglary",
            "owner": ALPHA["short_name"],
            "label": "",
        }
    ],
    "channel": "api",
    "reason_code": "",
    "version": 1,
    "allowed_actions": [],
}


def notification_row(notice: Notification, told: Told) -> dict[str, Any]:
    """Return a notification with the words made for its reader."""
    return {
        "id": notice.pk,
        "kind": notice.kind,
        "subject": {"kind": notice.subject_kind, "id": notice.subject},
        "text": told.text,
        "why": told.why,
        "count": notice.count,
        "created_at": notice.created_at,
        "read_at": notice.read_at,
        "version": 1,
        "allowed_actions": [] if notice.read_at else ["read"],
    }


def event_row(line: Line) -> dict[str, Any]:
    """Return a line of the audit log."""
    facts = {name: line.facts.get(name, "") for name in ("channel", "reason_code")}
    return {**line.as_row(), **facts, "version": 1, "allowed_actions": []}
