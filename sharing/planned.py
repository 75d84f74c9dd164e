"""Queries of Django's that are planned once: those that ask the rule in some part of themselves."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import sql
from django.db.models.sql.compiler import (
    SQLDeleteCompiler,
    SQLInsertCompiler,
    SQLUpdateCompiler,
)

from agencies.prepared import planned_once

M = TypeVar("M", bound=models.Model)
WRITING = (SQLInsertCompiler, SQLUpdateCompiler, SQLDeleteCompiler)


class PlannedQuery(sql.Query):
    """A query whose plan the connection keeps."""

    def get_compiler(self, *args: Any, **kwargs: Any) -> Any:
        """Return the compiler of a query that is planned once."""
        return plan_once(super().get_compiler(*args, **kwargs))


def planned(rows: models.QuerySet[M]) -> models.QuerySet[M]:
    """Return *rows*, to be read by a plan that the connection keeps."""
    again = rows.all()
    again.query = rows.query.chain(klass=PlannedQuery)
    return again


def plan_once(compiler: Any) -> Any:
    """Return *compiler* so that what it reads is planned once: the rule is long, its answer short.

    Not where rows come by a cursor of the server's, which takes no plan made ahead.
    """
    execute = compiler.execute_sql

    def execute_sql(*args: Any, chunked_fetch: bool = False, **kwargs: Any) -> Any:
        with nullcontext() if chunked_fetch else planned_once():
            return execute(*args, chunked_fetch=chunked_fetch, **kwargs)

    if compiler.using == DEFAULT_DB_ALIAS and not isinstance(compiler, WRITING):
        compiler.execute_sql = execute_sql
    return compiler
