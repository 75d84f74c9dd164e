"""Logged before shown: whoever opens or lists a record is on the ledger before they read it.

No log, no data: the event commits first, and if it cannot be written nothing is returned.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import OuterRef, Subquery

from agencies.actors import Actor
from agencies.codes import Level
from agencies.refusals import NotVisible, Refusal
from ledger.models import Event
from ledger.services import Ref, record_event
from sharing.actions import Action
from sharing.asking import may
from sharing.bases import Basis, basis_of
from sharing.models import Access, Record, RecordPart

M = TypeVar("M", bound=RecordPart)

NOTHING = UUID(int=0)
"""Looked for where what was asked for is no id at all, so that the answer takes the same path."""


class LedgerUnavailable(Refusal):
    """The disclosure could not be logged, and so nothing is shown; 503."""

    status = 503

    def __init__(self) -> None:
        super().__init__("The audit log cannot be written at present, so nothing is shown.")


def open_record(
    actor: Actor,
    model: type[M],
    pk: object,
    *,
    action: Action = Action.KNOW,
    channel: str = "page",
) -> M:
    """Return what *actor* opens with its record, ``access_level``, ``access_unmask``, ``basis``.

    The opening is on the ledger when this returns, and so is the attempt when it raises NotVisible:
    for what is absent, invisible or no id at all, after the same work.  LedgerUnavailable where the
    ledger cannot be written.  Not inside a transaction, which could still undo the log.
    """
    key = id_of(pk)
    try:
        with transaction.atomic(durable=True):
            found = _found(actor, model, key, action)
            if found is None:
                refuse(actor, key, channel=channel)
            else:
                _opened(actor, found, channel=channel)
    except DatabaseError:
        raise LedgerUnavailable from None
    if found is None:
        raise NotVisible
    return found


def list_records(actor: Actor, records: Iterable[Any], *, channel: str = "page") -> None:
    """Write that *actor* was shown the titles of *records* (or parts of them) of other agencies."""
    shown = [_envelope(one) for one in records]
    foreign = [record for record in shown if record.owner_id != actor.agency_id]
    if not foreign:
        return
    concerns = [agency for record in foreign for agency in _concerned(record)]
    try:
        with transaction.atomic(durable=True):
            record_event(
                actor,
                "record.listed",
                records=[record.pk for record in foreign],
                concerns=concerns,
                purpose=actor.purpose,
                for_case=actor.for_case,
                channel=channel,
            )
    except DatabaseError:
        raise LedgerUnavailable from None


def require(
    actor: Actor, pk: object, *, action: Action = Action.KNOW, channel: str = "page"
) -> UUID:
    """Return the id of a record *actor* may act on; NotVisible, once logged, for any other."""
    key = id_of(pk)
    try:
        with transaction.atomic(durable=True):
            if may(actor, action, key):
                return key
            refuse(actor, key, channel=channel)
    except DatabaseError:
        raise LedgerUnavailable from None
    raise NotVisible


def refuse(actor: Actor, key: UUID, *, channel: str) -> None:
    """Write that *actor* tried to open something and was told that there is nothing."""
    record = (
        Record.objects.unrestricted("the owner learns who tried to open its record")
        .filter(pk=key)
        .first()
    )
    record_event(
        actor,
        "record.refused",
        None if key == NOTHING else Ref("record", key),
        outcome=Event.Outcome.REFUSED,
        records=[record.pk] if record else [],
        concerns=_concerned(record) if record else [],
        purpose=actor.purpose,
        for_case=actor.for_case,
        channel=channel,
    )


def id_of(pk: object) -> UUID:
    """Return *pk* as an id; the one that nothing has where it is none."""
    if isinstance(pk, UUID):
        return pk
    try:
        return UUID(str(pk))
    except ValueError:
        return NOTHING


def _found(actor: Actor, model: type[M], key: UUID, action: Action) -> M | None:
    """Return the thing, and how it is reached, as of the one statement that fetches it."""
    ways = Access.objects.filter(membership=actor.seat, record=OuterRef("pk")).order_by(
        "-level", "-unmask", "-until", "basis"
    )
    opened: Any = (
        model.objects.permitting(actor, action)
        .with_access(actor)
        .annotate(
            access_via=Subquery(ways.values("via")[:1]),
            access_basis=Subquery(ways.values("basis")[:1]),
        )
        .select_related("record", "record__owner", "record__originator")
        .filter(pk=key)
        .first()
    )
    return cast("M | None", opened)


def _opened(actor: Actor, found: Any, *, channel: str) -> None:
    record: Record = found.record
    basis = found.basis = basis_of(found.access_basis) or Basis()
    record_event(
        actor,
        "record.opened",
        Ref(record.kind, record.pk),
        records=[record.pk],
        concerns=_concerned(record),
        level=Level(found.access_level).code,
        purpose=actor.purpose or basis.purpose,
        for_case=actor.for_case or basis.for_case,
        basis={**basis.ids, "via": found.access_via},
        channel=channel,
    )


def _concerned(record: Record) -> list[UUID]:
    """Return who may read who read a record: its owner, and whose information it is."""
    return [record.owner_id, record.originator_id]


def _envelope(thing: Any) -> Record:
    return thing if isinstance(thing, Record) else thing.record
