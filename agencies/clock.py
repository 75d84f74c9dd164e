"""The database's clock, the only one that decides."""

from __future__ import annotations

from datetime import datetime

from django.db import connection


def database_time() -> datetime:
    """Return the moment of this statement; within one transaction it moves on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        (moment,) = cursor.fetchone()
    assert isinstance(moment, datetime)  # noqa: S101  (for the type; the driver gives nothing else)
    return moment
