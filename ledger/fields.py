"""Column types of PostgreSQL that Django does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.expressions import Func

if TYPE_CHECKING:
    IntegerColumn = models.Field[int, int]
else:
    IntegerColumn = models.Field


class TransactionIdField(IntegerColumn):
    """A 64-bit transaction id, ``xid8``, which unlike the 32-bit one never wraps round."""

    def db_type(self, connection: Any) -> str:
        """Return the column's type."""
        return "xid8"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        """Return the number: the driver knows no ``xid8`` and hands over its digits."""
        return None if value is None else int(value)

    def get_prep_value(self, value: Any) -> Any:
        """Return digits, an untyped literal: PostgreSQL compares no ``xid8`` with an integer."""
        value = super().get_prep_value(value)
        return str(value) if isinstance(value, int) else value


class CurrentTransaction(Func):
    """The id of the transaction that runs the statement."""

    function = "pg_current_xact_id"
    arity = 0
    output_field = TransactionIdField()


class Horizon(Func):
    """The id of the oldest transaction still running; all below it has ended and can be seen."""

    template = "pg_snapshot_xmin(pg_current_snapshot())"
    arity = 0
    output_field = TransactionIdField()
