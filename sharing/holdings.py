"""Grants as the two sides see them: which, in what state, and what may be done about each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from agencies.actors import NOBODY, Actor
from agencies.clock import database_time
from agencies.codes import EXCHANGING, READING_ROLES, Level, Role
from agencies.coverage import current_parties
from agencies.models import Agreement, Membership, Party, Secondment
from sharing.actions import Action
from sharing.models import Grant, Record, StandingGrant
from sharing.planned import planned
from sharing.policy import permits
from sharing.posts import receiving_agency

AnyGrant = Grant | StandingGrant

ENDED_AS = ("superseded", "undone")
"""Reasons of an end that are states of their own; every other is ``revoked``."""

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


def _bound(actor: Actor) -> Exists:
    """Return that the actor's agency was a party when a grant was issued, and is one now."""
    return Exists(
        Party.objects.filter(
            current_parties(),
            agency_id=actor.agency_id or NOBODY,
            agreement_id=OuterRef("agreement_id"),
            joined_at__lte=OuterRef("issued_at"),
        )
    )


def _of_own_people(actor: Actor) -> Q:
    """Return that a grant is to somebody of the agency whose release authority the actor holds."""
    above = Membership.objects.acting().filter(pk=actor.seat, ceiling__gte=OuterRef("sensitivity"))
    own = Q(roster__membership__agency_id=actor.agency_id)
    return own & Exists(above.holding(Role.SUPERVISOR)) & _bound(actor)


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


def not_over() -> Q:
    """Return the condition of a grant that nobody ended; one that will end in seconds is not."""
    return Q(revoked_at__isnull=True) | Q(revoked_at__gt=Now())


def is_over(grant: AnyGrant, now: datetime) -> bool:
    """Return whether a grant was ended, or its time has passed, by the database's time *now*."""
    return grant.until <= now or (grant.revoked_at is not None and grant.revoked_at <= now)


def in_force() -> Combinable:
    """Return the condition of a grant that has begun and was neither revoked nor ran out, under an
    agreement that binds.
    """
    return (
        Q(starts_at__lte=Now(), until__gt=Now())
        & not_over()
        & Exists(Agreement.objects.in_effect().filter(pk=OuterRef("agreement_id")))
    )


def gone() -> Q:
    """Return the condition of a grant that is not in force and is not about to be."""
    return Q(~in_force()) & (Q(starts_at__lte=Now()) | Q(revoked_at__isnull=False))


def grants_for(
    actor: Actor,
    *,
    record: UUID | None = None,
    direction: str | None = None,
    state: str | None = None,
) -> QuerySet[Grant]:
    """Return the grants *actor* may know of, newest first.

    The owner's people see what was given of records they may manage, for ever; recipients see
    what they hold while they hold it, and release authority what its own people hold by name,
    which it acknowledges without reading it.  *direction* is ``given`` or ``received``,
    *state* ``active`` or ``ended``.
    """
    if actor.membership_id is None:
        return Grant.objects.none()
    given = Q(owner=actor.agency_id) & _manageable(actor)
    held = (_of_roster(actor) & _receivable(actor)) | _of_own_people(actor)
    received = ~Q(owner=actor.agency_id) & held & in_force()
    sides = {"given": given, "received": received}
    grants = Grant.objects.filter(_reads(actor)).filter(
        sides.get(direction, given | received) if direction else given | received
    )
    if record is not None:
        grants = grants.filter(record_id=record)
    if state is not None:
        grants = grants.filter(in_force() if state == "active" else gone())
    return planned(grants.select_related(*RELATED).order_by("-issued_at", "-pk"))


