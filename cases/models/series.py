"""Series: which cases one of class series is made of."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from agencies.models import Membership
from cases.models.case import Case
from sharing.sealed.key import SealedKey


class SeriesMember(models.Model):
    """That a case belongs to a series, in the eyes of the agency whose series it is.

    It gives nobody a way to either: whoever reads the series sees of its members those that they
    may read anyhow, and of another agency's only that agency itself does (third-agency rule).
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    series = SealedKey(Case, models.PROTECT, related_name="+")
    member = SealedKey(Case, models.PROTECT, related_name="+")
    added_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "member"], name="series_member_once"),
            models.CheckConstraint(condition=~Q(series=F("member")), name="series_not_its_member"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.series_id}"
