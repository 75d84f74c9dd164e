"""Writing history: one event and who must be told of it, in the caller's transaction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Value
from django.db.models.functions import Greatest, Now

from ledger.doer import Doer
from ledger.facts import code, plain_facts
from ledger.kinds import handler_of
from ledger.models import Event, Message
from ledger.waking import wake_courier

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
        outcome=Event.Outcome(outcome),
        **_who(actor),
        **_what(ref),
        records=list(dict.fromkeys(records)),
        concerns=list(dict.fromkeys(concerns)),
        level=code("level", level, longest=12),
        purpose=code("purpose", purpose, longest=40),
        for_case=code("for_case", for_case, longest=80),
        basis=plain_facts(basis or {}),
        facts=plain_facts(facts),
    )
    messages = [_message(event, ref, one) for one in dict.fromkeys(tell)]
    for message in messages if tell_at is not None else ():
        message.next_attempt_at = Greatest(Value(tell_at), Now())
    event.save(force_insert=True)
    _send(event, messages)
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


def _kind_of(row: models.Model) -> str:
    return row._meta.model_name or ""  # noqa: SLF001  (public by its documentation)


def _message(event: Event, target: Ref | None, tell: Tell) -> Message:
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


def _send(event: Event, messages: list[Message]) -> None:
    """Queue *messages* and wake the courier once when the transaction is through."""
    if not messages:
        return
    for message in messages:
        message.event = event
    Message.objects.bulk_create(messages)
    waiting = transaction.get_connection().run_on_commit
    if not any(entry[1] is wake_courier for entry in waiting):
        transaction.on_commit(wake_courier, robust=True)
