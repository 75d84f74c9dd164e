"""Rows that cannot be imported."""

from __future__ import annotations


class BadRow(Exception):
    """A row that cannot be imported, by column and reason."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason
