"""Rows of a list as plain tuples: no instances, and a statement built once for all lists alike."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from agencies.actors import NOBODY, Actor
from agencies.prepared import fetch
from sharing.actions import Action
from sharing.reached import REACHED_VALUES, reached_with
from sharing.sealed.model import SealedModel


class NotTheSameForAll(RuntimeError):
    """A statement has values of its own besides the reader's and the keys."""


def lines(
    actor: Actor,
    action: Action,
    model: type[SealedModel],
    columns: tuple[str, ...],
    keys: Sequence[UUID],
    *,
    kind: str,
) -> list[tuple[Any, ...]]:
    """Return *columns* of those of *keys* to which *actor* may do *action*, as ``among`` reads
    them: by the names of Django's lookups, ``pk`` the first; in the order of the keys.
    """
    if not keys:
        return []
    found = fetch(_statement(model, columns, kind), reached_with(actor, action, keys))
    by_key = {row[0]: row for row in found}
    return [by_key[key] for key in keys if key in by_key]


@lru_cache(maxsize=32)
def _statement(model: type[SealedModel], columns: tuple[str, ...], kind: str) -> str:
    """Return the statement of ``among`` with the names of what ``reached_with`` gives."""
    nobody = Actor(person_id=NOBODY)
    rows: Any = model.objects.among(nobody, Action.LIST, [], kind=kind).values_list(*columns)
    statement, values = rows.query.get_compiler("default").as_sql()
    if len(values) != len(REACHED_VALUES):
        raise NotTheSameForAll
    names = iter(REACHED_VALUES)
    return re.sub("%s", lambda _: f"%({next(names)})s", statement)
