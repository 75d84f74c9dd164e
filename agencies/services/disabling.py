"""Shutting somebody out takes one person and no time; letting them in again takes two."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from agencies.authority import By
from agencies.codetable import is_code
from agencies.models import Enabling, FactorClearing, Person
from agencies.posts import agencies_ever_of
from agencies.refusals import Conflict, Invalid, NotAllowed
from agencies.services.looking_after import RESTRICTING, one_of_two, require_looks_after
from agencies.services.securing import revoke_tokens
from agencies.services.session import close_sessions
from ledger.services import record_event

REASONS = "disable_reasons"


@transaction.atomic
def disable_person(by: By, person: Person, *, reason_code: str = "") -> Person:
    """Shut a person out at once, under every post, ending sessions and tokens.  Idempotent.

    An administrator does it, or the coordinator, a supervisor or the duty desk of an agency where
    the person has a post; whoever is shut out by hand is so for a reason.
    """
    require_looks_after(by, person, *RESTRICTING)
    if reason_code and not is_code(REASONS, reason_code):
        raise Invalid({"reason_code": "Choose one of the reasons."})
    person = Person.objects.select_for_update().get(pk=person.pk)
    Enabling.objects.filter(person=person, closed_at__isnull=True).update(closed_at=Now())
    FactorClearing.objects.filter(person=person, closed_at__isnull=True).update(closed_at=Now())
    if person.is_active:
        person.is_active = False
        person.save(update_fields=["is_active"])
        sessions, tokens = close_sessions(person), revoke_tokens(by, person)
        record_event(
            by,
            "person.disabled",
            person,
            concerns=agencies_ever_of(person),
            reason=reason_code,
            sessions=sessions,
            tokens=tokens,
        )
    return person


@transaction.atomic
def propose_enabling(by: By, person: Person) -> Enabling:
    """Propose to let a disabled person in again; nothing changes until a second one confirms."""
    person = _disabled(by, person)
    open_one = open_enabling(person)
    if open_one is not None:
        if open_one.proposed_by_id == by.person_id:
            return open_one
        raise Conflict("Somebody proposed this already: confirm it.", code="proposed")
    Enabling.objects.filter(person=person, closed_at__isnull=True).update(closed_at=Now())
    made = Enabling.objects.create(person=person, proposed_by_id=one_of_two(by))
    record_event(by, "person.enabling_proposed", person, concerns=agencies_ever_of(person))
    return made


@transaction.atomic
def confirm_enabling(by: By, person: Person) -> Person:
    """Let a person in again whom somebody else proposed to.  What ended meanwhile stays ended."""
    person = _disabled(by, person)
    proposal = open_enabling(person)
    if proposal is None:
        raise Conflict("Nobody has proposed this, or too long ago.", code="not_proposed")
    if proposal.proposed_by_id == by.person_id:
        raise NotAllowed("You proposed it; somebody else confirms it.", code="self")
    Enabling.objects.filter(pk=proposal.pk).update(confirmed_by=by.person_id, closed_at=Now())
    person.is_active = True
    person.save(update_fields=["is_active"])
    record_event(
        by,
        "person.enabled",
        person,
        concerns=agencies_ever_of(person),
        proposed_by=proposal.proposed_by_id,
    )
    return person


def open_enabling(person: Person) -> Enabling | None:
    """Return the proposal that waits for a second one, of somebody who is not shut out now."""
    waits = timedelta(seconds=settings.ENABLING_OPEN_SECONDS)
    found = Enabling.objects.filter(
        person=person,
        closed_at__isnull=True,
        proposed_at__gt=Now() - waits,
        proposed_by__is_active=True,
    )
    return found.select_related("proposed_by").first()


def _disabled(by: By, person: Person) -> Person:
    """Return *person*, locked, if *by* may have a part in enabling them and they are disabled."""
    require_looks_after(by, person, *RESTRICTING)
    one_of_two(by)
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.is_active:
        raise Conflict("This person is not disabled.", code="person_enabled")
    return person
