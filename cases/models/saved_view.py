"""Saved views: a list of cases as somebody wants it again, for themselves or for the agency."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from agencies.models import Agency, Membership

LONGEST_NAME, LONGEST_QUERY = 60, 1000


class SavedView(models.Model):
    """The filters, columns and density of the list of cases under a name.

    With an ``agency`` it is there for all its people, else for the post that made it.  It holds
    what was typed and no record: opening it asks the rule like any address.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=LONGEST_NAME)
    made_by = models.ForeignKey(Membership, models.PROTECT, related_name="saved_views")
    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="saved_views", null=True, blank=True
    )
    query = models.CharField(max_length=LONGEST_QUERY, blank=True)
    is_default = models.BooleanField(default=False)
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_a_name"),
            models.UniqueConstraint(
                "made_by",
                Lower("name"),
                condition=Q(agency__isnull=True),
                name="saved_view_named_once_for_me",
            ),
            models.UniqueConstraint(
                "agency",
                Lower("name"),
                condition=Q(agency__isnull=False),
                name="saved_view_named_once_for_us",
            ),
            models.UniqueConstraint(
                fields=["made_by"],
                condition=Q(agency__isnull=True, is_default=True),
                name="saved_view_one_default_for_me",
            ),
            models.UniqueConstraint(
                fields=["agency"],
                condition=Q(agency__isnull=False, is_default=True),
                name="saved_view_one_default_for_us",
            ),
        ]

    def __str__(self) -> str:
        return self.name
