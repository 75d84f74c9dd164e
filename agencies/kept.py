"""Queries that a process compiles and a connection plans once, run with other values each time.

Building and compiling a query in Django costs more than running one that looks up keys.  What is
kept is made of a queryset's builder and the kinds of its values; the builder is called once, with
markers for values, which are then found in what it compiled to.  So the builder must not decide
anything by a value: codes, by which much is decided, go into the builder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS, connections, models

from agencies.prepared import planned_once

M = TypeVar("M", bound=models.Model)

MARKED: Mapping[type, Callable[[int], Any]] = {
    UUID: lambda place: uuid4(),
    str: lambda place: f"the value {place} of a kept query",
    datetime: lambda place: datetime(1492, 10, 12, tzinfo=UTC) + timedelta(days=place),
    list: lambda place: [uuid4()],
}
"""Values that no statement has of its own."""


class ValueUnmarked(RuntimeError):
    """A builder's statement does not hold one of its values, so that running it anew would not
    either.
    """


class Kept(Generic[M]):
    """A query compiled once; *ids* and *kinds* name its values and say of which type each is."""

    def __init__(self, build: Callable[..., models.QuerySet[M]], *ids: str, **kinds: type) -> None:
        self._build, self._kinds = build, {**dict.fromkeys(ids, UUID), **kinds}

    def __call__(self, **values: Any) -> list[M]:
        """Return the rows with *values* in the place of the markers, read now."""
        bound = [place(values) for place in self._places]
        rows = self._queryset.all()
        rows.query.__dict__["get_compiler"] = lambda *args, **kwargs: self._compiler_of(bound)
        with planned_once():
            return list(rows)

    @cached_property
    def _markers(self) -> dict[str, Any]:
        return {name: MARKED[kind](at) for at, (name, kind) in enumerate(self._kinds.items())}

    @cached_property
    def _queryset(self) -> models.QuerySet[M]:
        return self._build(**self._markers)

    @cached_property
    def _compiled(self) -> tuple[Any, str, Sequence[Any]]:
        """Return a compiler that has compiled, and the statement with its marked values."""
        compiler = self._queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        text, values = compiler.as_sql()
        return compiler, text, values

    @cached_property
    def _places(self) -> list[Callable[[Mapping[str, Any]], Any]]:
        """Return how to make each value of the statement from those of a run."""
        names = {_hashable(marker): name for name, marker in self._markers.items()}
        found: set[str] = set()
        places = [_place(value, names, found) for value in self._compiled[2]]
        if found != set(self._kinds):
            raise ValueUnmarked(", ".join(sorted(set(self._kinds) - found)))
        return places

    @cached_property
    def _converters(self) -> Any:
        """Return what turns the columns of a row into values; the same for every run."""
        compiler = self._compiled[0]
        return compiler.get_converters([column[0] for column in compiler.select])

    def _compiler_of(self, bound: list[Any]) -> Any:
        """Return a compiler that has compiled already, for one run on this thread's connection."""
        done, text, _ = self._compiled
        compiler = copy(done)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda *args, **kwargs: (text, tuple(bound))
        compiler.get_converters = lambda *args: self._converters
        return compiler


def _place(
    value: Any, names: Mapping[Any, str], found: set[str]
) -> Callable[[Mapping[str, Any]], Any]:
    """Return how to make *value* from those of a run: itself, unless it is or holds a marker."""
    name = names.get(_hashable(value)) if isinstance(value, tuple(MARKED)) else None
    if name is not None:
        found.add(name)
        return lambda values: values[name]
    if isinstance(value, list):
        parts = [_place(one, names, found) for one in value]
        return lambda values: [part(values) for part in parts]
    return lambda values: value


def _hashable(value: Any) -> Any:
    return ("list", *map(_hashable, value)) if isinstance(value, list) else value
