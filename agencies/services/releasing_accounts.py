"""An account that failures locked is released by somebody who looks after its person."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from agencies.authority import By
from agencies.models import Person, SignInName, SignInTry
from agencies.services.disabling import agencies_of
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
        record_event(by, "person.released", person, concerns=agencies_of(person))
    return person


def locked_among(people: Iterable[Person]) -> set[UUID]:
    """Return which of *people* are locked, in one statement."""
    keys = {key_of(person.email): person.pk for person in people}
    locked = SignInName.objects.filter(pk__in=keys, locked_at__isnull=False)
    return {keys[key] for key in locked.values_list("pk", flat=True)}
