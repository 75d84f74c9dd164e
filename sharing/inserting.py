"""Inserting many new rows in one statement, where an import would spend its time building queries.

Measured on 60,000 records: Django's ``bulk_create`` takes three times as long as the database does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

M = TypeVar("M", bound=models.Model)
AS_SENT: Mapping[str, tuple[str, str]] = {}


def insert_rows(
    rows: Sequence[models.Model],
    *,
    through: Mapping[str, tuple[str, str]] = AS_SENT,
    there: str = "",
) -> None:
    """Insert unsaved *rows* of one model, sent as one JSON text.

    Columns with a default of the database take it.  *through* names columns that are sent as
    another type and turned by an expression over ``{}``; *there* says what becomes of rows that are
    there already.
    """
    if not rows:
        return
    sent = _sent(rows[0])
    statement = _insertion(type(rows[0]), tuple(one.name for one in sent), tuple(through.items()))
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} {there}", [_as_json(rows, sent)])


def insert_new(rows: Sequence[M], *, unless: str = "") -> list[M]:
    """Insert unsaved rows whose keys are known, and give each what the database set of it.

    Returns those inserted: not those whose column *unless* holds what another row has.
    """
    if not rows:
        return []
    sent, model = _sent(rows[0]), type(rows[0])
    names = tuple(one.name for one in sent)
    set_there = _set_there(model, names)
    there = f" ON CONFLICT ({unless}) DO NOTHING" if unless else ""
    statement = f"{_insertion(model, names, ())}{there} RETURNING {', '.join(set_there)}"
    with connection.cursor() as cursor:
        cursor.execute(statement, [_as_json(rows, sent)])
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    made = [row for row in rows if row.pk in found]
    for row in made:
        for name, value in zip(list(set_there.values())[1:], found[row.pk], strict=True):
            setattr(row, name, value)
        row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001  (documented)
    return made


@lru_cache(maxsize=50)
def _set_there(model: type[models.Model], names: tuple[str, ...]) -> dict[str, str]:
    """Return the key's column and those that are not *names*, each with its attribute."""
    key, fields = model._meta.pk, model._meta.concrete_fields  # noqa: SLF001  (documented)
    quote = connection.ops.quote_name
    defaults = {quote(one.column): one.attname for one in fields if one.name not in names}
    return {quote(key.column): key.attname, **defaults}


@lru_cache(maxsize=50)
def _insertion(
    model: type[models.Model],
    names: tuple[str, ...],
    through: tuple[tuple[str, tuple[str, str]], ...],
) -> str:
    """Return the statement that inserts those fields of a model from one JSON text."""
    meta = model._meta  # noqa: SLF001  (documented)
    fields = [one for one in meta.concrete_fields if one.name in names]
    plain = {one.column: (str(one.db_type(connection)), "{}") for one in fields}
    how = {**plain, **dict(through)}
    quoted = {one.column: connection.ops.quote_name(one.column) for one in fields}
    shape = ", ".join(f"{name} {how[column][0]}" for column, name in quoted.items())
    sources = ", ".join(how[column][1].format(name) for column, name in quoted.items())
    table = connection.ops.quote_name(meta.db_table)
    return (
        f"INSERT INTO {table} ({', '.join(quoted.values())}) "  # noqa: S608  (names of ours)
        f"SELECT {sources} FROM json_to_recordset(%s::json) AS sent ({shape})"
    )


def _as_json(rows: Sequence[models.Model], sent: Sequence[models.Field[Any, Any]]) -> str:
    values = [{one.column: getattr(row, one.attname) for one in sent} for row in rows]
    return json.dumps(values, default=_plain)


def _sent(row: models.Model) -> list[models.Field[Any, Any]]:
    """Return the columns to which a row gives a value of its own."""
    return [
        one
        for one in row._meta.concrete_fields  # noqa: SLF001  (documented)
        if not isinstance(getattr(row, one.attname), DatabaseDefault)
        and not (one.primary_key and row.pk is None)
    ]


def _plain(value: object) -> object:
    words = getattr(value, "words", None)
    return str(value) if words is None else words
