"""Releasing one item to a holder of its case: the one tap that a held-back item waits for."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from agencies.actors import Actor
from agencies.codes import Level
from agencies.refusals import Conflict, NotAllowed
from sharing.actions import Action
from sharing.holdings import grant_state
from sharing.models import Grant, Record, ShareRequest, StandingGrant
from sharing.one_grant import open_grant
from sharing.services.offering import offer_record, own_record
from sharing.terms import Terms


@transaction.atomic
def release_item(
    actor: Actor, item_id: UUID, *, grant_id: UUID, reason: str, unmask: bool = False
) -> ShareRequest:
    """Propose to give the holder of a case one item of it that the holder's grant does not reach.

    It takes a second person like any other release; the terms are those of the case's grant.
    """
    grant = open_grant(actor, grant_id)
    item = own_record(actor, item_id)
    if isinstance(grant, StandingGrant) or grant.record_id != item.case_id:
        raise NotAllowed("That access is not to the case this item is in.", code="record")
    if grant_state(grant) != "active":
        raise Conflict("That access is not in force.", code="state")
    return offer_record(
        actor,
        record_id=item.pk,
        roster_id=grant.roster_id,
        terms=Terms(
            level=Level(min(grant.level, Level.VIEW)),
            purpose=grant.purpose,
            reason=reason,
            until=grant.until,
            later=ShareRequest.Later.NO,
            unmask=unmask,
        ),
    )


def waits_for_release(item: Record) -> bool:
    """Return whether somebody holds what is added later, and *item*, being protected, is left
    out.
    """
    return (
        item.protected
        and not item.covers_itself
        and Grant.objects.filter(
            record_id=item.cover_id,
            scope=Grant.Scope.ALL,
            items_until__gte=item.covered_at,
            protected_until__lt=item.covered_at,
            revoked_at__isnull=True,
            until__gt=Now(),
        ).exists()
    )


def waiting_items(actor: Actor, grant: Grant) -> list[UUID]:
    """Return the protected items of a case that came after a grant and that it does not reach."""
    reached = Grant.objects.filter(
        roster_id=grant.roster_id, revoked_at__isnull=True, kind=Record.Kind.ITEM
    ).values("record_id")
    waiting = (
        Record.objects.permitting(actor, Action.PROPOSE)
        .filter(cover_id=grant.record_id, protected=True, covered_at__gt=grant.protected_until)
        .exclude(pk=grant.record_id)
        .exclude(pk__in=reached)
    )
    return list(waiting.values_list("pk", flat=True))
