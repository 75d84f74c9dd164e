"""Hand-overs: what was told, shown or given outside the portal, logged by hand."""

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


class HandOver(models.Model):
    """One disclosure by voice, paper, radio or mail: to whom, of what, why and by what authority.

    ``items`` are the parts that were told; none for the case itself.  Its words stay on this row.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    record = SealedKey(Record, models.PROTECT, related_name="hand_overs")
    items = ArrayField(models.UUIDField(), default=list)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="hand_overs", null=True)
    recipient = models.CharField(max_length=200, blank=True)
    means = models.CharField(max_length=20)
    told_at = models.DateTimeField()
    purpose = models.CharField(max_length=40)
    for_case = models.CharField(max_length=80, blank=True)
    authority = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    logged_by = models.ForeignKey(Membership, models.PROTECT, related_name="hand_overs")
    logged_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(agency__isnull=False) | ~Q(recipient=""), name="hand_over_to_somebody"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["record", "-told_at"], name="hand_over_record")]

    def __str__(self) -> str:
        return f"hand-over {self.pk}"
