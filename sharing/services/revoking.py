"""Revoking: any member of the owner ends a grant at once; restricting never needs permission."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from agencies.actors import Actor
from agencies.codetable import is_code
from agencies.refusals import Invalid, NotAllowed, Stale
from ledger.services import Tell, record_event
from sharing.holdings import AnyGrant, not_over, open_grant, owner_of
from sharing.models import Grant, Record, StandingGrant
from sharing.posts import post_of, receiving_agency
from sharing.records import lock_record


@transaction.atomic
def revoke_grant(
    actor: Actor,
    grant_id: UUID,
    *,
    reason_code: str,
    text: str = "",
    version: int | None = None,
) -> AnyGrant:
    """End a grant now and recall what it disclosed.  Idempotent: ending an ended grant changes
    nothing.

    Ending a case's grant ends the grants of its items to the same roster with it.
    """
    grant = owned_grant(actor, grant_id)
    if version is not None and grant.version != version:
        raise Stale(current=grant.version)
    if reason_code == "superseded" or not is_code("revoke_reasons", reason_code):
        raise Invalid({"reason_code": "This is not one of the reasons."})
    if isinstance(grant, StandingGrant):
        return _revoke_standing(actor, grant, reason_code, text)
    record = lock_record(grant.record_id, "a record is locked before its grants")
    ended = _end(
        actor,
        Grant.objects.filter(
            Q(pk=grant.pk)
            | Q(
                record_id__in=_parts_of(record),
                owner=grant.owner,
                roster_id=grant.roster_id,
            )
        ),
        reason_code,
        text,
    )
    if ended:
        _tell(actor, grant, ended, reason_code)
    return open_grant(actor, grant_id)


def owned_grant(actor: Actor, grant_id: UUID) -> AnyGrant:
    """Return a grant that the actor's own agency gave; NotVisible or NotAllowed otherwise."""
    grant = open_grant(actor, grant_id)
    post_of(actor)
    if owner_of(grant) != actor.agency_id:
        raise NotAllowed("Only the owning agency changes what it gave.", code="not_owner")
    return grant


def end_grants_on(actor: Actor, record: Record, *, reason_code: str) -> None:
    """End every grant that names *record* itself, and tell each holder; the record is locked."""
    for grant in Grant.objects.filter(not_over(), record_id=record.pk):
        ended = _end(actor, Grant.objects.filter(pk=grant.pk), reason_code, "")
        _tell(actor, grant, ended, reason_code)


def _parts_of(record: Record) -> list[UUID]:
    parts = Record.objects.unrestricted("what ends with the grant of a case").filter(
        case_id=record.pk
    )
    return list(parts.values_list("pk", flat=True))


def _end(actor: Actor, grants: object, reason_code: str, text: str) -> list[UUID]:
    """Stamp those of *grants* that are not ended and return their ids."""
    live = list(
        grants.filter(not_over())  # type: ignore[attr-defined]
        .select_for_update()
        .values_list("pk", flat=True)
    )
    Grant.objects.filter(pk__in=live).update(
        revoked_at=Now(),
        revoked_by=actor.membership_id,
        revoke_reason=reason_code,
        revoke_text=text.strip(),
        ended_at=Now(),
        version=F("version") + 1,
    )
    return live


def _tell(actor: Actor, grant: Grant, ended: list[UUID], reason_code: str) -> None:
    record_event(
        actor,
        "grant.revoked",
        grant,
        tell=[Tell("grant.revoked", grant.roster_id)],
        tell_at=grant.starts_at,
        records=[grant.record_id],
        concerns=[one for one in (grant.owner, receiving_agency(grant.roster)) if one],
        purpose=grant.purpose,
        basis={"agreement": grant.agreement_id, "request": grant.decision_id},
        reason_code=reason_code,
        grants=ended,
    )


def _revoke_standing(
    actor: Actor, grant: StandingGrant, reason_code: str, text: str
) -> StandingGrant:
    changed = StandingGrant.objects.filter(not_over(), pk=grant.pk).update(
        revoked_at=Now(),
        revoked_by=actor.membership_id,
        revoke_reason=reason_code,
        revoke_text=text.strip(),
        version=F("version") + 1,
    )
    if changed:
        record_event(
            actor,
            "grant.revoked",
            grant,
            tell=[Tell("grant.revoked", grant.roster_id)],
            tell_at=grant.starts_at,
            concerns=[one for one in (grant.owner_id, receiving_agency(grant.roster)) if one],
            purpose=grant.purpose,
            basis={"agreement": grant.agreement_id, "request": grant.decision_id},
            reason_code=reason_code,
        )
    grant.refresh_from_db()
    return grant
