"""Offering: the owner's analyst proposes to share, the owner's supervisor decides."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from agencies.actors import Actor
from agencies.codes import Level
from agencies.codetable import is_code
from agencies.refusals import Conflict, Invalid, NotAllowed, NotVisible
from agencies.text_direction import isolated
from sharing.actions import Action
from sharing.models import Record, ShareRequest
from sharing.one_record import record_for
from sharing.posts import exchanging_post_of, receiving_agency, roster_of, supervisors
from sharing.services.opening import agreement_for, require_sense, submit_request
from sharing.terms import Terms


def own_record(actor: Actor, record_id: UUID) -> Record:
    """Return a record of the actor's own agency.

    Raises NotVisible where the actor may not know of it, and NotAllowed where another agency owns
    it: what was received goes to nobody else without the originator's consent.
    """
    record = record_for(actor, Action.KNOW, record_id)
    if record is None:
        raise NotVisible
    if record.owner_id != actor.agency_id:
        raise NotAllowed(
            f"Only {isolated(record.owner.name)} releases this record; ask it to share with them.",
            code="onward",
        )
    if record.originator_id != record.owner_id:
        raise NotAllowed(
            "This came from another agency, which has not consented to its release.", code="onward"
        )
    return record


@transaction.atomic
def offer_record(actor: Actor, *, record_id: UUID, roster_id: UUID, terms: Terms) -> ShareRequest:
    """Propose to give *roster_id* access to a record of one's own agency."""
    exchanging_post_of(actor)
    require_sense(terms)
    record = own_record(actor, record_id)
    roster = roster_of(roster_id)
    if receiving_agency(roster) == record.owner_id:
        raise Conflict("They are of your own agency and have access already.", code="own_record")
    chosen_items(actor, record, terms.items)
    agreement_for(owner=record.owner, roster=roster, category=record.category, terms=terms)
    return submit_request(
        actor,
        owner=record.owner,
        roster=roster,
        terms=terms,
        tell=[supervisors("request.received", record.owner_id)],
        direction=ShareRequest.Direction.OFFER,
        record_id=record.pk,
    )


@transaction.atomic
def offer_standing(actor: Actor, *, roster_id: UUID, category: str, terms: Terms) -> ShareRequest:
    """Propose to open every listed case of one category to *roster_id* while an agreement lasts."""
    post = exchanging_post_of(actor)
    require_sense(terms)
    if not is_code("categories", category):
        raise Invalid({"category": "This is not one of the data categories."})
    if terms.level > Level.VIEW:
        raise Invalid({"level": "Standing access is at most full."})
    roster = roster_of(roster_id)
    if receiving_agency(roster) == post.agency_id:
        raise Conflict("They are of your own agency and have access already.", code="own_record")
    agreement_for(owner=post.agency, roster=roster, category=category, terms=terms, standing=True)
    return submit_request(
        actor,
        owner=post.agency,
        roster=roster,
        terms=terms,
        tell=[supervisors("request.received", post.agency_id)],
        direction=ShareRequest.Direction.OFFER,
        category=category,
    )


def chosen_items(actor: Actor, record: Record, items: object) -> list[Record]:
    """Return the chosen items of *record* that its owner may release; Invalid for any other id."""
    if items is None:
        return []
    wanted = list(dict.fromkeys(items))  # type: ignore[call-overload]
    found = {
        one.pk: one
        for one in Record.objects.permitting(actor, Action.PROPOSE).filter(
            pk__in=wanted, case_id=record.pk, kind=Record.Kind.ITEM, owner_id=record.owner_id
        )
    }
    if len(found) != len(wanted):
        raise Invalid({"items": "Choose items of this case that your agency owns."})
    if any(one.originator_id != one.owner_id for one in found.values()):
        raise NotAllowed(
            "An item came from another agency, which has not consented to its release.",
            code="onward",
        )
    return [found[key] for key in wanted]
