"""How long the server may work for one search, so that nobody's search holds up the others'."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg2.errors import QueryCanceled

LIMITED = """SELECT current_setting('statement_timeout'),
 set_config('statement_timeout', %s, true)"""


class GivenUp(RuntimeError):
    """The server was told to stop looking before it was through."""


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Have a statement inside end after so many seconds; GivenUp where it had to."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(LIMITED, [f"{max(seconds * 1000, 1):.0f}"])
            before = cursor.fetchone()[0]
            yield
            cursor.execute(LIMITED, [before])
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise GivenUp from error
        raise
