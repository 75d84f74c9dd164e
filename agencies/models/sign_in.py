"""Names under which somebody tried to sign in, known or not, and how often it failed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class SignInName(models.Model):
    """A name as typed, folded and hashed; locked from five failures on until it is released.

    It is no person: names that do not exist are counted in the same rows by the same statements.
    """

    key = models.CharField(max_length=64, primary_key=True)
    touched_at = models.DateTimeField(db_default=Now())
    locked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["touched_at"], name="sign_in_name_touched")]

    def __str__(self) -> str:
        return self.key[:8]


class SignInTry(models.Model):
    """One try under a name; it takes its place in the count before anything is verified."""

    class State(models.TextChoices):
        """What became of a try."""

        PENDING = "pending", "Being verified"
        FAILED = "failed", "Failed"
        REFUSED = "refused", "Not verified: too many before it"

    name = models.ForeignKey(SignInName, models.CASCADE, related_name="tries")
    at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["name", "at"], name="sign_in_try_of_name")]

    def __str__(self) -> str:
        return f"{self.state} {self.at}"
