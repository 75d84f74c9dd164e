"""Recalls: a record called back from everybody who has it, and what each of them answers."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from agencies.codes import Sensitivity
from agencies.models import Agency, Membership
from sharing.models.record import Record
from sharing.sealed.key import SealedKey


class Recall(models.Model):
    """That a record was shared by mistake: stopped at once, then called back from whoever has it.

    ``case`` is the case that the record is or sits in, ``label`` the generated label of an item and
    ``sensitivity`` the record's at that time: all that a recall needs to know without reading it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    number = models.CharField(max_length=12, unique=True)
    record = SealedKey(Record, models.PROTECT, related_name="recalls")
    case = models.UUIDField(editable=False)
    label = models.CharField(max_length=80, blank=True)
    owner = models.ForeignKey(Agency, models.PROTECT, related_name="recalls")
    sensitivity = models.PositiveSmallIntegerField(choices=Sensitivity)
    reason_code = models.CharField(max_length=40)
    stopped_by = models.ForeignKey(Membership, models.PROTECT, related_name="stopped_recalls")
    stopped_at = models.DateTimeField(db_default=Now(), editable=False)
    sent_by = models.ForeignKey(Membership, models.PROTECT, related_name="sent_recalls", null=True)
    sent_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record"],
                condition=Q(sent_at__isnull=True),
                name="recall_unsent_once_per_record",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True, sent_by__isnull=True, due_at__isnull=True)
                | Q(sent_at__isnull=False, sent_by__isnull=False, due_at__isnull=False),
                name="recall_sent_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "-stopped_at"], name="recall_owner"),
        ]

    def __str__(self) -> str:
        return self.number


class RecallReceipt(models.Model):
    """What one holder answers about one copy, or about what its people read on screen.

    ``holders`` are the memberships that had it; null for a whole agency.  ``recipient`` names who
    is not in the directory.  ``names_case`` is whether they knew the number of the case.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    recall = models.ForeignKey(Recall, models.PROTECT, related_name="receipts")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="recall_receipts", null=True)
    recipient = models.CharField(max_length=200, blank=True)
    holders = ArrayField(models.UUIDField(), null=True)
    copy = models.CharField(max_length=40, blank=True)
    names_case = models.BooleanField(default=False)
    answer = models.CharField(max_length=20, blank=True)
    answer_text = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        Membership, models.PROTECT, related_name="recall_answers", null=True
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recall", "agency", "recipient", "copy"],
                nulls_distinct=False,
                name="receipt_once_per_copy",
            ),
            models.CheckConstraint(
                condition=Q(agency__isnull=False) | ~Q(recipient=""),
                name="receipt_of_somebody",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="receipt_answered_by_somebody",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "recall"], name="receipt_agency")]

    def __str__(self) -> str:
        return f"receipt of {self.recall_id}"
