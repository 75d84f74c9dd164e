"""Grants: what a roster was given of one record, and the index that its readers' lists are made
from.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now

from agencies.codes import Level
from agencies.models import Agreement, Membership, Roster
from sharing.models.record import Record
from sharing.models.share_request import ShareRequest
from sharing.sealed.key import SealedKey


class TimeRange(Func):
    """The range from one moment up to, not including, another."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Grant(models.Model):
    """The decision that gives a roster certain actions on a record, for a purpose, until a time.

    Whether it is live is derived at each statement and never stored; ``ended_at`` is stamped later,
    only so that dead rows leave the index.  It reads from ``starts_at`` on, until ``revoked_at``:
    both can lie some seconds ahead while an approval can still be undone.  ``items_until`` and
    ``protected_until`` bound what the scope ``all`` reaches by the time an item came under cover.
    The columns from ``kind`` on are copies of the record's that a trigger keeps.
    """

    class Scope(models.TextChoices):
        """Whether a grant reaches what its record covers."""

        RECORD = "record", "This record alone"
        ALL = "all", "This record and what it covers"

    class Contributions(models.TextChoices):
        """Whether what the recipients add is released at once or one by one."""

        DIRECT = "direct", "Direct"
        EACH = "each", "Each approved"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    record = SealedKey(Record, models.PROTECT, related_name="grants")
    roster = models.ForeignKey(Roster, models.PROTECT, related_name="grants")
    scope = models.CharField(max_length=6, choices=Scope)
    level = models.PositiveSmallIntegerField(choices=Level)
    purpose = models.CharField(max_length=40)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="grants")
    decision = models.ForeignKey(ShareRequest, models.PROTECT, related_name="grants")
    until = models.DateTimeField()
    items_until = models.DateTimeField()
    protected_until = models.DateTimeField()
    later = models.CharField(max_length=20, default="no")
    export = models.BooleanField(default=False)
    onward = models.BooleanField(default=False)
    unmask = models.BooleanField(default=False)
    issued_by = models.ForeignKey(Membership, models.PROTECT, related_name="issued_grants")
    issued_at = models.DateTimeField(db_default=Now(), editable=False)
    starts_at = models.DateTimeField(db_default=Now(), editable=False)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        Membership, models.PROTECT, related_name="acknowledged_grants", null=True, blank=True
    )
    contributions = models.CharField(max_length=6, choices=Contributions, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        Membership, models.PROTECT, related_name="revoked_grants", null=True, blank=True
    )
    revoke_reason = models.CharField(max_length=40, blank=True)
    revoke_text = models.TextField(blank=True)
    superseded_by = models.ForeignKey(
        ShareRequest, models.PROTECT, related_name="superseded_grants", null=True, blank=True
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    kind = models.CharField(max_length=14, editable=False)
    touched_at = models.DateTimeField(editable=False)
    owner = models.UUIDField(editable=False)
    sensitivity = models.PositiveSmallIntegerField(editable=False)
    category = models.CharField(max_length=40, editable=False)
    grouping = models.CharField(max_length=20, editable=False, blank=True)
    type = models.CharField(max_length=40, editable=False, blank=True)
    status = models.CharField(max_length=20, editable=False, blank=True)

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="grant_once_at_a_time",
                expressions=[
                    (F("record"), RangeOperators.EQUAL),
                    (F("roster"), RangeOperators.EQUAL),
                    (F("agreement"), RangeOperators.EQUAL),
                    (TimeRange(F("issued_at"), F("until")), RangeOperators.OVERLAPS),
                ],
                condition=Q(revoke_reason=""),
            ),
            models.CheckConstraint(
                condition=Q(level__range=(Level.POINTER, Level.CONTRIBUTE)),
                name="grant_level_can_be_granted",
            ),
            models.CheckConstraint(
                condition=Q(until__gt=F("issued_at")), name="grant_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(protected_until__lte=F("items_until")),
                name="grant_protected_within_items",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoke_reason="")
                | (Q(revoked_at__isnull=False) & ~Q(revoke_reason="")),
                name="grant_revoked_with_reason",
            ),
            models.CheckConstraint(condition=Q(onward=False), name="grant_no_onward_release_yet"),
        ]
        indexes: ClassVar = [
            models.Index(
                F("roster"),
                F("kind"),
                F("touched_at").desc(),
                F("record").desc(),
                include=[
                    "agreement",
                    "owner",
                    "issued_at",
                    "starts_at",
                    "until",
                    "revoked_at",
                    "level",
                    "sensitivity",
                    "category",
                    "grouping",
                    "type",
                    "status",
                ],
                condition=Q(ended_at__isnull=True),
                name="grant_access",
            ),
            models.Index(
                fields=["record", "roster"],
                condition=Q(ended_at__isnull=True),
                name="grant_record",
            ),
            models.Index(
                fields=["until"], condition=Q(ended_at__isnull=True), name="grant_to_sweep"
            ),
        ]

    def __str__(self) -> str:
        return f"grant {self.pk}"
