"""The nominee takes the post that they were sent a link to."""

from __future__ import annotations

from django.db import transaction

from agencies.actors import Actor
from agencies.clock import database_time
from agencies.codes import Role
from agencies.figures import NOMINATION_OPEN_FOR
from agencies.models import Nomination, Person
from agencies.nominations import missing_consents, takes_a_second
from agencies.posts import posts_in
from agencies.refusals import Conflict, NotAllowed
from agencies.services.address import move_address
from agencies.services.nomination_step import activate_nomination, held_nomination, record_step
from ledger.services import Tell, record_event

State = Nomination.State
TO_VALIDATE = "nomination.accepted"
"""The kind of message."""


@transaction.atomic
def accept_nomination(
    nomination: Nomination, *, person: Person, take_address: bool = False
) -> Nomination:
    """Have a person take the post that they were sent a link to; their agency's second is asked.

    *take_address* has the address of the link be theirs from then on.  What an administrator
    appointed needs no second, and opens once the person's other agencies have consented.
    """
    found = held_nomination(nomination, "accept")
    person = Person.objects.select_for_update().get(pk=person.pk)
    _may_accept(found, person)
    found.person, found.state, found.accepted_at = person, State.ACCEPTED, database_time()
    found.expires_at = found.accepted_at + NOMINATION_OPEN_FOR
    found.save(update_fields=["person", "state", "accepted_at", "expires_at"])
    by = Actor(person_id=person.pk)
    needs = takes_a_second(found)
    tell = [Tell(TO_VALIDATE, found.agency_id)] if needs else []
    record_step(by, "nomination.accepted", found, tell=tell)
    if take_address:
        move_address(by, person, found.email)
    return found if needs or missing_consents(found) else activate_nomination(by, found)


@transaction.atomic
def accept_as_new(nomination: Nomination, *, password: str) -> Nomination:
    """Make the nominee known, who sets their own password, and have them take the post."""
    found = held_nomination(nomination, "accept")
    if Person.objects.filter(email__iexact=found.email).exists():
        raise Conflict(
            "There is an account of this address; sign in with it to accept.", code="person_known"
        )
    person = Person.objects.create_user(found.email, password, name=found.name)
    by = Actor(person_id=person.pk)
    record_event(by, "person.admitted", person, concerns=[found.agency_id])
    return accept_nomination(found, person=person)


def _may_accept(found: Nomination, person: Person) -> None:
    if found.person_id is not None and found.person_id != person.pk:
        raise NotAllowed("This nomination is somebody else's.", code="other_person")
    if person.pk == found.nominated_by_id:
        raise NotAllowed("Nobody accepts what they nominated.", code="self")
    if not person.is_active or (person.is_staff and found.roles != [Role.COORDINATOR]):
        raise Conflict("This account cannot hold such a post.", code="administrator")
    if posts_in(found.agency_id, person.pk).exists():
        raise Conflict("You have a post there already.", code="membership_known")
