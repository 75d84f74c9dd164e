"""Task forces are formed under an agreement and led by one of its parties."""

from __future__ import annotations

from django.db import transaction

from agencies.authority import By, require_administrator_or_post
from agencies.codes import Role
from agencies.coverage import is_party
from agencies.lines import line
from agencies.lines import short_name as checked_short_name
from agencies.models import Agency, Agreement, Roster, TaskForce
from agencies.refusals import Conflict
from agencies.services.agreement import locked
from ledger.services import record_event


@transaction.atomic
def form_task_force(
    by: By, *, short_name: str, name: str, lead: Agency, agreement: Agreement
) -> TaskForce:
    """Form a task force with its roster; Conflict unless its lead is a party to the agreement now.

    Idempotent for the same name, lead and agreement.
    """
    require_administrator_or_post(by, lead.pk, Role.COORDINATOR)
    short_name, name = checked_short_name(short_name), line("name", name, longest=200)
    agreement = locked(agreement)
    if not is_party(agreement, lead.pk):
        raise Conflict(
            "A task force is led by a party to an agreement in effect.", code="not_a_party"
        )
    known = TaskForce.objects.filter(short_name__iexact=short_name).first()
    if known is not None:
        if (known.name, known.lead_id, known.agreement_id) != (name, lead.pk, agreement.pk):
            raise Conflict("There is another task force of that short name.", code="name_taken")
        return known
    force = TaskForce.objects.create(
        short_name=short_name, name=name, lead=lead, agreement=agreement
    )
    Roster.objects.create(id=force.pk, kind=Roster.Kind.TASK_FORCE, task_force=force)
    record_event(by, "task_force.formed", force, concerns=[lead.pk], agreement=agreement.pk)
    return force
