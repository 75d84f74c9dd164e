"""Codes by which a caller is known on the telephone."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from agencies.models import Agency, Membership
from sharing.models.share_request import ShareRequest


class PhoneCode(models.Model):
    """A code that ``caller`` reads out to the duty desk of ``agency``, once and within minutes.

    Only its hash is kept.  It says who is calling, and about which request if it was made for one.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code_hash = models.CharField(max_length=64, unique=True)
    caller = models.ForeignKey(Membership, models.PROTECT, related_name="phone_codes")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="phone_codes")
    request = models.ForeignKey(
        ShareRequest, models.PROTECT, related_name="phone_codes", null=True, blank=True
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(
        Membership, models.PROTECT, related_name="phone_codes_checked", null=True, blank=True
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, used_by__isnull=True)
                | Q(used_at__isnull=False, used_by__isnull=False),
                name="phone_code_used_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="phone_code_ends_after_start"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["caller", "created_at"], name="phone_code_by_caller")
        ]

    def __str__(self) -> str:
        return f"phone code {self.pk}"
