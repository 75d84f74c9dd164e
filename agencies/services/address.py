"""A person's e-mail address changes with the agency; it holds from when the person confirms it."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction

from agencies.actors import Actor
from agencies.authority import By
from agencies.charge import require_charge_of_person
from agencies.clock import database_time
from agencies.figures import ADDRESS_OPEN_FOR
from agencies.lines import email_address
from agencies.models import AddressChange, Person
from agencies.posts import agencies_of
from agencies.refusals import Conflict, NotAllowed
from agencies.services.sign_in import carry_failures
from ledger.services import Tell, record_event

PROPOSED, CHANGED = "address.proposed", "address.changed"
"""Kinds of message."""


@transaction.atomic
def propose_address(by: By, person: Person, *, email: str) -> AddressChange:
    """Send a link to a new address; whoever opens it signed in as the person has it from then on.

    So a coordinator who wrote a wrong address, or their own, has given nobody an account.
    """
    require_charge_of_person(by, person)
    address = email_address(email)
    _require_free(person, address)
    made = AddressChange.objects.create(
        person=person,
        email=address,
        proposed_by_id=by.person_id,
        expires_at=database_time() + ADDRESS_OPEN_FOR,
    )
    _record(by, PROPOSED, person, made)
    return made


@transaction.atomic
def confirm_address(person: Person, change: AddressChange) -> Person:
    """Have the address of a link be the person's; the old one is told, and gets nothing more."""
    found = AddressChange.objects.select_for_update().get(pk=change.pk)
    if found.person_id != person.pk:
        raise NotAllowed("This link is somebody else's.", code="other_person")
    if found.confirmed_at is not None:
        return person
    if found.expires_at <= database_time():
        raise Conflict("This link was not used in time; ask for another.", code="late")
    return move_address(Actor(person_id=person.pk), person, found.email, change=found)


def move_address(
    by: By, person: Person, email: str, *, change: AddressChange | None = None
) -> Person:
    """Set a person's address, proven by a link to it, and tell the one before.  Idempotent."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.email == email:
        return person
    _require_free(person, email)
    now = database_time()
    made = change or AddressChange(person=person, email=email, expires_at=now)
    made.previous, made.confirmed_at = person.email, now
    made.save()
    person.email = email
    person.save(update_fields=["email"])
    EmailAddress.objects.filter(user=person).delete()
    carry_failures(made.previous, email)
    _record(by, CHANGED, person, made)
    return person


def _require_free(person: Person, email: str) -> None:
    if Person.objects.filter(email__iexact=email).exclude(pk=person.pk).exists():
        raise Conflict("That address is another account's.", code="person_known")


def _record(by: By, kind: str, person: Person, change: AddressChange) -> None:
    concerns = agencies_of(person.pk)
    tell = [Tell(kind, person.pk)]
    record_event(by, kind, change, concerns=concerns, tell=tell, person=person.pk)
