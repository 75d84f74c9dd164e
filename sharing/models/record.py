"""The record: the envelope of everything that can be shared."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID, uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from agencies.codes import Sensitivity
from agencies.models import Agency
from sharing.sealed.key import SealedKey
from sharing.sealed.model import SealedModel

ASKED_IN_LISTS = ("sensitivity", "sealed_at", "expunged_at")
"""What the rule asks of every record that a list passes over, held in the index of the list."""


class Record(SealedModel):
    """One thing that can be shared; cases, items and notices hold it as their key.

    ``cover`` is how an item inherits: the record whose grants reach it from ``covered_at`` on.  A
    case, a contribution and a withheld item cover themselves; an item of the owner is covered by
    its case, an item of a contributor by that agency's contribution.
    """

    class Kind(models.TextChoices):
        """What a record is."""

        CASE = "case", "Case"
        ITEM = "item", "Item"
        CONTRIBUTION = "contribution", "Contribution"

    class Findability(models.TextChoices):
        """What others learn of a record that they may not read."""

        LISTED = "listed", "Listed for partners"
        CONTACT_ONLY = "contact_only", "Contact only"
        SILENT = "silent", "Silent"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=14, choices=Kind)
    owner = SealedKey(Agency, models.PROTECT, related_name="owned_records")
    originator = SealedKey(Agency, models.PROTECT, related_name="originated_records")
    submitted_by = SealedKey(
        Agency, models.PROTECT, related_name="submitted_records", null=True, blank=True
    )
    case = SealedKey("self", models.PROTECT, related_name="parts", null=True)
    cover = SealedKey("self", models.PROTECT, related_name="covered")
    covered_at = models.DateTimeField(db_default=Now())
    title = models.CharField(max_length=300)
    label = models.CharField(max_length=80, blank=True)
    category = models.CharField(max_length=40)
    findability = models.CharField(
        max_length=12, choices=Findability, default=Findability.CONTACT_ONLY
    )
    sensitivity = models.PositiveSmallIntegerField(
        choices=Sensitivity, default=Sensitivity.SENSITIVE
    )
    protected = models.BooleanField(default=False)
    restrictions = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    handling = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    grouping = models.CharField(max_length=20, blank=True)
    type = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=20, blank=True)
    version = models.PositiveIntegerField(default=1)
    touched_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = models.UUIDField(null=True)
    sealed_at = models.DateTimeField(null=True, blank=True)
    expunged_at = models.DateTimeField(null=True, blank=True)
    held_at = models.DateTimeField("on legal hold since", null=True, blank=True)

    class Meta(SealedModel.Meta):
        permissions: ClassVar = [
            ("know_record", "Can know of record and whom to call"),
            ("list_record", "Can see summary of record"),
            ("contribute_record", "Can add to record"),
            ("release_record", "Can release record"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="case", case__isnull=True, cover=F("id"))
                | Q(kind="contribution", case__isnull=False, cover=F("id"))
                | Q(kind="item", case__isnull=False),
                name="record_covered_by_kind",
            ),
            models.CheckConstraint(condition=~Q(case=F("id")), name="record_not_its_own_case"),
            models.CheckConstraint(
                condition=Q(sensitivity__in=Sensitivity.values), name="record_sensitivity_known"
            ),
            models.CheckConstraint(
                condition=Q(findability__in=["listed", "contact_only", "silent"]),
                name="record_findability_known",
            ),
            models.UniqueConstraint(
                fields=["case", "owner"],
                condition=Q(kind="contribution"),
                name="record_one_contribution_per_agency",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                F("owner"),
                F("kind"),
                F("touched_at").desc(),
                F("id").desc(),
                include=[*ASKED_IN_LISTS, "grouping", "type", "status"],
                name="record_own",
            ),
            models.Index(
                F("owner"),
                F("category"),
                F("kind"),
                F("touched_at").desc(),
                F("id").desc(),
                include=[*ASKED_IN_LISTS, "originator"],
                condition=Q(findability="listed"),
                name="record_listed",
            ),
            models.Index(fields=["cover", "covered_at"], name="record_cover"),
            models.Index(fields=["case", "kind"], name="record_case"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def covers_itself(self) -> bool:
        """Return whether no other record's grants reach this one."""
        return bool(self.cover_id == self.pk)


class RecordPart(SealedModel):
    """What a record is about: a model whose primary key is the record."""

    record = models.OneToOneField(
        Record, models.PROTECT, primary_key=True, related_name="%(class)s_body"
    )

    class Meta(SealedModel.Meta):
        abstract = True

    @property
    def id(self) -> UUID:
        """Return the record's id, the only one ever shown."""
        return UUID(str(self.record_id))
