"""Items: the people, vehicles, places and other things of a case."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from sharing.models import RecordPart


class Item(RecordPart):
    """One thing known in a case: the fields of its kind, and what a source said beyond them."""

    class Kind(models.TextChoices):
        """What an item is."""

        PERSON = "person", "Person"
        ORGANIZATION = "organization", "Organization"
        VEHICLE = "vehicle", "Vehicle"
        PLACE = "place", "Place"
        EVENT = "event", "Event"
        PROPERTY = "property", "Property"
        PHONE = "phone", "Phone"
        ACCOUNT = "account", "Account"
        DOCUMENT = "document", "Document"
        NOTE = "note", "Note"

    kind = models.CharField(max_length=14, choices=Kind)
    role = models.CharField(max_length=30, blank=True)
    withheld = models.BooleanField(default=False)
    fields = models.JSONField(default=dict, blank=True)
    received = models.JSONField(default=dict, blank=True)

    class Meta(RecordPart.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "person",
                        "organization",
                        "vehicle",
                        "place",
                        "event",
                        "property",
                        "phone",
                        "account",
                        "document",
                        "note",
                    ]
                ),
                name="item_kind_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
