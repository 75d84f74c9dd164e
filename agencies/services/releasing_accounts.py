"""An account that failures locked is released by somebody who looks after its person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from agencies.authority import By
from agencies.models import Person, SignInName, SignInTry
from agencies.posts import agencies_ever_of
from agencies.services.looking_after import require_looks_after
from agencies.sign_in_names import key_of
from ledger.services import record_event


@transaction.atomic
def release_account(by: By, person: Person) -> Person:
    """Unlock an account and begin its count anew; nobody releases their own.  Idempotent."""
    require_looks_after(by, person)
    person = Person.objects.select_for_update().get(pk=person.pk)
    key = key_of(person.email)
    locked = SignInName.objects.filter(pk=key, locked_at__isnull=False)
    if locked.update(locked_at=None):
        SignInTry.objects.filter(name=key).delete()
        record_event(by, "person.released", person, concerns=agencies_ever_of(person))
    return person


def locked_among(people: Iterable[Person]) -> set[UUID]:
    """Return which of *people* are locked, in one statement."""
    keys = {key_of(person.email): person.pk for person in people}
    locked = SignInName.objects.filter(pk__in=keys, locked_at__isnull=False)
    return {keys[key] for key in locked.values_list("pk", flat=True)}


def locked_since(people: QuerySet[Person]) -> dict[UUID, datetime]:
    """Return which of *people* are locked, and since when.

    Names are kept as hashes, so those of the people are hashed and looked for, once there is any.
    """
    held = SignInName.objects.filter(locked_at__isnull=False)
    if not held.exists():
        return {}
    keys = {key_of(email): pk for pk, email in people.values_list("pk", "email")}
    found = held.filter(pk__in=keys).values_list("pk", "locked_at")
    return {keys[key]: at for key, at in found if at is not None}
