"""People become known to the portal."""

from __future__ import annotations

from django.db import transaction

from agencies.authority import By, is_coordinator, is_portal, require_administrator
from agencies.authority import is_administrator as is_administrator_of_portal
from agencies.lines import email_address, line
from agencies.models import Person
from agencies.refusals import Conflict, NotAllowed
from ledger.services import record_event


@transaction.atomic
def admit_person(
    by: By,
    *,
    email: str,
    name: str,
    password: str | None = None,
    is_administrator: bool = False,
) -> Person:
    """Make a person known; whoever has that e-mail already is returned as they are.

    Only the portal's own commands set a password: anyone else would hold it too.  Without one the
    person sets it by the link that a password reset sends.
    """
    _may_admit(by, password=password, is_administrator=is_administrator)
    email, name = email_address(email), line("name", name, longest=120)
    known = Person.objects.select_for_update().filter(email__iexact=email).first()
    if known is not None:
        if known.is_staff != is_administrator:
            raise Conflict(
                "That e-mail address is known, and an administrator's account is one of its own.",
                code="person_known",
            )
        return known
    person = Person.objects.create_user(email, password, name=name, is_staff=is_administrator)
    kind = "person.made_administrator" if is_administrator else "person.admitted"
    record_event(by, kind, person, concerns=[by.agency_id] if by.agency_id else [])
    return person


def _may_admit(by: By, *, password: str | None, is_administrator: bool) -> None:
    if is_portal(by):
        return
    if password is not None:
        raise NotAllowed("People set their own password, by the link of a password reset.")
    if is_administrator:
        require_administrator(by)
    elif not is_administrator_of_portal(by) and not is_coordinator(by):
        raise NotAllowed("This takes an agency coordinator or a portal administrator.", code="role")
