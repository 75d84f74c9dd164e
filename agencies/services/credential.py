"""Credentials are recorded and revoked; what is needed is said and taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from django.db import transaction

from agencies.authority import By, is_administrator
from agencies.charge import require_charge_of_person, require_own_people
from agencies.clock import database_time
from agencies.codes import Role
from agencies.codetable import codes
from agencies.credentials import hold_requirements, keep_credentials_until
from agencies.lacking import agencies_lacking, count_lacking
from agencies.lines import line, one_of
from agencies.models import (
    Agency,
    Credential,
    CredentialRequirement,
    Person,
    RequirementWarning,
)
from agencies.posts import agencies_of
from agencies.refusals import Conflict, Invalid, NotAllowed
from agencies.warnings import GATING, steps_passed
from ledger.services import Tell, record_event


@transaction.atomic
def record_credential(
    by: By,
    person: Person,
    *,
    kind: str,
    issuer: str,
    issued_on: date,
    expires_on: date,
    number: str = "",
) -> Credential:
    """Write that a person has a credential until the end of a day; posts it opens open at once."""
    require_charge_of_person(by, person)
    values = {
        "kind": one_of("kind", kind, codes("credentials")),
        "issuer": line("issuer", issuer, longest=120),
        "number": line("number", number, longest=60, may_be_empty=True),
        "issued_on": issued_on,
    }
    _require_days(issued_on, expires_on)
    person = Person.objects.select_for_update().get(pk=person.pk)
    made = Credential.objects.create(
        person=person,
        recorded_by_id=by.person_id,
        expires_at=datetime.combine(expires_on, time(23, 59, 59), UTC),
        **values,
    )
    keep_credentials_until(person=person.pk)
    _record(by, "credential.recorded", made)
    return made


@transaction.atomic
def revoke_credential(by: By, credential: Credential) -> Credential:
    """Have a credential count no more, from now on.  Idempotent."""
    require_charge_of_person(by, credential.person)
    Person.objects.select_for_update().get(pk=credential.person_id)
    found = Credential.objects.get(pk=credential.pk)
    if found.revoked_at is None:
        found.revoked_at = database_time()
        found.save(update_fields=["revoked_at"])
        keep_credentials_until(person=found.person_id)
        _record(by, "credential.revoked", found)
    return found


@transaction.atomic
def require_credential(
    by: By,
    *,
    kind: str,
    role: str = "",
    agency: Agency | None = None,
    gates_from: datetime | None = None,
) -> CredentialRequirement:
    """Have posts take a credential: of a role or any, in an agency or all; from a moment, or now.

    Whoever does not have it then is shut out until it is recorded; they are told.  Idempotent;
    Conflict where it is required from another moment.
    """
    may_require(by, agency)
    one_of("kind", kind, codes("credentials"))
    if role:
        one_of("role", role, Role.values)
    hold_requirements()
    now = database_time()
    made, new = CredentialRequirement.objects.get_or_create(
        kind=kind,
        role=role,
        agency=agency,
        defaults={
            "gates_from": max(gates_from or now, now),
            "required_by_id": by.person_id,
            "by_portal": is_administrator(by),
        },
    )
    if new:
        _put_into_effect(by, made, now)
    elif gates_from is not None and gates_from != made.gates_from:
        raise Conflict(
            f"This is required already, from {made.gates_from:%-d %b %Y}. Take that back first.",
            code="required",
        )
    return made


@transaction.atomic
def waive_credential(by: By, requirement: CredentialRequirement) -> None:
    """Have posts take a credential no more.  Idempotent."""
    may_waive(by, requirement)
    hold_requirements()
    found = CredentialRequirement.objects.filter(pk=requirement.pk).first()
    if found is not None:
        found.delete()
        found.pk = requirement.pk
        keep_credentials_until()
        _record_requirement(by, "credential.waived", found)


def may_require(by: By, agency: Agency | None) -> None:
    """Raise unless *by* may: an agency asks more of its own; what all are asked is not its."""
    if is_administrator(by):
        return
    if agency is None:
        raise NotAllowed("What every agency needs takes a portal administrator.", code="role")
    require_own_people(by, agency.pk)


def may_waive(by: By, requirement: CredentialRequirement) -> None:
    """Raise unless *by* may: what an administrator asks of an agency, the agency does not waive."""
    may_require(by, requirement.agency)
    if requirement.by_portal and not is_administrator(by):
        raise NotAllowed("A portal administrator asked for this; they take it back.", code="higher")


def _require_days(issued_on: date, expires_on: date) -> None:
    today = database_time().date()
    if issued_on > today:
        raise Invalid({"issued_on": "This day is yet to come."})
    if expires_on <= issued_on:
        raise Invalid({"expires_on": "It ends after the day of issue."})


def _put_into_effect(by: By, requirement: CredentialRequirement, now: datetime) -> None:
    """Have posts wait for what is newly required, with the warnings whose day is past as given."""
    keep_credentials_until()
    RequirementWarning.objects.bulk_create(
        RequirementWarning(requirement=requirement, days=days)
        for days in steps_passed(requirement.gates_from, now)
    )
    lacking = count_lacking(requirement)
    _record_requirement(by, "credential.required", requirement, lacking=lacking)


def _record(by: By, kind: str, credential: Credential) -> None:
    record_event(
        by,
        kind,
        credential,
        concerns=agencies_of(credential.person_id),
        person=credential.person_id,
        credential=credential.kind,
        expires=credential.expires_at,
    )


def _record_requirement(
    by: By, kind: str, requirement: CredentialRequirement, **facts: Any
) -> None:
    """Write it, and have whoever lacks what is newly required told."""
    tell = [Tell(GATING, agency) for agency in agencies_lacking(requirement)] if facts else []
    record_event(
        by,
        kind,
        requirement,
        concerns=[requirement.agency_id] if requirement.agency_id else [],
        tell=tell,
        credential=requirement.kind,
        role=requirement.role,
        gates=requirement.gates_from,
        **facts,
    )
