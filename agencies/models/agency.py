"""Agencies: those on board and those the directory only knows of."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models.functions import Lower, Now, Upper

from agencies.codes import EXCHANGING, OPERATING, AgencyKind, AgencyStatus, Tier


class AgencyQuerySet(models.QuerySet["Agency"]):
    """Agencies, narrowed by where they stand."""

    def on_board(self) -> AgencyQuerySet:
        """Return those whose people may use the portal."""
        return self.filter(status__in=OPERATING)

    def exchanging(self) -> AgencyQuerySet:
        """Return those that give and receive."""
        return self.filter(status__in=EXCHANGING)


class Agency(models.Model):
    """A police, public-safety or community agency."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    short_name = models.SlugField(max_length=40, null=True, blank=True)  # noqa: DJ001  (unique)
    name = models.CharField(max_length=200)
    ori = models.CharField("ORI", max_length=9, null=True, blank=True)  # noqa: DJ001  (unique)
    kind = models.CharField(max_length=20, choices=AgencyKind, default=AgencyKind.OTHER)
    tier = models.CharField(max_length=20, choices=Tier, default=Tier.FULL)
    status = models.CharField(max_length=20, choices=AgencyStatus, default=AgencyStatus.DIRECTORY)
    contact = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=40, blank=True)
    county = models.CharField(max_length=120, blank=True)
    time_zone = models.CharField(max_length=40, default="UTC")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "agencies"
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("short_name"), name="agency_short_name_once"),
            models.UniqueConstraint(Upper("ori"), name="agency_ori_once"),
            models.CheckConstraint(
                condition=models.Q(status__in=AgencyStatus.values), name="agency_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(status=AgencyStatus.DIRECTORY)
                | models.Q(short_name__isnull=False),
                name="agency_on_board_has_short_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name
