"""Revoking: any member of the owner ends a grant at once; restricting never needs permission."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from agencies.actors import Actor
from agencies.clock import database_time
from agencies.codetable import is_code
from agencies.refusals import Invalid, NotAllowed, Stale
from ledger.services import Tell
from sharing.grant_events import record_grant_event
from sharing.holdings import AnyGrant, not_over, owner_of
from sharing.models import Grant, Record, StandingGrant
from sharing.one_grant import open_grant
from sharing.posts import post_of
from sharing.records import lock_record
from sharing.shapes import Shape, each


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
    lock_record(grant.record_id, "a record is locked before its grants")
    found = _locked([grant.pk, *_with_case(grant)])
    ended = _end(actor, list(found), reason_code, text)
    if ended:
        _tell(actor, grant, reason_code, grants=list(found))
    return _as_it_is(actor, grant, found.get(grant.pk), ended)


def owned_grant(actor: Actor, grant_id: UUID) -> AnyGrant:
    """Return a grant that the actor's own agency gave; NotVisible or NotAllowed otherwise."""
    grant = open_grant(actor, grant_id)
    post_of(actor)
    if owner_of(grant) != actor.agency_id:
        raise NotAllowed("Only the owning agency changes what it gave.", code="not_owner")
    return grant


def end_grants_on(actor: Actor, record: Record, *, reason_code: str) -> None:
    """End every grant that names *record* itself, and tell each holder; the record is locked."""
    held = Grant.objects.filter(not_over(), record_id=record.pk)
    grants = {one.pk: one for one in held.select_related("roster__membership")}
    found = _locked(list(grants))
    _end(actor, list(found), reason_code, "")
    for key in found:
        _tell(actor, grants[key], reason_code, grants=[key])


def _with_case(grant: Grant) -> list[UUID]:
    """Return the grants of single items that end with the grant of their case.

    Looked for among the roster's grants of items or among the items of the case, as the database
    sees fit each time: either can be thousands, and the other none.
    """
    if grant.kind == Record.Kind.ITEM:
        return []
    parts = Record.objects.unrestricted("what ends with the grant of a case").filter(
        case_id=grant.record_id
    )
    found = Grant.objects.filter(
        not_over(),
        ended_at__isnull=True,
        kind=Record.Kind.ITEM,
        owner=grant.owner,
        roster_id=grant.roster_id,
        record_id__in=parts.values("pk"),
    )
    return list(found.values_list("pk", flat=True))


UNENDED: Shape[Grant] = Shape(
    lambda grants: (
        Grant.objects.filter(not_over(), pk__in=each(grants)).select_for_update().order_by("pk")
    ),
    grants=list,
)


def _locked(grants: Sequence[UUID]) -> dict[UUID, int]:
    """Return those of *grants* that are not ended, locked, each with its version."""
    return {one.pk: one.version for one in UNENDED.rows(grants=list(grants))}


def _end(actor: Actor, grants: Sequence[UUID], reason_code: str, text: str) -> dict[str, Any]:
    """Stamp *grants*, which are locked, and return the stamp; empty where there are none."""
    if not grants:
        return {}
    moment = database_time()
    stamp: dict[str, Any] = {
        "revoked_at": moment,
        "revoked_by": actor.membership_id,
        "revoke_reason": reason_code,
        "revoke_text": text.strip(),
        "ended_at": moment,
    }
    Grant.objects.filter(pk__in=grants).update(**stamp, version=F("version") + 1)
    return stamp


def _as_it_is(
    actor: Actor, grant: Grant, version: int | None, ended: Mapping[str, Any]
) -> AnyGrant:
    """Return *grant* with what ended it, or as it is where somebody changed it before the lock."""
    if version != grant.version:
        return open_grant(actor, grant.pk)
    grant.revoked_by_id = ended["revoked_by"]
    for name in ("revoked_at", "revoke_reason", "revoke_text", "ended_at"):
        setattr(grant, name, ended[name])
    grant.version += 1
    return grant


def _tell(actor: Actor, grant: AnyGrant, reason_code: str, **facts: Any) -> None:
    record_grant_event(
        actor,
        "grant.revoked",
        grant,
        tell=[Tell("grant.revoked", grant.roster_id)],
        tell_at=grant.starts_at,
        purpose=grant.purpose,
        reason_code=reason_code,
        **facts,
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
        _tell(actor, grant, reason_code)
    grant.refresh_from_db()
    return grant