def standing_grants_for(
    actor: Actor, *, direction: str | None = None, state: str | None = None
) -> QuerySet[StandingGrant]:
    """Return the standing grants between *actor*'s agency or task forces and others, newest
    first.
    """
    if actor.membership_id is None:
        return StandingGrant.objects.none()
    given = Q(owner_id=actor.agency_id)
    held = _of_roster(actor) & _bound(actor)
    received = ~Q(owner_id=actor.agency_id) & held & in_force()
    sides = {"given": given, "received": received}
    grants = StandingGrant.objects.filter(_reads(actor)).filter(
        sides.get(direction, given | received) if direction else given | received
    )
    if state is not None:
        grants = grants.filter(in_force() if state == "active" else gone())
    return planned(grants.select_related(*RELATED, "owner").order_by("-issued_at", "-pk"))


def owner_of(grant: AnyGrant) -> UUID:
    """Return the agency that gave a grant."""
    return grant.owner_id if isinstance(grant, StandingGrant) else grant.owner


def grant_state(grant: AnyGrant) -> str:
    """Return pending, active, suspended, expired, revoked, superseded or undone, derived now."""
    return grant_states([grant])[grant.pk]


def grant_states(grants: Sequence[AnyGrant]) -> dict[UUID, str]:
    """Return the state of each of *grants*, in the same few statements however many there are."""
    agreements = {grant.agreement_id for grant in grants}
    binding, ended = _binding_and_ended(agreements)
    now = database_time()
    parties = _parties_of(agreements)

    def state(grant: AnyGrant) -> str:
        if grant.revoked_at is not None and grant.revoked_at <= now:
            return grant.revoke_reason if grant.revoke_reason in ENDED_AS else "revoked"
        if grant.until <= now or grant.agreement_id in ended:
            return "expired"
        if grant.starts_at > now:
            return "pending"
        joined = {
            agency for agency, since in parties[grant.agreement_id] if since <= grant.issued_at
        }
        needed = {owner_of(grant), receiving_agency(grant.roster)} - {None}
        return "active" if grant.agreement_id in binding and needed <= joined else "suspended"

    return {grant.pk: state(grant) for grant in grants}


def _binding_and_ended(agreements: Iterable[UUID]) -> tuple[set[UUID], set[UUID]]:
    """Return those of *agreements* that bind now, and those that never will again."""
    in_effect = Agreement.objects.in_effect().filter(pk=OuterRef("pk"))
    over = Q(terminated_at__isnull=False) | Q(expires_at__lte=Now())
    binds, ends = Exists(in_effect), ExpressionWrapper(over, output_field=BooleanField())
    rows = list(Agreement.objects.filter(pk__in=agreements).values_list("pk", binds, ends))
    return {key for key, now, _ in rows if now}, {key for key, _, past in rows if past}


def _parties_of(agreements: Iterable[UUID]) -> dict[UUID, list[tuple[UUID, datetime]]]:
    """Return by agreement its current parties that exchange, each with when it joined."""
    found: dict[UUID, list[tuple[UUID, datetime]]] = defaultdict(list)
    parties = Party.objects.filter(
        Q(left_at__isnull=True) | Q(left_at__gt=Now()),
        agreement__in=agreements,
        agency__status__in=EXCHANGING,
    )
    for party in parties:
        found[party.agreement_id].append((party.agency_id, party.joined_at))
    return found


def allowed_on_grant(actor: Actor, grant: AnyGrant, state: str) -> list[str]:
    """Return what *actor* may do about a grant in *state*; each is checked again when it is
    done.
    """
    own = owner_of(grant) == actor.agency_id
    open_ = state in ("active", "suspended")
    stoppable = open_ or state == "pending"
    plain = isinstance(grant, Grant)
    receives = not own and state == "active"
    to_acknowledge = grant.acknowledged_at is None or grant.level == Level.CONTRIBUTE
    allowed = {
        "revoke": own and stoppable and actor.reads_cases,
        "narrow": own and stoppable and plain and actor.reads_cases,
        "acknowledge": receives and actor.is_supervisor and to_acknowledge,
        "renew": open_ and plain and actor.reads_cases,
    }
    return [name for name, yes in allowed.items() if yes]
