"""Inserting many new rows in one statement, where an import would spend its time building queries.

Measured on 60,000 records: Django's ``bulk_create`` takes three times as long as the database does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

AS_SENT: Mapping[str, tuple[str, str]] = {}


def insert_rows(
    rows: Sequence[models.Model], *, through: Mapping[str, tuple[str, str]] = AS_SENT
) -> None:
    """Insert unsaved *rows* of one model, sent as one JSON text.

    Columns with a default of the database take it.  *through* names columns that are sent as
    another type and turned by an expression over ``{}``.
    """
    if not rows:
        return
    columns = [one.column for one in _sent(rows[0])]
    attributes = [one.attname for one in _sent(rows[0])]
    plain = {one.column: (str(one.db_type(connection)), "{}") for one in _sent(rows[0])}
    how = {**plain, **through}
    quoted = {column: connection.ops.quote_name(column) for column in columns}
    shape = ", ".join(f"{quoted[column]} {how[column][0]}" for column in columns)
    sources = ", ".join(how[column][1].format(quoted[column]) for column in columns)
    table = connection.ops.quote_name(rows[0]._meta.db_table)  # noqa: SLF001  (documented)
    statement = (
        f"INSERT INTO {table} ({', '.join(quoted.values())}) "  # noqa: S608  (names of ours)
        f"SELECT {sources} FROM json_to_recordset(%s::json) AS sent ({shape})"
    )
    values = [
        {column: getattr(row, name) for column, name in zip(columns, attributes, strict=True)}
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(values, default=_plain)])


def _sent(row: models.Model) -> list[models.Field[Any, Any]]:
    """Return the columns to which a row gives a value of its own."""
    return [
        one
        for one in row._meta.concrete_fields  # noqa: SLF001  (documented)
        if not isinstance(getattr(row, one.attname), DatabaseDefault)
        and not (one.primary_key and row.pk is None)
    ]


def _plain(value: object) -> object:
    return getattr(value, "words", None) or str(value)
