"""A person takes up one of their posts."""

from __future__ import annotations

from django.db import transaction

from agencies.actors import acting_as
from agencies.models import Membership, Person
from agencies.refusals import NotAllowed
from ledger.services import record_event


@transaction.atomic
def take_up(person: Person, membership: Membership) -> Membership:
    """Write that *person* acts under this post from now on; NotAllowed unless they may."""
    post = (
        Membership.objects.acting()
        .select_related("person")
        .filter(pk=membership.pk, person=person)
        .first()
    )
    if post is None:
        raise NotAllowed("You have no such post in force.", code="no_membership")
    record_event(acting_as(post), "membership.taken_up", post, concerns=[post.agency_id])
    return post
