"""Statements that a connection plans once and runs many times.

The rule is a long statement: planning it costs many times what running it does, and psycopg2 plans
anew each time.  Text decides what is the same statement, so values belong in the parameters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

KEPT = 300
"""Plans a connection keeps; past that it starts afresh."""

NAMED = re.compile(r"%\((\w+)\)s|%%")
UNNAMED = re.compile(r"%s|%%")
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


def fetch(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Return the rows of *statement*, planned at most once on this connection."""
    with connection.cursor() as cursor:
        text, names = _numbered(statement)
        values = [parameters[name] for name in names]
        cursor.execute(_call(_planned(text), len(values)), values)
        return list(cursor.fetchall())


@lru_cache(maxsize=KEPT)
def _numbered(statement: str) -> tuple[str, tuple[str, ...]]:
    """Return *statement* with numbers for its named parameters, and the names in order."""
    names = tuple(dict.fromkeys(found[1] for found in NAMED.finditer(statement) if found[1]))
    return NAMED.sub(
        lambda found: f"${names.index(found[1]) + 1}" if found[1] else "%", statement
    ), names


@contextmanager
def planned_once() -> Iterator[None]:
    """Have every query that Django makes inside planned at most once on this connection."""
    with connection.execute_wrapper(_execute_planned):
        yield


def _execute_planned(
    execute: Callable[..., Any],
    statement: str,
    values: Sequence[Any] | Mapping[str, Any] | None,
    many: bool,
    context: Any,
) -> Any:
    """Run a query of Django's by its plan; anything but a query runs as it is."""
    reads = statement.lstrip().startswith(("SELECT", "WITH"))
    if many or values is None or isinstance(values, Mapping) or not reads:
        return execute(statement, values, many, context)
    places = (f"${place}{_cast(value)}" for place, value in enumerate(values, start=1))
    text = UNNAMED.sub(lambda found: "%" if found[0] == "%%" else next(places), statement)
    return execute(_call(_planned(text), len(values)), values, many, context)


def _cast(value: object) -> str:
    """Return the type to be said of *value*: time less something unknown is taken for a length."""
    return "::interval" if isinstance(value, timedelta) else ""


def _call(name: str, values: int) -> str:
    return f"EXECUTE {name} ({', '.join(['%s'] * values)})" if values else f"EXECUTE {name}"


def _planned(text: str) -> str:
    """Return the name under which *text* is planned, and have it planned where it is not."""
    name = _named(text)
    known = _known.setdefault(connection.connection, set())
    if name not in known:
        _plan(name, text, known)
    return name


@lru_cache(maxsize=KEPT)
def _named(text: str) -> str:
    return f"p{blake2b(text.encode(), digest_size=12).hexdigest()}"


def _plan(name: str, text: str, known: set[str]) -> None:
    """Have the server keep the plan, past Django's log of queries: it reads nothing."""
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        if len(known) >= KEPT:
            cursor.execute("DEALLOCATE ALL")
            known.clear()
        cursor.execute(f"PREPARE {name} AS {text}")
    known.add(name)
