"""Sessions begin, are used, locked and unlocked, and end.

CJISSECPOL 6.0 AC-11 and AC-12.  Nothing but a sign-in sets when a session began, and nothing but
what a person does keeps it from locking.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from agencies.actors import Actor
from agencies.authority import By
from agencies.models import BrowserSession, Person
from agencies.refusals import NotVisible
from agencies.services.looking_after import require_looks_after
from ledger.services import Ref, record_event

KEPT = timedelta(days=30)
"""How long the row of a session that is over is kept."""


def begin_session(person: Person, *, address: str | None, device: str) -> BrowserSession:
    """Return the row of a new sign-in."""
    return BrowserSession.objects.create(
        person=person, round=person.session_round, address=address, device=device[:200]
    )


def note_activity(pk: UUID, person: Person, membership_id: UUID | None) -> None:
    """Write that something was done in a session just now, acting as said."""
    own = BrowserSession.objects.filter(pk=pk, locked_at__isnull=True)
    own.update(active_at=Now(), membership=membership_id, round=person.session_round)


def lock_session(pk: UUID) -> None:
    """Lock a session before its time.  Idempotent."""
    BrowserSession.objects.filter(pk=pk, locked_at__isnull=True).update(locked_at=Now())


def unlock_session(pk: UUID) -> None:
    """Unlock a session whose person showed again who they are."""
    BrowserSession.objects.filter(pk=pk).update(locked_at=None, active_at=Now())


def open_sessions(person_id: UUID) -> QuerySet[BrowserSession]:
    """Return the sessions of a person that are not over, the one used last first."""
    age = timedelta(seconds=settings.SESSION_SECONDS)
    found = BrowserSession.objects.filter(
        person=person_id,
        round=F("person__session_round"),
        ended_at__isnull=True,
        began_at__gt=Now() - age,
    )
    return found.select_related("membership__agency").order_by("-active_at", "-pk")


@transaction.atomic
def end_session(actor: Actor, pk: UUID) -> None:
    """End one session of the actor's own; NotVisible for any other.  Idempotent."""
    session = BrowserSession.objects.select_for_update().filter(pk=pk).first()
    if session is None or session.person_id != actor.person_id:
        raise NotVisible
    if session.ended_at is None:
        BrowserSession.objects.filter(pk=pk).update(ended_at=Now())
        record_event(actor, "session.ended", Ref("person", actor.person_id), session=pk)


@transaction.atomic
def end_other_sessions(actor: Actor, current: UUID) -> int:
    """End every session of the actor's own but the *current* one; return how many."""
    others = open_sessions(actor.person_id).exclude(pk=current)
    ended = BrowserSession.objects.filter(pk__in=others).update(ended_at=Now())
    if ended:
        record_event(actor, "session.others_ended", Ref("person", actor.person_id), ended=ended)
    return ended


@transaction.atomic
def end_sessions_of(by: By, person: Person) -> int:
    """End every session of somebody that *by* looks after; return how many."""
    require_looks_after(by, person)
    ended = close_sessions(person)
    concerns = sorted(set(person.memberships.values_list("agency_id", flat=True)))
    record_event(by, "person.sessions_ended", person, concerns=concerns, ended=ended)
    return ended


def close_sessions(person: Person) -> int:
    """End every session of a person, in the transaction of the change that calls for it."""
    Person.objects.filter(pk=person.pk).update(session_round=F("session_round") + 1)
    return BrowserSession.objects.filter(person=person.pk, ended_at__isnull=True).update(
        ended_at=Now()
    )


def forget_old_sessions() -> int:
    """Drop the rows of sessions that were over long ago; return how many."""
    age = timedelta(seconds=settings.SESSION_SECONDS)
    gone, _ = BrowserSession.objects.filter(began_at__lt=Now() - age - KEPT).delete()
    return gone
