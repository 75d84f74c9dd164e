"""Rows on their way from an opened query to the record that each was read for."""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.db.models.query import ModelIterable

from sharing.sealed.refusals import UnopenedRead


class RowBeingRead:
    """The key of the one record that the row now being read may bring with it."""

    __slots__ = ("key",)

    def __init__(self) -> None:
        self.key: UUID | None = None


_row: ContextVar[RowBeingRead | None] = ContextVar("row being read", default=None)


def admit_row(key: UUID) -> None:
    """Let a record be built from a row only where an opened query reads that very record."""
    row = _row.get()
    if row is None or row.key not in (None, key):
        raise UnopenedRead
    row.key = key


class OpenedRows(ModelIterable):  # type: ignore[type-arg]
    """Rows of an opened query, each admitting the record it was read for and none beside it."""

    def __iter__(self) -> Iterator[Any]:
        rows = iter(super().__iter__())
        while True:
            token = _row.set(RowBeingRead())
            try:
                found = next(rows)
            except StopIteration:
                return
            finally:
                _row.reset(token)
            yield found
