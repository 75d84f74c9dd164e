"""Cases: what an agency works on, under a number of ours and one of its own."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from agencies.models import Agency
from sharing.models import RecordPart


class Case(RecordPart):
    """The body of a case; its title, type, status, class (``grouping``) and owner are its record's.

    ``number`` is random within agency and year, so that a gap tells nothing.  ``source`` and
    ``source_id`` say where an imported case came from; ``received`` keeps what its mapping did
    not use.  ``labels`` counts the generated labels given out, so that none is given twice.
    """

    class Class(models.TextChoices):
        """What sort of case it is."""

        INCIDENT = "incident", "Incident"
        INVESTIGATION = "investigation", "Investigation"
        SERIES = "series", "Series"
        INTELLIGENCE = "intelligence", "Intelligence project"
        OPERATION = "operation", "Operation"

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    number = models.CharField(max_length=60, unique=True)
    own_number = models.CharField(max_length=80, blank=True)
    own_number_key = models.CharField(max_length=80, blank=True)
    summary = models.TextField(blank=True)
    opened_on = models.DateField()
    disposition = models.CharField(max_length=40, blank=True)
    offences = models.JSONField(default=list, blank=True)
    labels = models.JSONField(default=dict, blank=True, editable=False)
    source = models.CharField(max_length=80, blank=True)
    source_id = models.CharField(max_length=120, blank=True)
    received = models.JSONField(default=dict, blank=True)

    class Meta(RecordPart.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency", "source", "source_id"],
                condition=~Q(source=""),
                name="case_imported_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "own_number_key"], name="case_own_number")
        ]

    def __str__(self) -> str:
        return self.number
