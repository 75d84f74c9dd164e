"""Access reviews: an agency's coordinator goes through all its posts, one answer each."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from agencies.codes import Sensitivity
from agencies.models.agency import Agency
from agencies.models.membership import Membership
from agencies.models.person import Person


class AccessReview(models.Model):
    """One going-through of an agency's posts, begun on a day and closed when all are answered."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="access_reviews")
    begun_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField(db_default=Now(), editable=False)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency"],
                condition=Q(closed_at__isnull=True),
                name="access_review_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"


class ReviewedPost(models.Model):
    """A post as it stood when the review began, and what was answered about it."""

    class Answer(models.TextChoices):
        """What becomes of a post."""

        KEEP = "keep", "Keep as it is"
        CHANGE = "change", "Change"
        END = "end", "End"

    review = models.ForeignKey(AccessReview, models.PROTECT, related_name="posts")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    roles = ArrayField(models.CharField(max_length=20))
    ceiling = models.PositiveSmallIntegerField(choices=Sensitivity)
    last_seen_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=6, choices=Answer, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "membership"], name="reviewed_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="reviewed_answer_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} in {self.review_id}"
