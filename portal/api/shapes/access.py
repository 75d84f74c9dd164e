"""Who can see a record, why and until when, as the interface shows it to every reader of it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from portal.api.shapes.cases import LEVELS
from portal.api.shapes.parties import KINDS, AgreementName
from portal.api.shapes.rows import page_of
from portal.api.strict import Code


class Readers(serializers.Serializer[Any]):
    """People who reach the record in one way."""

    kind = serializers.ChoiceField(KINDS, help_text="What they are.")
    short_name = serializers.CharField(
        required=False, help_text="Of an agency or task force: its short name."
    )
    name = serializers.CharField(help_text="The name in full.")
    agency = serializers.CharField(
        required=False, help_text="Of a person: the short name of their agency."
    )
    people = serializers.IntegerField(help_text="How many people can open it now.")
    programs = serializers.IntegerField(help_text="How many programs can read it now.")


class Ground(serializers.Serializer[Any]):
    """What an access rests on."""

    agreement = AgreementName(help_text="The agreement.")
    request = serializers.CharField(help_text="The number of the request.")
    approved_by = serializers.CharField(help_text="Who released it.")
    decided_at = serializers.DateTimeField(allow_null=True, help_text="When.")
    purpose = Code("purposes", help_text="What for.")


class ReachRow(serializers.Serializer[Any]):
    """One way in which some people reach the record."""

    who = Readers(help_text="Who they are.")
    level = serializers.ChoiceField(LEVELS, help_text="How much of it they have.")
    why = Ground(allow_null=True, help_text="What it rests on; null for the owner's own people.")
    until = serializers.DateTimeField(allow_null=True, help_text="Until when; null for the owner.")
    state = serializers.ChoiceField(["active"], help_text="Only what is in force is listed.")


ReachPage = page_of(ReachRow)

REACH = {
    "who": {
        "kind": "agency",
        "short_name": "bravo",
        "name": "Bravo County Sheriff",
        "people": 23,
        "programs": 1,
    },
    "level": "view",
    "why": {
        "agreement": {
            "id": "7c0a54f6-0f4b-4ab5-9a2e-0e7c6b3f8d02",
            "number": "MOU-2026-4418",
            "title": "Alpha and Bravo, burglary and robbery",
        },
        "request": "SR-7K2M9Q",
        "approved_by": "Sam Stone",
        "decided_at": "2026-03-02T10:00:00Z",
        "purpose": "criminal_justice",
    },
    "until": "2026-06-01T00:00:00Z",
    "state": "active",
}
