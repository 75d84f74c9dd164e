"""Queries that every page makes: built and compiled once, and run with other ids each time."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS, connections, models

M = TypeVar("M", bound=models.Model)


class _Compiled(NamedTuple):
    """A query as it was compiled; among its values, the names of ids where they stand."""

    rows: models.QuerySet[Any]
    compiler: Any
    statement: str
    values: tuple[Any, ...]
    converters: Any


class Kept(Generic[M]):
    """A query that depends on nothing but some ids; *build* takes them by their *names*.

    Building and compiling a query in Django costs more than running one that looks up keys.
    """

    def __init__(self, build: Callable[..., models.QuerySet[M]], *names: str) -> None:
        self._build, self._names = build, names
        self._compiled: _Compiled | None = None

    def __call__(self, **ids: UUID) -> list[M]:
        """Return the rows for *ids*, read now."""
        if self._compiled is None:
            self._compiled = self._compile()
        kept = self._compiled
        compiler = copy(kept.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        values = tuple(ids[one.name] if isinstance(one, _Name) else one for one in kept.values)
        compiler.as_sql = lambda *args, **options: (kept.statement, values)
        compiler.get_converters = lambda *args: kept.converters
        rows: models.QuerySet[M] = kept.rows.all()
        rows.query.get_compiler = lambda *args, **options: compiler  # type: ignore[method-assign]
        return list(rows)

    def _compile(self) -> _Compiled:
        names = {uuid4(): name for name in self._names}
        rows = self._build(**{name: stand_in for stand_in, name in names.items()})
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        statement, values = compiler.as_sql()
        bound = tuple(map(partial(_named, names), values))
        converters = compiler.get_converters([column[0] for column in compiler.select])
        return _Compiled(rows, compiler, statement, bound, converters)


class _Name(NamedTuple):
    """Where the id of this name stands."""

    name: str


def _named(names: dict[UUID, str], value: Any) -> Any:
    return _Name(names[value]) if isinstance(value, UUID) and value in names else value
