"""Grants as the two sides see them: which, in what state, and what may be done about each."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from agencies.actors import Actor
from agencies.codes import READING_ROLES, Level
from agencies.models import Agreement, Membership, Party, Secondment
from agencies.refusals import NotVisible
from sharing.actions import Action
from sharing.models import Grant, Record, StandingGrant
from sharing.policy import permits
from sharing.posts import receiving_agency

AnyGrant = Grant | StandingGrant

RELATED = (
    "roster__agency",
    "roster__task_force",
    "roster__membership__person",
    "roster__membership__agency",
    "agreement",
    "decision",
    "issued_by__person",
)


def _of_roster(actor: Actor) -> Combinable:
    return (
        Q(roster_id=actor.agency_id)
        | Q(roster_id=actor.seat)
        | Exists(
            Secondment.objects.filter(
                Q(ended_at__isnull=True) | Q(ended_at__gt=Now()),
                membership_id=actor.seat,
                task_force_id=OuterRef("roster_id"),
                started_at__lte=Now(),
            )
        )
    )


def _reads(actor: Actor) -> Exists:
    return Exists(Membership.objects.acting().filter(pk=actor.seat).holding(*READING_ROLES))


def _manageable(actor: Actor) -> Exists:
    return Exists(
        Record.objects.unrestricted("narrowed by the rule in the same statement").filter(
            permits(actor, Action.RESTRICT), pk=OuterRef("record_id")
        )
    )


def _receivable(actor: Actor) -> Exists:
    return Exists(
        Record.objects.unrestricted("narrowed by the rule in the same statement").filter(
            permits(actor, Action.KNOW), pk=OuterRef("record_id")
        )
    )


def in_force() -> Combinable:
    """Return the condition of a grant that was neither revoked nor ran out, under an agreement that
    binds.
    """
    return Q(revoked_at__isnull=True, until__gt=Now()) & Exists(
        Agreement.objects.in_effect().filter(pk=OuterRef("agreement_id"))
    )


def grants_for(
    actor: Actor,
    *,
    record: UUID | None = None,
    direction: str | None = None,
    state: str | None = None,
) -> QuerySet[Grant]:
    """Return the grants *actor* may know of, newest first.

    The owner's people see what was given of records they may manage, for ever; recipients see what
    they hold while they hold it.  *direction* is ``given`` or ``received``, *state* ``active`` or
    ``ended``.
    """
    if actor.membership_id is None:
        return Grant.objects.none()
    given = Q(owner=actor.agency_id) & _manageable(actor)
    received = ~Q(owner=actor.agency_id) & _of_roster(actor) & _receivable(actor) & in_force()
    sides = {"given": given, "received": received}
    grants = Grant.objects.filter(_reads(actor)).filter(
        sides.get(direction, given | received) if direction else given | received
    )
    if record is not None:
        grants = grants.filter(record_id=record)
    if state is not None:
        grants = grants.filter(in_force() if state == "active" else ~in_force())
    return grants.select_related(*RELATED).order_by("-issued_at", "-pk")


def standing_grants_for(
    actor: Actor, *, direction: str | None = None, state: str | None = None
) -> QuerySet[StandingGrant]:
    """Return the standing grants between *actor*'s agency or task forces and others, newest
    first.
    """
    if actor.membership_id is None:
        return StandingGrant.objects.none()
    given = Q(owner_id=actor.agency_id)
    received = ~Q(owner_id=actor.agency_id) & _of_roster(actor) & in_force()
    sides = {"given": given, "received": received}
    grants = StandingGrant.objects.filter(_reads(actor)).filter(
        sides.get(direction, given | received) if direction else given | received
    )
    if state is not None:
        grants = grants.filter(in_force() if state == "active" else ~in_force())
    return grants.select_related(*RELATED, "owner").order_by("-issued_at", "-pk")


def open_grant(actor: Actor, pk: UUID) -> AnyGrant:
    """Return a grant or standing grant that *actor* may know of; NotVisible otherwise."""
    found = (
        grants_for(actor).filter(pk=pk).first() or standing_grants_for(actor).filter(pk=pk).first()
    )
    if found is None:
        raise NotVisible
    return found


def owner_of(grant: AnyGrant) -> UUID:
    """Return the agency that gave a grant."""
    return grant.owner_id if isinstance(grant, StandingGrant) else grant.owner


def grant_state(grant: AnyGrant) -> str:
    """Return active, suspended, expired, revoked or superseded, derived now."""
    if grant.revoked_at is not None:
        return "superseded" if grant.revoke_reason == "superseded" else "revoked"
    binding = Agreement.objects.in_effect().filter(pk=grant.agreement_id).exists()
    ended = Agreement.objects.filter(pk=grant.agreement_id).filter(
        Q(terminated_at__isnull=False) | Q(expires_at__lte=Now())
    )
    live = type(grant).objects.filter(pk=grant.pk, until__gt=Now()).exists()
    if not live or ended.exists():
        return "expired"
    parties = Party.objects.filter(
        Q(left_at__isnull=True) | Q(left_at__gt=Now()),
        agreement_id=grant.agreement_id,
        agency__status__in=("pilot", "active"),
        joined_at__lte=grant.issued_at,
    ).values_list("agency_id", flat=True)
    needed = {owner_of(grant), receiving_agency(grant.roster)} - {None}
    return "active" if binding and needed <= set(parties) else "suspended"


def allowed_on_grant(actor: Actor, grant: AnyGrant, state: str) -> list[str]:
    """Return what *actor* may do about a grant in *state*; each is checked again when it is
    done.
    """
    own = owner_of(grant) == actor.agency_id
    open_ = state in ("active", "suspended")
    plain = isinstance(grant, Grant)
    receives = not own and state == "active"
    to_acknowledge = grant.acknowledged_at is None or grant.level == Level.CONTRIBUTE
    allowed = {
        "revoke": own and open_ and actor.reads_cases,
        "narrow": own and open_ and plain and actor.reads_cases,
        "acknowledge": receives and actor.is_supervisor and to_acknowledge,
        "renew": open_ and plain and actor.reads_cases,
    }
    return [name for name, yes in allowed.items() if yes]
