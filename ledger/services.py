"""Writing history: one event and who must be told of it, in the caller's transaction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction

from ledger.doer import Doer
from ledger.facts import code, plain_facts
from ledger.kinds import handler_of
from ledger.models import Event, Message
from ledger.waking import wake_courier
from ledger.writing import write

KIND = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")


class NotInTransaction(RuntimeError):
    """An event was recorded outside a transaction, where it could outlive or miss its change."""


@dataclass(frozen=True)
class Ref:
    """A thing by its kind and id, where no row is at hand."""

    kind: str
    id: UUID


Target = models.Model | Ref


@dataclass(frozen=True)
class Tell:
    """Whom to tell: a roster, or its holders of *role*; about the event's target unless said."""

    kind: str
    roster: UUID
    role: str = ""
    subject: Ref | None = None


def ref_to(target: Target) -> Ref:
    """Return the kind and id of *target*; raise ValueError unless its key is a UUID."""
    ref = target if isinstance(target, Ref) else Ref(_kind_of(target), target.pk)
    if not isinstance(ref.id, UUID):
        raise ValueError(f"a {ref.kind} is not known by a UUID")
    return ref


def record_event(
    actor: Doer,
    kind: str,
    target: Target | None = None,
    *,
    tell: Iterable[Tell] = (),
    tell_at: datetime | None = None,
    records: Iterable[UUID] = (),
    concerns: Iterable[UUID] = (),
    outcome: str = Event.Outcome.DONE,
    level: str = "",
    purpose: str = "",
    for_case: str = "",
    basis: Mapping[str, object] | None = None,
    **facts: object,
) -> Event:
    """Write that *actor* did *kind* to *target*, and the messages of *tell*, in this transaction.

    *records* are those it speaks of, *concerns* the agencies that may read it; nobody is told
    before *tell_at*.  Raises NotInTransaction, UnknownMessageKind, and ValueError for more than
    ids, numbers and codes.
    """
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransaction(kind)
    ref = ref_to(target) if target is not None else None
    event = Event(
        kind=_noun_verbed(kind),
        outcome=Event.Outcome(outcome).value,
        **_who(actor),
        **_what(ref),
        **_keys(records=records, concerns=concerns),
        **_codes(level=level, purpose=purpose, for_case=for_case),
        **_plain(basis=basis or {}, facts=facts),
    )
    messages = [_message(ref, one) for one in dict.fromkeys(tell)]
    write(event, messages, tell_at=tell_at)
    if messages:
        _wake_once()
    return event


def withdraw_messages(subjects: Iterable[UUID], kinds: Iterable[str], *, since: datetime) -> int:
    """Take back what is due from *since* on and was not sent yet; return how many messages."""
    waiting = Message.objects.filter(
        state=Message.State.WAITING,
        next_attempt_at__gte=since,
        subject__in=list(subjects),
        kind__in=list(kinds),
    )
    return waiting.update(state=Message.State.WITHDRAWN)


def _noun_verbed(kind: str) -> str:
    if not KIND.fullmatch(kind):
        raise ValueError(f"{kind!r} is not of the form noun.verbed")
    return kind


def _who(actor: Doer) -> dict[str, Any]:
    return {
        "person": actor.person_id,
        "membership": actor.membership_id,
        "agency": actor.agency_id,
        "roles": list(actor.roles),
    }


def _what(ref: Ref | None) -> dict[str, Any]:
    return {"target_kind": ref.kind, "target": ref.id} if ref else {}


def _keys(**keys: Iterable[UUID]) -> dict[str, list[UUID]]:
    return {name: list(dict.fromkeys(those)) for name, those in keys.items()}


LONGEST = {"level": 12, "purpose": 40, "for_case": 80}


def _codes(**codes: str) -> dict[str, str]:
    return {name: code(name, value, longest=LONGEST[name]) for name, value in codes.items()}


def _plain(**values: Mapping[str, object]) -> dict[str, Any]:
    return {name: plain_facts(those) for name, those in values.items()}


def _kind_of(row: models.Model) -> str:
    return row._meta.model_name or ""  # noqa: SLF001  (public by its documentation)


def _message(target: Ref | None, tell: Tell) -> Message:
    handler_of(tell.kind)
    subject = tell.subject or target
    if subject is None:
        raise ValueError(f"a message {tell.kind} about nothing")
    return Message(
        kind=tell.kind,
        roster=tell.roster,
        role=tell.role,
        subject_kind=subject.kind,
        subject=subject.id,
    )


def _wake_once() -> None:
    """Wake the courier when the transaction is through, once however many are to be told."""
    waiting = transaction.get_connection().run_on_commit
    if not any(entry[1] is wake_courier for entry in waiting):
        transaction.on_commit(wake_courier, robust=True)
