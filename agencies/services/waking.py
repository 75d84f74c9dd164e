"""People are seen, and woken who were not for too long."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from agencies.actors import Actor
from agencies.authority import By
from agencies.charge import require_charge_of_person
from agencies.clock import database_time
from agencies.figures import NOTED_AS_SEEN_EVERY
from agencies.models import Person
from agencies.models.membership import awake
from agencies.posts import agencies_of
from ledger.services import record_event


def note_seen(actor: Actor) -> None:
    """Keep that *actor*'s person is active, at most once an hour; a mark, and no event."""
    long_ago = Q(last_seen_at__isnull=True) | Q(last_seen_at__lt=Now() - NOTED_AS_SEEN_EVERY)
    Person.objects.filter(long_ago, awake(), pk=actor.person_id).update(last_seen_at=Now())


@transaction.atomic
def wake_person(by: By, person: Person) -> Person:
    """Let in again who was dormant: their coordinator, or an administrator.  Idempotent."""
    require_charge_of_person(by, person)
    found = Person.objects.select_for_update().get(pk=person.pk)
    if not Person.objects.filter(awake(), pk=found.pk).exists():
        found.woken_at = database_time()
        found.save(update_fields=["woken_at"])
        record_event(by, "person.woken", found, concerns=agencies_of(found.pk))
    return found
