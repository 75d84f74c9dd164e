"""Who may see what, as the database derives it at each statement."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from sharing.planned import planned


class WaysManager(models.Manager["Access"]):
    """Reads the view by plans that the connection keeps."""

    def get_queryset(self) -> models.QuerySet[Access]:
        """Return every way of every membership."""
        return planned(super().get_queryset())


class Access(models.Model):
    """One way in which a membership reaches a record; a row of the view ``sharing_access``.

    A membership can reach one record in several ways; the highest level counts.
    """

    record = models.UUIDField(primary_key=True, db_column="record_id")
    membership = models.UUIDField(db_column="membership_id")
    roles = ArrayField(models.CharField(max_length=20))
    level = models.PositiveSmallIntegerField()
    unmask = models.BooleanField()
    export = models.BooleanField()
    via = models.CharField(max_length=10)
    basis = models.UUIDField(null=True, db_column="basis_id")
    until = models.DateTimeField(null=True)

    objects = WaysManager()

    class Meta:
        managed = False
        db_table = "sharing_access"

    def __str__(self) -> str:
        return f"{self.membership} reaches {self.record} via {self.via}"
