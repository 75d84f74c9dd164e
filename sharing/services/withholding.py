"""An item is taken out from under its cover, or put under one, from now on."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from agencies.actors import Actor
from ledger.services import Tell, record_event
from sharing.models import Grant, Record
from sharing.records import lock_record, touch
from sharing.services.revoking import end_grants_on


@transaction.atomic
def withhold_record(actor: Actor, record: Record) -> Record:
    """Take an item out from under its cover, so that no grant but its own reaches it.

    Grants that name the item itself end too: withholding what was shared is a revocation.
    """
    cover = lock_record(record.cover_id, "a cover is locked before what it covers")
    locked = lock_record(record.pk, "an item is locked before it is withheld")
    if not locked.covers_itself:
        _recall(actor, locked)
        touch(cover)
        locked.cover_id = locked.pk
        locked.covered_at = Now()
        locked.save(update_fields=["cover", "covered_at"])
        locked.refresh_from_db()
    end_grants_on(actor, locked, reason_code="need_ended")
    return locked


@transaction.atomic
def release_record(actor: Actor, record: Record, *, cover: Record) -> Record:
    """Put an item that covers itself under *cover*, from now on."""
    lock_record(cover.pk, "a cover is locked before what it covers")
    locked = lock_record(record.pk, "an item is locked before it is released")
    if locked.cover_id != cover.pk:
        touch(cover)
        locked.cover_id = cover.pk
        locked.covered_at = Now()
        locked.save(update_fields=["cover", "covered_at"])
        locked.refresh_from_db()
    return locked


def _recall(actor: Actor, item: Record) -> None:
    """Tell every roster whose grant of the cover reaches *item* to stop using it."""
    holders = Grant.objects.filter(
        Q(protected_until__gte=item.covered_at) if item.protected else Q(),
        record_id=item.cover_id,
        scope=Grant.Scope.ALL,
        items_until__gte=item.covered_at,
        starts_at__lte=Now(),
        until__gt=Now(),
    ).exclude(revoked_at__lte=Now())
    rosters = list(holders.values_list("roster_id", flat=True).distinct())
    if rosters:
        record_event(
            actor,
            "record.recalled",
            item,
            tell=[Tell("record.recalled", roster) for roster in rosters],
            records=[item.pk],
            concerns=[item.owner_id],
        )
