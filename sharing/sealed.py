"""Closed by default: a query for records that names neither its reader nor its reason is never run.

Everything that Django does with a query ends in ``Query.get_compiler``, so that is where an
unopened one is refused: lists, ``get``, counts, ``exists``, aggregates, subqueries, unions and
prefetches alike. Rows that arrive by another road (``select_related`` from elsewhere, ``raw``) are
refused in ``from_db``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NoReturn, Self, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import sql
from django.db.models.query import ModelIterable

from sharing.planned import plan_once

if TYPE_CHECKING:
    from agencies.actors import Actor
    from sharing.actions import Action
    from sharing.supposing import Supposition

M = TypeVar("M", bound=models.Model)
Set = TypeVar("Set")
Get = TypeVar("Get")


class UnopenedRead(RuntimeError):
    """Records were about to be read without saying for whom or why."""

    def __init__(self) -> None:
        super().__init__(
            "Records are read through .permitting(actor, action), "
            'or through .unrestricted("reason") where no person reads them.'
        )


class FollowedToRecord(UnopenedRead):
    """A query was about to reach records through a relation, past the question who asks."""

    def __init__(self) -> None:
        RuntimeError.__init__(
            self,
            "No query follows a relation to records. Ask for the records themselves and compare "
            "their ids.",
        )


class RowBeingRead:
    """The key of the one record that the row now being read may bring with it."""

    __slots__ = ("key",)

    def __init__(self) -> None:
        self.key: UUID | None = None


_row: ContextVar[RowBeingRead | None] = ContextVar("row being read", default=None)


def admit_row(key: UUID) -> None:
    """Let a record be built from a row only where an opened query reads that very record."""
    row = _row.get()
    if row is None or row.key not in (None, key):
        raise UnopenedRead
    row.key = key


class SealedQuery(sql.Query):
    """A query that compiles only once it was opened."""

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


class OpenedRows(ModelIterable):  # type: ignore[type-arg]
    """Rows of an opened query, each admitting the record it was read for and none beside it."""

    def __iter__(self) -> Iterator[Any]:
        rows = iter(super().__iter__())
        while True:
            token = _row.set(RowBeingRead())
            try:
                found = next(rows)
            except StopIteration:
                return
            finally:
                _row.reset(token)
            yield found


class SealedQuerySet(models.QuerySet[M]):
    """Records, or parts of records keyed by the record; opened by naming the reader or the
    reason.
    """

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


class SealedModel(models.Model):
    """A record, or a part of one whose primary key is the record's."""

    objects = models.Manager.from_queryset(SealedQuerySet)()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any) -> Self:
        """Build the instance only inside an opened query's own row."""
        names = list(field_names)
        key = cls._meta.pk.attname
        if key not in names:
            raise UnopenedRead
        admit_row(values[names.index(key)])
        return super().from_db(db, field_names, values)

    def refresh_from_db(
        self,
        using: str | None = None,
        fields: Any = None,
        from_queryset: Any = None,
    ) -> None:
        """Read again a row that was already read or written."""
        if self._state.adding:
            raise UnopenedRead
        again = from_queryset
        if again is None:
            again = type(self).objects.unrestricted("reading again a row that was already read")
        super().refresh_from_db(using, fields, again)


class SealedRelation(models.ManyToOneRel):
    """The way back along a sealed key."""

    def get_extra_restriction(self, alias: str, related_alias: str) -> None:  # type: ignore[override]
        """Refuse to be joined from an agency or a record to records."""
        if issubclass(self.field.model, SealedModel):
            raise FollowedToRecord


class SealedKey(models.ForeignKey[Set, Get]):
    """A foreign key to or from records that no query may follow to a record."""

    rel_class = SealedRelation

    def get_extra_restriction(self, alias: str, related_alias: str) -> None:
        """Refuse to be joined to a record."""
        if issubclass(self.remote_field.model, SealedModel):
            raise FollowedToRecord

    def deconstruct(self) -> Any:
        """Return it as the plain foreign key that it is in the database."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs
