"""The model whose rows are built inside an opened query and nowhere else."""

from __future__ import annotations

from typing import Any, Self

from django.db import models

from sharing.sealed.queryset import SealedQuerySet
from sharing.sealed.refusals import UnopenedRead
from sharing.sealed.rows import admit_row


class SealedModel(models.Model):
    """A record, or a part of one whose primary key is the record's."""

    objects = models.Manager.from_queryset(SealedQuerySet)()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any) -> Self:
        """Build the instance only inside an opened query's own row."""
        names = list(field_names)
        key = cls._meta.pk.attname
        if key not in names:
            raise UnopenedRead
        admit_row(values[names.index(key)])
        return super().from_db(db, field_names, values)

    def refresh_from_db(
        self,
        using: str | None = None,
        fields: Any = None,
        from_queryset: Any = None,
    ) -> None:
        """Read again a row that was already read or written."""
        if self._state.adding:
            raise UnopenedRead
        again = from_queryset
        if again is None:
            again = type(self).objects.unrestricted("reading again a row that was already read")
        super().refresh_from_db(using, fields, again)
