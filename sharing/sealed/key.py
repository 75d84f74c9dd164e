"""The foreign key along which no query reaches a record."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models

from sharing.sealed.model import SealedModel
from sharing.sealed.refusals import FollowedToRecord

Set = TypeVar("Set")
Get = TypeVar("Get")


class SealedRelation(models.ManyToOneRel):
    """The way back along a sealed key."""

    def get_extra_restriction(self, alias: str, related_alias: str) -> None:  # type: ignore[override]
        """Refuse to be joined from an agency or a record to records."""
        if issubclass(self.field.model, SealedModel):
            raise FollowedToRecord


class SealedKey(models.ForeignKey[Set, Get]):
    """A foreign key to or from records that no query may follow to a record."""

    rel_class = SealedRelation

    def get_extra_restriction(self, alias: str, related_alias: str) -> None:
        """Refuse to be joined to a record."""
        if issubclass(self.remote_field.model, SealedModel):
            raise FollowedToRecord

    def deconstruct(self) -> Any:
        """Return it as the plain foreign key that it is in the database."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs
