"""Tries of signing in: counted before they are verified, and what five failures lead to.

CJISSECPOL 6.0 AC-7.  Names that nobody has are counted by the same statements as those of people,
so that neither an answer nor its time tells which is which.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from agencies.actors import NOBODY
from agencies.codes import Role
from agencies.models import Membership, Person, SignInName, SignInTry
from agencies.sign_in_names import key_of
from ledger.doer import Portal
from ledger.models import Event
from ledger.services import Ref, Tell, record_event

LOCKED, LOCKED_OF_OURS = "mail.account_locked", "mail.person_locked"
"""Kinds of message: to the person, and to the coordinators of their agencies."""

NOTICE = "account.locked"
"""The kind that tells the same coordinators in the portal."""

State = SignInTry.State
KEPT = timedelta(days=1)
"""How long the count of a name is kept that nobody tries any more."""


@transaction.atomic
def begin_try(name: str) -> SignInTry:
    """Take a place in the count of *name* before anything is verified.

    The row of the name is locked meanwhile, so that tries at the same time take theirs one after
    the other.  A try that comes after too many others is REFUSED: its outcome must not count.
    """
    row = _locked(name)
    recent = _recent(row).exclude(state=State.REFUSED).count()
    spent = row.locked_at is not None or recent >= settings.SIGN_IN_FAILURES
    return SignInTry.objects.create(name=row, state=State.REFUSED if spent else State.PENDING)


def is_refused(attempt: SignInTry) -> bool:
    """Return whether a try came after too many others."""
    return attempt.state == State.REFUSED


@transaction.atomic
def pass_try(attempt: SignInTry) -> None:
    """Give back the place of a try that succeeded; failures before it stay counted."""
    SignInTry.objects.filter(pk=attempt.pk).delete()


@transaction.atomic
def fail_try(attempt: SignInTry, person: Person | None, *, factor: str = "password") -> None:
    """Write that a try failed; the last one allowed locks the name and has people told."""
    row = SignInName.objects.select_for_update().get(pk=attempt.name_id)
    state = State.REFUSED if is_refused(attempt) else State.FAILED
    SignInTry.objects.filter(pk=attempt.pk).update(state=state)
    record_event(
        Portal(), "person.sign_in_failed", person, outcome=Event.Outcome.REFUSED, factor=factor
    )
    failed = _recent(row).filter(state=State.FAILED).count()
    if row.locked_at is None and failed >= settings.SIGN_IN_FAILURES:
        SignInName.objects.filter(pk=row.pk).update(locked_at=Now())
        _tell_of_lock(person)


@contextmanager
def counted(person: Person, *, factor: str) -> Iterator[None]:
    """Count what is verified inside as a try of *person*'s; ValidationError inside is a failure.

    Where too many came before, nothing is verified: it fails with the words of a wrong code.
    """
    attempt = begin_try(person.email)
    try:
        if is_refused(attempt):
            raise ValidationError("Incorrect code.", code="incorrect_code")
        yield
    except ValidationError:
        fail_try(attempt, person, factor=factor)
        raise
    pass_try(attempt)


@transaction.atomic
def forget_failures(person: Person) -> None:
    """Begin the count anew for a person who has signed in with everything that it takes."""
    SignInTry.objects.filter(name=key_of(person.email), state=State.FAILED).delete()


@transaction.atomic
def carry_failures(previous: str, email: str) -> None:
    """Take the count and the lock of an address over to the one that takes its place."""
    old, new = _locked(previous), _locked(email)
    SignInTry.objects.filter(name=old).update(name=new)
    if old.locked_at is not None:
        SignInName.objects.filter(pk=new.pk).update(locked_at=old.locked_at)
        SignInName.objects.filter(pk=old.pk).update(locked_at=None)


def is_locked(person: Person) -> bool:
    """Return whether *person* may not sign in until somebody releases the account."""
    return SignInName.objects.filter(pk=key_of(person.email), locked_at__isnull=False).exists()


@transaction.atomic
def forget_old_names() -> int:
    """Drop what was counted under names that are not tried any more; return how many.

    A person's lock stays until it is released; that of a name nobody has goes with its count.
    """
    old = SignInName.objects.filter(touched_at__lt=Now() - KEPT)
    SignInTry.objects.filter(name__in=old).delete()
    gone, _ = old.exclude(pk__in=_locked_keys_of_people(old)).delete()
    return gone


def _locked_keys_of_people(names: QuerySet[SignInName]) -> set[str]:
    """Return which of *names* are locked and somebody's."""
    locked = set(names.filter(locked_at__isnull=False).values_list("pk", flat=True))
    if not locked:
        return set()
    emails = Person.objects.values_list("email", flat=True).iterator()
    return locked & {key_of(email) for email in emails}


def _locked(name: str) -> SignInName:
    """Return the row of a name, made where there is none, and locked by this transaction."""
    key = key_of(name)
    SignInName.objects.bulk_create(
        [SignInName(key=key, touched_at=Now())],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["touched_at"],
    )
    return SignInName.objects.get(pk=key)


def _recent(row: SignInName) -> QuerySet[SignInTry]:
    """Return the tries of the last minutes that count."""
    window = timedelta(seconds=settings.SIGN_IN_FAILURE_SECONDS)
    return SignInTry.objects.filter(name=row, at__gt=Now() - window)


def _tell_of_lock(person: Person | None) -> None:
    """Write that a name was locked; as much is written and sent for one that nobody has."""
    about = Ref("person", person.pk if person else NOBODY)
    posts = Membership.objects.acting().filter(person=about.id)
    agencies = sorted(set(posts.values_list("agency_id", flat=True))) or [NOBODY]
    ours = (
        Tell(kind, agency, Role.COORDINATOR)
        for agency in agencies
        for kind in (LOCKED_OF_OURS, NOTICE)
    )
    record_event(
        Portal(),
        "person.locked",
        about,
        tell=[Tell(LOCKED, about.id), *ours],
        concerns=[agency for agency in agencies if agency != NOBODY],
    )
