"""Sessions: a browser that a person is signed in on, when it was last used and as what."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from agencies.models.membership import Membership
from agencies.models.person import Person


class BrowserSession(models.Model):
    """One sign-in of a person on one browser.

    The browser's cookie leads to Django's own session, which names this row and says nothing about
    time: whether it is locked or over is asked of this row, on the database's clock.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="browser_sessions")
    membership = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    round = models.PositiveIntegerField(default=0, db_default=0)
    """That of the person when it was last used: in a later one it is over."""
    began_at = models.DateTimeField(db_default=Now())
    active_at = models.DateTimeField(db_default=Now())
    locked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["person", "-active_at"],
                condition=Q(ended_at__isnull=True),
                name="browser_session_open",
            ),
            models.Index(fields=["began_at"], name="browser_session_began"),
        ]

    def __str__(self) -> str:
        return f"session of {self.person_id}"
