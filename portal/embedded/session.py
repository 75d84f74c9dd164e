"""The database of one command: the one it was given, the one that runs, or one of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def database_for(command: str) -> Iterator[None]:
    """Have a database for as long as *command* runs."""
    yield
