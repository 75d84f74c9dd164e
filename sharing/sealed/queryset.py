"""Records as a query set: opened by naming the reader, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn, Self, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import sql

from sharing.sealed.query import SealedQuery
from sharing.sealed.refusals import UnopenedRead
from sharing.sealed.rows import OpenedRows

if TYPE_CHECKING:
    from agencies.actors import Actor
    from sharing.actions import Action
    from sharing.supposing import Supposition

M = TypeVar("M", bound=models.Model)


class SealedQuerySet(models.QuerySet[M]):
    """Records, or parts of records that have the record's key."""

    query: SealedQuery

    def __init__(
        self,
        model: type[M] | None = None,
        query: sql.Query | None = None,
        using: str | None = None,
        hints: dict[str, models.Model] | None = None,
    ) -> None:
        super().__init__(model, query or SealedQuery(model), using, hints)
        self._iterable_class = OpenedRows

    def permitting(self, actor: Actor, action: Action) -> Self:
        """Return the records to which *actor* may do *action*, decided in the statement that
        fetches them.
        """
        from sharing.policy import permits

        return self._opened().filter(permits(actor, action))

    def unrestricted(self, reason: str) -> Self:
        """Return the records whoever asks; *reason* says why no reader is named.  A test lists
        every caller.
        """
        if not reason.strip():
            raise UnopenedRead
        return self._opened()

    def with_access(self, actor: Actor) -> Self:
        """Add ``access_level`` (a Level) and ``access_unmask``: how much of each record *actor*
        gets.
        """
        from sharing.reached import level_for, unmasked_for

        return self.annotate(access_level=level_for(actor), access_unmask=unmasked_for(actor))

    def among(self, actor: Actor, action: Action, keys: Sequence[UUID], *, kind: str = "") -> Self:
        """Return those of *keys* to which *actor* may do *action*, with what ``with_access`` adds.

        The same as ``permitting`` for a list: the rule is asked once for all of them. Where they
        are all of one *kind*, ways that lead to no record of it are not looked for.
        """
        from sharing.reached import reached_ahead

        return self._derived(*reached_ahead(actor, action, keys, kind))

    def supposing(
        self, actor: Actor, supposed: Supposition, action: Action, keys: Sequence[UUID]
    ) -> Self:
        """Return those of *keys* that *actor* sees and to which others could do *action*, with
        how much they would get of each.
        """
        from sharing.actions import Action as Acts
        from sharing.policy import permits
        from sharing.supposing import supposed_ahead

        roles = [str(role) for role in action.roles]
        found = self._derived(*supposed_ahead(supposed, int(action.level), roles, keys))
        return found.filter(permits(actor, Acts.LIST))

    def _derived(self, ahead: str, values: list[Any]) -> Self:
        """Return what is reached by a part of the statement that is put ahead of it."""
        from sharing.reached import reached, within_reach

        opened = self._opened().annotate(
            access_level=reached("level", models.IntegerField()),
            access_unmask=reached("unmask", models.BooleanField()),
        )
        opened.query.ahead = ahead, values
        return opened.filter(within_reach())

    def _opened(self) -> Self:
        clone = self.all()
        clone.query.opened = True
        return clone

    def _required_open(self) -> None:
        if not self.query.opened:
            raise UnopenedRead

    def update(self, **kwargs: Any) -> int:
        """Update the rows of an opened query."""
        self._required_open()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete the rows of an opened query."""
        self._required_open()
        return super().delete()

    def raw(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: hand-written SQL over records lives in the policy and nowhere else."""
        raise UnopenedRead

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> list[M]:
        """Write new rows; only an opened query may meet rows that are there already."""
        if kwargs.get("update_conflicts") or kwargs.get("ignore_conflicts"):
            self._required_open()
        return super().bulk_create(objs, *args, **kwargs)

    def _combined(self, other: Self, combine: Any) -> Self:
        combined: Self = combine(other).all()
        combined.query.opened = self.query.opened and other.query.opened
        return combined

    def __or__(self, other: Self) -> Self:  # type: ignore[override]
        return self._combined(other, super().__or__)

    def __and__(self, other: Self) -> Self:  # type: ignore[override]
        return self._combined(other, super().__and__)

    def __xor__(self, other: Self) -> Self:
        return self._combined(other, super().__xor__)  # type: ignore[misc]
