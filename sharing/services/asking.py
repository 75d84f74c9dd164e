"""Asking: for a record one knows of, or by agency and number as on the telephone."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from agencies.actors import Actor
from agencies.models import Agency
from agencies.refusals import Conflict, Invalid, NotVisible
from sharing.actions import Action
from sharing.models import ShareRequest
from sharing.one_record import record_for
from sharing.posts import duty_desk, exchanging_post_of, roster_of, supervisors
from sharing.services.opening import agreement_for, require_sense, submit_request
from sharing.terms import Terms


@transaction.atomic
def ask_for_record(actor: Actor, *, record_id: UUID, terms: Terms) -> ShareRequest:
    """Ask the owner of a record one may know of for access to it; NotVisible for any other."""
    post = exchanging_post_of(actor)
    require_sense(terms)
    record = record_for(actor, Action.KNOW, record_id)
    if record is None:
        raise NotVisible
    if record.owner_id == post.agency_id:
        raise Conflict("This is your own agency's record.", code="own_record")
    roster = roster_of(post.agency_id)
    agreement_for(owner=record.owner, roster=roster, category=record.category, terms=terms)
    return submit_request(
        actor,
        owner=record.owner,
        roster=roster,
        terms=terms,
        tell=[supervisors("request.received", record.owner_id)],
        direction=ShareRequest.Direction.ASK,
        record_id=record.pk,
    )


@transaction.atomic
def ask_by_number(
    actor: Actor, *, agency_id: UUID, own_number: str = "", description: str = "", terms: Terms
) -> ShareRequest:
    """Ask an agency as on the telephone.

    Nothing is looked up: whether the number exists, is silent or is mistyped, the work and the
    answer are the same.  The agency's duty desk attaches a record or denies.
    """
    post = exchanging_post_of(actor)
    require_sense(terms)
    agency = Agency.objects.exchanging().filter(pk=agency_id).first()
    if agency is None:
        raise Conflict("This agency does not take requests here.", code="agency_status")
    if agency.pk == post.agency_id:
        raise Conflict("This is your own agency.", code="own_record")
    if not own_number.strip() and not description.strip():
        raise Invalid({"own_number": "Give a number or describe what you are looking for."})
    roster = roster_of(post.agency_id)
    agreement_for(owner=agency, roster=roster, category=None, terms=terms)
    return submit_request(
        actor,
        owner=agency,
        roster=roster,
        terms=terms,
        tell=[
            duty_desk("request.received", agency.pk),
            supervisors("request.received", agency.pk),
        ],
        direction=ShareRequest.Direction.ASK,
        own_number=own_number.strip(),
        description=description.strip(),
    )
