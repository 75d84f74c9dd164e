"""Contributions: what a partner adds to a case stays its own, under a record per case and
contributor.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models.functions import Now

from agencies.actors import Actor
from agencies.codes import Level
from agencies.models import Membership
from agencies.refusals import NotAllowed, NotVisible
from ledger.services import Tell, record_event
from sharing.actions import Action
from sharing.asking import may
from sharing.holdings import grant_states
from sharing.models import Access, Grant, Record
from sharing.records import lock_record, register_record
from sharing.terms import FOREVER


def contribution_of(agency_id: UUID, case_id: UUID) -> Record | None:
    """Return the contribution of an agency to a case, if it was ever opened."""
    return (
        Record.objects.unrestricted("whether an agency has begun to contribute")
        .filter(kind=Record.Kind.CONTRIBUTION, case_id=case_id, owner_id=agency_id)
        .first()
    )


def open_contribution(actor: Actor, grant: Grant, signed_by: Membership) -> Record:
    """Return the contribution that acknowledging *grant* opens, granted to the case's owner.

    The contributor signs it: its own release of what it will add, under the same agreement, until
    that ends.  Further readers need a release of their own.
    """
    case = lock_record(grant.record_id, "a case is locked before its contributions")
    contribution = contribution_of(signed_by.agency_id, case.pk)
    if contribution is None:
        contribution = register_record(
            actor,
            kind=Record.Kind.CONTRIBUTION,
            title=f"Contribution of {signed_by.agency.name}",
            category=case.category,
            findability=Record.Findability.SILENT,
            sensitivity=case.sensitivity,
            content={},
            case=case,
        )
    else:
        lock_record(contribution.pk, "a contribution is locked before its grants")
    _grant_to_owner(actor, contribution, case, grant, signed_by)
    return contribution


def _grant_to_owner(
    actor: Actor, contribution: Record, case: Record, grant: Grant, signed_by: Membership
) -> None:
    """Issue the contributor's grant of its contribution to the case's owner, once.

    One that no longer gives anything, because a party left and returned since, is superseded.
    """
    held = Grant.objects.filter(
        record_id=contribution.pk,
        roster_id=case.owner_id,
        agreement=grant.agreement,
        revoked_at__isnull=True,
        until__gt=Now(),
    )
    if "active" in grant_states(list(held.select_related("roster"))).values():
        return
    held.update(revoked_at=Now(), revoked_by=signed_by, revoke_reason="superseded", ended_at=Now())
    given = _given(contribution, case, grant, signed_by)
    given.save(force_insert=True)
    record_event(
        actor,
        "grant.issued",
        given,
        tell=[Tell("grant.issued", case.owner_id)],
        records=[contribution.pk],
        concerns=[contribution.owner_id, case.owner_id],
        level=Level.VIEW.code,
        purpose=grant.purpose,
        basis={"agreement": grant.agreement_id, "request": grant.decision_id},
        grants=[given.pk],
    )


def _given(contribution: Record, case: Record, grant: Grant, signed_by: Membership) -> Grant:
    """Return the grant by which the case's owner reads all of a contribution while it is agreed."""
    return Grant(
        record_id=contribution.pk,
        roster_id=case.owner_id,
        scope=Grant.Scope.ALL,
        level=Level.VIEW,
        purpose=grant.purpose,
        agreement=grant.agreement,
        decision_id=grant.decision_id,
        until=grant.agreement.expires_at,
        items_until=FOREVER,
        protected_until=FOREVER,
        later="all",
        unmask=True,
        issued_by=signed_by,
        touched_at=contribution.touched_at,
        owner=contribution.owner_id,
        sensitivity=contribution.sensitivity,
    )


def contribution_for(actor: Actor, case_id: UUID) -> tuple[Record, bool]:
    """Return the contribution that *actor* may add to, locked, and whether what is added is
    released at once.

    Raises NotVisible where the case is not known to the actor, and NotAllowed, with the reason,
    where it may not add or its supervisor has not acknowledged.
    """
    if not may(actor, Action.KNOW, case_id):
        raise NotVisible
    reached = Access.objects.filter(
        membership=actor.seat, record=case_id, level__gte=Level.CONTRIBUTE, via="grant"
    ).values("basis")
    grants = Grant.objects.filter(pk__in=reached)
    if not grants.exists():
        raise NotAllowed("You were not given leave to add to this case.", code="level")
    contribution = contribution_of(actor.agency_id, case_id) if actor.agency_id else None
    acknowledged = grants.filter(acknowledged_at__isnull=False).first()
    if contribution is None or acknowledged is None:
        raise NotAllowed(
            "Adding opens once your release authority has acknowledged the access.",
            code="not_acknowledged",
        )
    lock_record(case_id, "a case is locked before its contributions")
    locked = lock_record(contribution.pk, "a contribution is locked before what it covers")
    return locked, acknowledged.contributions != Grant.Contributions.EACH
