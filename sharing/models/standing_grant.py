"""Standing grants: every listed record of one category, from an owner to a roster, as one row."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from agencies.codes import Level
from agencies.models import Agency, Agreement, Membership, Roster
from sharing.models.grant import TimeRange
from sharing.models.share_request import ShareRequest


class StandingGrant(models.Model):
    """That an owner's listed records of a category are open to a roster while an agreement
    lasts.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    owner = models.ForeignKey(Agency, models.PROTECT, related_name="standing_grants")
    roster = models.ForeignKey(Roster, models.PROTECT, related_name="standing_grants")
    category = models.CharField(max_length=40)
    level = models.PositiveSmallIntegerField(choices=Level)
    purpose = models.CharField(max_length=40)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="standing_grants")
    decision = models.ForeignKey(
        ShareRequest,
        models.PROTECT,
        related_name="standing_grants",
        related_query_name="standing_grant",
    )
    until = models.DateTimeField()
    issued_by = models.ForeignKey(Membership, models.PROTECT, related_name="issued_standing_grants")
    issued_at = models.DateTimeField(db_default=Now(), editable=False)
    starts_at = models.DateTimeField(db_default=Now(), editable=False)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        Membership,
        models.PROTECT,
        related_name="revoked_standing_grants",
        null=True,
        blank=True,
    )
    revoke_reason = models.CharField(max_length=40, blank=True)
    revoke_text = models.TextField(blank=True)
    superseded_by = models.ForeignKey(
        ShareRequest,
        models.PROTECT,
        related_name="superseded_standing_grants",
        null=True,
        blank=True,
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="standing_grant_once_at_a_time",
                expressions=[
                    (F("owner"), RangeOperators.EQUAL),
                    (F("roster"), RangeOperators.EQUAL),
                    (F("category"), RangeOperators.EQUAL),
                    (F("agreement"), RangeOperators.EQUAL),
                    (TimeRange(F("issued_at"), F("until")), RangeOperators.OVERLAPS),
                ],
                condition=Q(revoked_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(level__range=(Level.POINTER, Level.VIEW)),
                name="standing_grant_level_at_most_view",
            ),
            models.CheckConstraint(
                condition=Q(until__gt=F("issued_at")), name="standing_grant_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["decision"],
                condition=~Q(revoke_reason="undone"),
                name="standing_grant_once_per_decision",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["roster"], name="standing_grant_roster")]

    def __str__(self) -> str:
        return f"standing grant {self.pk}"
