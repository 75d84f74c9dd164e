"""Briefing copies: marked paper that was made of a case, numbered in the agency that made it."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from agencies.models import Agency, Membership
from sharing.models.record import Record
from sharing.sealed.key import SealedKey


class BriefingCopy(models.Model):
    """One printed copy of a record: by whom, for whom, for what, and of which version.

    ``items`` are the parts that it shows.  The number is random, so that the owner of one record
    cannot count from it what else its partner prints.  One that could not be made is void.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="briefing_copies")
    number = models.CharField(max_length=12)
    record = SealedKey(Record, models.PROTECT, related_name="briefing_copies")
    items = ArrayField(models.UUIDField(), default=list)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="briefing_copies")
    recipient = models.CharField(max_length=120)
    purpose = models.CharField(max_length=40)
    for_case = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    issued_at = models.DateTimeField(db_default=Now(), editable=False)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "briefing copies"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "number"], name="copy_numbered_once"),
            models.CheckConstraint(
                condition=~Q(recipient="") & ~Q(purpose="") & ~Q(for_case=""),
                name="copy_says_for_whom_and_what",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["record", "-issued_at"], name="copy_of_record"),
        ]

    def __str__(self) -> str:
        return self.number
