"""Rows by COPY, with the indexes, keys and triggers of the tables away until the rows are in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from random import Random
from time import monotonic
from typing import Any

from django.db import connections, transaction

CHUNK = 1 << 16
BESIDE = 2
"""Tables whose indexes are built at once, beside the rows of others."""

ROOM = "SET maintenance_work_mem = '1GB'"
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
            options = " (FREEZE)" if connections["owner"].in_atomic_block else ""
            cursor.copy_expert(f"COPY {self.table} ({names}) FROM STDIN{options}", Lines(lines))


def key(chance: Random) -> str:
    """Return an id as text, the same one every time."""
    drawn = f"{chance.getrandbits(120):030x}"
    return f"{drawn[:12]}4{drawn[12:15]}8{drawn[15:]}"


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


class Bare:
    """Tables without indexes, foreign keys and triggers, each put back when its rows are in.

    ``fill`` puts a table's own indexes and keys back beside what goes on; references between
    tables follow at the end, when both sides are there.
    """

    def __init__(self, tables: Sequence[str], say: Callable[[str], None]) -> None:
        self.tables, self.say = tables, say
        self.pool = ThreadPoolExecutor(BESIDE)
        self.building: list[Future[None]] = []
        with connections["owner"].cursor() as cursor:
            self.keys = _constraints(cursor, tables)
            self.indexes = _indexes(cursor, tables)
            _each(cursor, "ALTER TABLE {0} DISABLE TRIGGER USER", [(table,) for table in tables])
            _each(cursor, 'ALTER TABLE {0} DROP CONSTRAINT "{1}"', _of(self.keys, "f"))
            _each(cursor, 'ALTER TABLE {0} DROP CONSTRAINT "{1}"', _of(self.keys, "pux"))
            _each(cursor, 'DROP INDEX "{1}"', self.indexes)

    def filled(self, *tables: str) -> None:
        """Build what stands on each of *tables* alone, one after the other, beside what goes on."""
        self.building.append(self.pool.submit(self._build, tables))

    def finish(self) -> None:
        """Wait for what is being built, then put references and triggers back."""
        for one in self.building:
            one.result()
        self.pool.shutdown()
        began = monotonic()
        with connections["owner"].cursor() as cursor:
            cursor.execute(ROOM)
            _each(cursor, 'ALTER TABLE {0} ADD CONSTRAINT "{1}" {3}', _of(self.keys, "f"))
            tables = [(table,) for table in self.tables]
            _each(cursor, "ALTER TABLE {0} ENABLE TRIGGER USER", tables)
            cursor.execute("RESET maintenance_work_mem")
        self.say(f"references checked in {monotonic() - began:.0f} s")

    def _build(self, tables: Sequence[str]) -> None:
        """Build on a connection of this thread's own, the slowest kind of index first."""
        try:
            for table in tables:
                self._build_one(table)
        finally:
            connections["owner"].close()

    def _build_one(self, table: str) -> None:
        began = monotonic()
        with connections["owner"].cursor() as cursor:
            cursor.execute(ROOM)
            mine = [one for one in self.keys if one[0] == table]
            add = 'ALTER TABLE {0} ADD CONSTRAINT "{1}" {3}'
            _each(cursor, add, _of(mine, "x"))
            _each(cursor, "{2}", [one for one in self.indexes if one[0] == table])
            _each(cursor, add, _of(mine, "pu"))
        self.say(f"indexes of {table} built in {monotonic() - began:.0f} s")


@contextmanager
def bare(tables: Sequence[str], say: Callable[[str], None] = lambda text: None) -> Iterator[Bare]:
    """Take the indexes, foreign keys and triggers off *tables*, and put them back when filled."""
    off = Bare(tables, say)
    yield off
    off.finish()


@contextmanager
def fresh(*tables: str) -> Iterator[None]:
    """Empty *tables* and let what is copied into them be frozen, so that nothing is swept later."""
    with transaction.atomic(using="owner"):
        with connections["owner"].cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(tables)}")
        yield


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


def _indexes(cursor: Any, tables: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return table, name and definition of the indexes that no constraint brings with it."""
    cursor.execute(
        """SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text,
                  pg_get_indexdef(i.indexrelid)
             FROM pg_index i
            WHERE i.indrelid = ANY (%s::regclass[])
              AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid
                                 AND c.contype IN ('p', 'u', 'x'))
            ORDER BY 2""",
        [list(tables)],
    )
    return list(cursor.fetchall())
