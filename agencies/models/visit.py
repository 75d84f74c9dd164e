"""Visits: when a post was last at work in the portal."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from agencies.models.membership import Membership


class Visit(models.Model):
    """When a post was last seen, and when it was last seen in the visit before this one.

    Of a post and not of a person: whoever acts under another has not seen what waits for this one.
    ``since`` is None in the first visit.
    """

    membership = models.OneToOneField(
        Membership, models.PROTECT, primary_key=True, related_name="visit"
    )
    seen_at = models.DateTimeField(db_default=Now())
    since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(since__lte=F("seen_at")),
                name="visit_after_the_one_before",
            )
        ]

    def __str__(self) -> str:
        return f"visit of {self.membership_id}"
