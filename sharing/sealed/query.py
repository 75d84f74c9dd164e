"""The query that compiles only once it was opened."""

from __future__ import annotations

from typing import Any

from django.db.models import sql

from sharing.planned import plan_once
from sharing.sealed.refusals import UnopenedRead


class SealedQuery(sql.Query):
    """A query for records, closed until its reader or its reason is named."""

    opened = False
    ahead: tuple[str, list[Any]] | None = None
    """What is derived ahead of the query in the same statement, and its values."""

    def get_compiler(self, *args: Any, **kwargs: Any) -> Any:
        """Return the compiler of an opened query; UnopenedRead for any other."""
        if not self.opened:
            raise UnopenedRead
        compiler = plan_once(super().get_compiler(*args, **kwargs))
        return compiler if self.ahead is None else _with_ahead(compiler, *self.ahead)


def _with_ahead(compiler: Any, ahead: str, parameters: list[Any]) -> Any:
    """Return *compiler* with *ahead* put in front of what it compiles."""
    compile_ = compiler.as_sql

    def as_sql(*args: Any, **kwargs: Any) -> tuple[str, tuple[Any, ...]]:
        statement, values = compile_(*args, **kwargs)
        return ahead + statement, (*parameters, *values)

    compiler.as_sql = as_sql
    return compiler
