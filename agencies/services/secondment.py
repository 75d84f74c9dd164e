"""Posts are seconded to task forces and recalled."""

from __future__ import annotations

from django.db import transaction

from agencies.authority import By, has_post, is_administrator, is_portal, require_post
from agencies.clock import database_time
from agencies.codes import Role
from agencies.coverage import is_party
from agencies.models import Membership, Program, Secondment, TaskForce
from agencies.refusals import Conflict, NotAllowed
from ledger.services import record_event

RESTRICTING = (Role.COORDINATOR, Role.SUPERVISOR, Role.LIAISON)


@transaction.atomic
def second(by: By, task_force: TaskForce, membership: Membership) -> Secondment:
    """Seat a post on a task force; its lead's coordinator does this, never for themselves.

    Conflict unless the post is in force and its agency is a party to the task force's agreement
    (the portal seats ahead of the signature: it gives nothing until then).  Idempotent.
    """
    _may_second(by, task_force, membership)
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if membership.ended_at is not None and membership.ended_at <= database_time():
        raise Conflict("That post has ended.", code="membership_ended")
    if membership.arrangement_id is not None:
        raise Conflict("A post by arrangement serves its agency only.", code="arrangement")
    if Program.objects.filter(membership=membership).exists():
        raise Conflict("A program serves its own agency only.", code="program")
    if not is_portal(by) and not is_party(task_force.agreement, membership.agency_id):
        raise Conflict(
            "Its agency is not a party to the agreement that the task force works under.",
            code="not_a_party",
        )
    current = task_force.secondments.filter(membership=membership, ended_at__isnull=True).first()
    if current is not None:
        return current
    seat = Secondment.objects.create(task_force=task_force, membership=membership)
    record_event(
        by,
        "secondment.begun",
        seat,
        concerns=[task_force.lead_id, membership.agency_id],
        task_force=task_force.pk,
        membership=membership.pk,
    )
    return seat


@transaction.atomic
def end_secondment(by: By, secondment: Secondment) -> Secondment:
    """Take a post off a task force now.  Idempotent; either agency or an administrator may."""
    seat = (
        Secondment.objects.select_for_update(of=("self",))
        .select_related("task_force", "membership")
        .get(pk=secondment.pk)
    )
    _may_recall(by, seat)
    if seat.ended_at is None:
        seat.ended_at = database_time()
        seat.save(update_fields=["ended_at"])
        record_event(
            by,
            "secondment.ended",
            seat,
            concerns=[seat.task_force.lead_id, seat.membership.agency_id],
            task_force=seat.task_force_id,
            membership=seat.membership_id,
        )
    return seat


def _may_second(by: By, task_force: TaskForce, membership: Membership) -> None:
    require_post(by, task_force.lead_id, Role.COORDINATOR)
    if not is_portal(by) and by.person_id == membership.person_id:
        raise NotAllowed("Nobody seats themselves on a task force.", code="self")


def _may_recall(by: By, seat: Secondment) -> None:
    if is_administrator(by) or has_post(by, seat.membership.agency_id, *RESTRICTING):
        return
    require_post(by, seat.task_force.lead_id, Role.COORDINATOR, Role.SUPERVISOR)
