"""Kept queries that ask the rule: planned once as well, and locking within a transaction alone.

Of what a change takes, Django's making of the same statements anew is most: a grant opened by the
rule is eight thousand characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import Func, Value
from django.db.transaction import TransactionManagementError

from agencies.kept import Kept
from sharing.planned import plan_once

M = TypeVar("M", bound=models.Model)


def each(keys: Sequence[UUID]) -> Func:
    """Return *keys* as one value of a statement, however many they are, for ``__in``."""
    value = Value(list(keys), output_field=ArrayField(models.UUIDField()))
    return Func(value, template="(SELECT unnest(%(expressions)s))", output_field=models.UUIDField())


class Shape(Kept[M]):
    """A kept query of which the database keeps the plan."""

    def rows(self, **values: Any) -> list[M]:
        """Return the rows with *values* in the place of the markers."""
        if self._queryset.query.select_for_update and not connection.in_atomic_block:
            raise TransactionManagementError("A row is locked within a transaction.")
        return self(**values)

    def first(self, **values: Any) -> M | None:
        """Return the first row, if there is one."""
        return next(iter(self.rows(**values)), None)

    def _compiler_of(self, bound: list[Any]) -> Any:
        """Return it anew as one that is planned once, whatever its query was when it compiled."""
        compiler = super()._compiler_of(bound)
        compiler.__dict__.pop("execute_sql", None)
        return plan_once(compiler)
