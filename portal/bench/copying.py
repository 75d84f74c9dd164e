"""Rows by COPY, with the indexes, keys and triggers of the tables away until the rows are in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connections

CHUNK = 1 << 16
NULL = "\\N"


class Sheet:
    """Lines for one table: columns that differ by row, and constants for all the others."""

    def __init__(self, table: str, columns: Sequence[str], **constants: str) -> None:
        self.table = table
        self.columns = (*columns, *constants)
        fixed = [value.replace("%", "%%") for value in constants.values()]
        self.template = "\t".join(["%s"] * len(columns) + fixed) + "\n"

    def copy(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Write *rows*, each a value for every column that differs, in order."""
        template = self.template
        lines = (template % row for row in rows)
        names = ", ".join(self.columns)
        with connections["owner"].cursor() as cursor:
            cursor.copy_expert(f"COPY {self.table} ({names}) FROM STDIN", Lines(lines))


class Lines:
    """An iterator of lines that reads like a file."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines = lines
        self.rest = ""

    def read(self, size: int = CHUNK) -> str:
        """Return about *size* characters, nothing at the end."""
        parts, length = [self.rest], len(self.rest)
        self.rest = ""
        for line in self.lines:
            parts.append(line)
            length += len(line)
            if length >= size:
                break
        text = "".join(parts)
        self.rest = text[size:]
        return text[:size]


@contextmanager
def bare(tables: Sequence[str]) -> Iterator[None]:
    """Take the indexes, foreign keys and triggers off *tables*, and put them back when filled."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'")
        keys, indexes = _constraints(cursor, tables), _indexes(cursor, tables)
        _each(cursor, "ALTER TABLE {0} DISABLE TRIGGER USER", [(table,) for table in tables])
        _each(cursor, 'ALTER TABLE {0} DROP CONSTRAINT "{1}"', _of(keys, "f"))
        _each(cursor, 'ALTER TABLE {0} DROP CONSTRAINT "{1}"', _of(keys, "pux"))
        _each(cursor, 'DROP INDEX "{0}"', list(indexes.items()))
        yield
        _each(cursor, "{1}", list(indexes.items()))
        _each(cursor, 'ALTER TABLE {0} ADD CONSTRAINT "{1}" {3}', _of(keys, "pux"))
        _each(cursor, 'ALTER TABLE {0} ADD CONSTRAINT "{1}" {3}', _of(keys, "f"))
        _each(cursor, "ALTER TABLE {0} ENABLE TRIGGER USER", [(table,) for table in tables])
        cursor.execute("RESET maintenance_work_mem")


def _each(cursor: Any, statement: str, things: Iterable[tuple[str, ...]]) -> None:
    for thing in things:
        cursor.execute(statement.format(*thing))


def _of(keys: Iterable[tuple[str, ...]], kinds: str) -> list[tuple[str, ...]]:
    return [one for one in keys if one[2] in kinds]


def vacuum(tables: Iterable[str] = ()) -> None:
    """Vacuum and analyze *tables*, or all, as autovacuum would in time."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET client_min_messages = error")
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(tables)}")
        cursor.execute("RESET client_min_messages")


def _constraints(cursor: Any, tables: Sequence[str]) -> list[tuple[str, str, str, str]]:
    """Return the keys and exclusions on *tables*, and foreign keys to them from anywhere."""
    cursor.execute(
        """SELECT conrelid::regclass::text, conname, contype::text, pg_get_constraintdef(oid)
             FROM pg_constraint
            WHERE contype IN ('p', 'u', 'x') AND conrelid = ANY (%(t)s::regclass[])
               OR contype = 'f' AND (conrelid = ANY (%(t)s::regclass[])
                                     OR confrelid = ANY (%(t)s::regclass[]))
            ORDER BY conname""",
        {"t": list(tables)},
    )
    return list(cursor.fetchall())


def _indexes(cursor: Any, tables: Sequence[str]) -> Mapping[str, str]:
    """Return the definitions of the indexes of *tables* that no constraint brings with it."""
    cursor.execute(
        """SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
             FROM pg_index i
            WHERE i.indrelid = ANY (%s::regclass[])
              AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid
                                 AND c.contype IN ('p', 'u', 'x'))""",
        [list(tables)],
    )
    return dict(cursor.fetchall())
