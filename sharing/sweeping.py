"""Putting away grants that are over, so that they leave the index; and saying when one soon is.

Whether a grant is live is derived at each statement.  Nothing here changes who sees what.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from agencies.models import Agreement, Party, Roster
from ledger.doer import Portal
from ledger.models import Event
from ledger.services import Tell
from sharing.grant_events import record_grant_event
from sharing.holdings import AnyGrant, owner_of
from sharing.models import Grant, StandingGrant

NOTICE = timedelta(days=3)
"""How long before its end a grant is said to end."""

BATCH = 500


@transaction.atomic
def put_away_ended(batch: int = BATCH) -> int:
    """Stamp grants that can never be live again and return how many; both sides are told of it.

    Of those that were revoked they were told then.
    """
    over = list(
        Grant.objects.filter(_over(), ended_at__isnull=True)
        .select_related("roster__membership")
        .order_by("until", "pk")
        .select_for_update(of=("self",), skip_locked=True)[:batch]
    )
    Grant.objects.filter(pk__in=[grant.pk for grant in over]).update(ended_at=Now())
    _say("grant.expired", [grant for grant in over if grant.revoked_at is None])
    return len(over)


@transaction.atomic
def announce_endings(batch: int = BATCH) -> int:
    """Tell both sides, once, of grants that end within three days; return how many end."""
    told = Event.objects.filter(kind="grant.expiring", target=OuterRef("pk"))
    ending = list(
        Grant.objects.filter(
            ~Exists(told),
            ended_at__isnull=True,
            revoked_at__isnull=True,
            until__gt=Now(),
            until__lte=Now() + NOTICE,
            issued_at__lt=F("until") - NOTICE,
        )
        .select_related("roster__membership")
        .order_by("until", "pk")
        .select_for_update(of=("self",), skip_locked=True)[:batch]
    )
    _say("grant.expiring", ending)
    return len(ending)


@transaction.atomic
def announce_standing_endings(batch: int = BATCH) -> int:
    """Tell both sides, once each, of standing access that ends within three days or has ended.

    Returns of how many.  Of what was revoked they were told then.
    """
    said = 0
    soon = Q(until__gt=Now(), until__lte=Now() + NOTICE, issued_at__lt=F("until") - NOTICE)
    for kind, condition in (("grant.expired", _over()), ("grant.expiring", soon)):
        told = Event.objects.filter(kind__in=("grant.expired", kind), target=OuterRef("pk"))
        found = StandingGrant.objects.filter(
            condition, ~Exists(told), revoked_at__isnull=True
        ).order_by("until", "pk")
        locked = found.select_related("roster__membership").select_for_update(
            of=("self",), skip_locked=True
        )
        standing = list(locked[:batch])
        _say(kind, standing)
        said += len(standing)
    return said


def _over() -> Q:
    """Return the condition of a grant that nothing can bring back; a suspension may end."""
    agreement = Agreement.objects.filter(pk=OuterRef("agreement_id"))
    terminated = agreement.filter(Q(terminated_at__isnull=False) | Q(expires_at__lte=Now()))
    return Q(
        Q(revoked_at__lte=Now())
        | Q(until__lte=Now())
        | Exists(terminated)
        | ~Exists(_signature("owner"))
        | (Q(roster__kind=Roster.Kind.AGENCY) & ~Exists(_signature("roster_id")))
    )


def _signature(agency: str) -> QuerySet[Party]:
    """Return the signature under which a grant was made, if that agency has not left since."""
    return Party.objects.filter(
        Q(left_at__isnull=True) | Q(left_at__gt=Now()),
        agreement_id=OuterRef("agreement_id"),
        agency_id=OuterRef(agency),
        joined_at__lte=OuterRef("issued_at"),
    )


def _say(kind: str, grants: Iterable[AnyGrant]) -> None:
    """Write an event for each grant; both sides of a decision are told once, of its first."""
    told: set[UUID] = set()
    for grant in grants:
        sides = () if grant.decision_id in told else (owner_of(grant), grant.roster_id)
        told.add(grant.decision_id)
        record_grant_event(
            Portal(),
            kind,
            grant,
            tell=[Tell(kind, roster) for roster in sides],
            purpose=grant.purpose,
            until=grant.until,
        )
