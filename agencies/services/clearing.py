"""Whoever has lost every second factor gets in again: one asks, another confirms, they add anew.

CJISSECPOL 6.0 IA-5(d) asks for a procedure for lost authenticators.  None alone clears anything.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from agencies.authority import By, is_administrator
from agencies.codes import Role
from agencies.codetable import is_code
from agencies.factors import factors_of
from agencies.lines import line
from agencies.models import FactorClearing, Membership, Person
from agencies.posts import agencies_ever_of, unended
from agencies.refusals import Conflict, Invalid, NotAllowed
from agencies.services.looking_after import looks_after, one_of_two, require_looks_after
from agencies.services.securing import revoke_tokens
from agencies.services.session import close_sessions
from ledger.services import Tell, record_event

REASONS, CHECKS = "factor_losses", "identity_checks"
"""Code tables: how the factors were lost, and how the asker made sure who it was."""

ASKED, TO_CONFIRM, CLEARED = "mail.clearing_asked", "mail.clearing_waits", "mail.factors_cleared"
"""Kinds of message: to the person, to whoever may confirm, and to the person at the end."""

NOTICE = "account.clearing"
"""The kind that tells coordinators in the portal."""


@transaction.atomic
def propose_clearing(
    by: By, person: Person, *, reason_code: str, checked_how: str, words: str = ""
) -> FactorClearing:
    """Ask to clear the second factors of *person*; nothing changes until a second one confirms.

    Whoever asks says why and how they made sure who it was.
    """
    person = _clearable(by, person)
    said = {"reason_code": (REASONS, reason_code), "checked_how": (CHECKS, checked_how)}
    wrong = {name: "Choose one of these." for name, pair in said.items() if not is_code(*pair)}
    if wrong:
        raise Invalid(wrong)
    if not factors_of(person).exists():
        raise Conflict("They have no second factor: at their next sign-in they add one.")
    if open_clearing(person) is not None:
        raise Conflict("Somebody asked for this already.", code="proposed")
    _close_all(person)
    made = FactorClearing.objects.create(
        person=person,
        reason_code=reason_code,
        checked_how=checked_how,
        words=line("words", words, longest=300, may_be_empty=True),
        proposed_by_id=one_of_two(by),
    )
    agencies = agencies_ever_of(person)
    seconds = [Tell(NOTICE, agency, Role.COORDINATOR) for agency in agencies]
    record_event(
        by,
        "person.clearing_proposed",
        person,
        concerns=agencies,
        tell=[Tell(ASKED, person.pk), Tell(TO_CONFIRM, person.pk), *seconds],
        reason=reason_code,
        checked=checked_how,
    )
    return made


@transaction.atomic
def confirm_clearing(by: By, person: Person, *, proposal: UUID) -> Person:
    """Clear what somebody else asked to clear, and end what was open by it.

    *proposal* is the one that was read: a later one is not confirmed in its stead.
    """
    person = _clearable(by, person)
    found = open_clearing(person)
    if found is None or found.pk != proposal:
        raise Conflict("Nobody asks for this any more, or somebody else does.", code="not_proposed")
    if found.proposed_by_id == by.person_id:
        raise NotAllowed("You asked for it; somebody else confirms it.", code="self")
    FactorClearing.objects.filter(pk=found.pk).update(confirmed_by=one_of_two(by), closed_at=Now())
    factors = factors_of(person).count()
    Authenticator.objects.filter(user=person).delete()
    record_event(
        by,
        "person.factors_cleared",
        person,
        concerns=agencies_ever_of(person),
        tell=[Tell(CLEARED, person.pk)],
        proposed_by=found.proposed_by_id,
        reason=found.reason_code,
        checked=found.checked_how,
        factors=factors,
        sessions=close_sessions(person),
        tokens=revoke_tokens(by, person),
    )
    return person


@transaction.atomic
def withdraw_clearing(by: By, person: Person) -> None:
    """Take back what was asked: the person themselves, or whoever may ask.  Idempotent.

    Whoever signs in with the factor that is said to be lost stops it so.
    """
    if by.person_id != person.pk:
        require_clears(by, person)
    person = Person.objects.select_for_update().get(pk=person.pk)
    if _close_all(person):
        record_event(by, "person.clearing_withdrawn", person, concerns=agencies_ever_of(person))


def clears(by: By, person: Person) -> bool:
    """Return whether *by* may have a part in clearing the factors of *person*, not their own.

    An administrator, or the coordinator of an agency of theirs; of another coordinator, as of an
    administrator, administrators alone.
    """
    if by.person_id == person.pk or not looks_after(by, person):
        return False
    return is_administrator(by) or not _is_coordinator_somewhere(person)


def require_clears(by: By, person: Person) -> None:
    """Raise NotVisible or NotAllowed unless *by* may have a part in it."""
    require_looks_after(by, person)
    if not clears(by, person):
        raise NotAllowed(
            "The second factors of a coordinator are cleared by portal administrators.",
            code="higher",
        )


def open_clearing(person: Person) -> FactorClearing | None:
    """Return what waits for a second one, if whoever asked may still ask."""
    waits = timedelta(seconds=settings.CLEARING_OPEN_SECONDS)
    found = (
        FactorClearing.objects.filter(
            person=person, closed_at__isnull=True, proposed_at__gt=Now() - waits
        )
        .select_related("proposed_by")
        .first()
    )
    return found if found is not None and _may_still_ask(found.proposed_by, person) else None


def those_who_confirm(person: Person, proposal: FactorClearing) -> list[Person]:
    """Return who may confirm: coordinators of the person's agencies, else administrators."""
    others = Person.objects.filter(is_active=True).exclude(
        pk__in=[person.pk, proposal.proposed_by_id]
    )
    if not _is_coordinator_somewhere(person):
        own = person.memberships.filter(unended()).values("agency")
        posts = Membership.objects.acting().holding(Role.COORDINATOR).filter(agency__in=own)
        coordinators = list(others.filter(pk__in=posts.values("person")).order_by("pk"))
        if coordinators:
            return coordinators
    return list(others.filter(is_staff=True).order_by("pk"))


def _may_still_ask(asker: Person, person: Person) -> bool:
    """Return whether *asker*, under whichever post, still looks after *person*."""
    if not asker.is_active:
        return False
    if asker.is_staff:
        return True
    own = person.memberships.filter(unended()).values("agency")
    posts = Membership.objects.acting().holding(Role.COORDINATOR).filter(person=asker)
    return not _is_coordinator_somewhere(person) and posts.filter(agency__in=own).exists()


def _is_coordinator_somewhere(person: Person) -> bool:
    held = person.memberships.filter(unended(), roles__contains=[Role.COORDINATOR])
    return person.is_staff or held.exists()


def _clearable(by: By, person: Person) -> Person:
    """Return *person*, locked, if *by* may have a part in it and they are not disabled."""
    require_clears(by, person)
    one_of_two(by)
    person = Person.objects.select_for_update().get(pk=person.pk)
    if not person.is_active:
        raise Conflict("They are disabled: enabling comes first.", code="person_disabled")
    return person


def _close_all(person: Person) -> int:
    return FactorClearing.objects.filter(person=person, closed_at__isnull=True).update(
        closed_at=Now()
    )
