"""The agencies, people, agreements and task forces of a world file."""

from __future__ import annotations

from typing import Any

from agencies.codes import AgencyStatus, Level, Sensitivity
from agencies.factors import APP, factors_of
from agencies.models import Agency, Membership
from agencies.services import (
    add_membership,
    admit_person,
    conclude_agreement,
    conclude_participation,
    form_task_force,
    list_agency,
    register_agency,
    second,
    set_agency_status,
)
from agencies.services.factor import add_authenticator_app
from cases.world.cast import PORTAL, Cast
from cases.world.entries import BrokenWorld, Entry

LATER = (AgencyStatus.SUSPENDED, AgencyStatus.LIMITED_ACCESS, AgencyStatus.CLOSED)
"""Statuses that an agency gets when everything else is loaded: until then its people act."""


def load_agency(cast: Cast, entry: Entry) -> None:
    """Bring an agency on board, or only into the directory."""
    entry.knows(
        "short_name", "name", "ori", "kind", "tier", "status", "contact", "time_zone", "key"
    )
    status = entry.text("status", AgencyStatus.ACTIVE)
    if status not in AgencyStatus.values:
        raise BrokenWorld(f'{entry.place}: "{status}" is no status of an agency.')
    with entry.blamed():
        agency = _registered(entry, status)
    name = entry.text("short_name")
    if name in cast.agencies:
        raise BrokenWorld(f'{entry.place}: there are two agencies "{name}".')
    cast.agencies[name] = agency
    cast.remember(entry, agency.pk)


def _registered(entry: Entry, status: str) -> Agency:
    values: dict[str, Any] = {
        "short_name": entry.text("short_name"),
        "name": entry.text("name"),
        "ori": entry.text("ori", None) or None,
        "kind": entry.text("kind", "municipal"),
        "tier": entry.text("tier", "full"),
        "contact": entry.text("contact", ""),
    }
    if status == AgencyStatus.DIRECTORY:
        return list_agency(PORTAL, **values)
    first = AgencyStatus.ACTIVE if status in LATER else status
    return register_agency(PORTAL, **values, status=first, time_zone=entry.text("time_zone", "UTC"))


def settle_agency(cast: Cast, entry: Entry) -> None:
    """Give an agency the status that it would not have loaded under."""
    status = entry.text("status", AgencyStatus.ACTIVE)
    if status in LATER:
        with entry.blamed():
            set_agency_status(PORTAL, cast.agency(entry, entry.text("short_name")), status=status)


def load_person(cast: Cast, entry: Entry) -> None:
    """Admit a person with their memberships; an authenticator app where the file has its key."""
    entry.knows("email", "name", "password", "totp_secret", "administrator", "memberships", "key")
    email = entry.text("email")
    if email in cast.people:
        raise BrokenWorld(f'{entry.place}: there are two people "{email}".')
    secret = entry.text("totp_secret", None)
    with entry.blamed():
        person = admit_person(
            PORTAL,
            email=email,
            name=entry.text("name"),
            password=entry.text("password", None) or None,
            is_administrator=entry.flag("administrator"),
        )
        if secret and not factors_of(person).filter(type=APP).exists():
            add_authenticator_app(PORTAL, person, secret=secret)
    cast.people[email] = person
    cast.hats[email] = []
    cast.remember(entry, person.pk)
    for post in entry.entries("memberships"):
        _load_membership(cast, email, Entry(f"{entry.place}, {post.place}", post.values))


def _load_membership(cast: Cast, email: str, entry: Entry) -> None:
    entry.knows("agency", "roles", "ceiling")
    ceiling = entry.text("ceiling", Sensitivity.SENSITIVE.code).upper()
    if ceiling not in Sensitivity.__members__:
        raise BrokenWorld(f'{entry.place}: "{ceiling.lower()}" is no ceiling.')
    with entry.blamed():
        post = add_membership(
            PORTAL,
            cast.people[email],
            cast.agency(entry, entry.text("agency")),
            roles=entry.texts("roles"),
            ceiling=Sensitivity[ceiling],
        )
    cast.hats[email].append(post)


def load_agreement(cast: Cast, entry: Entry) -> None:
    """Conclude an agreement between agencies of the world."""
    entry.knows(
        "key",
        "title",
        "number",
        "parties",
        "categories",
        "purposes",
        "level",
        "onward",
        "effective",
        "expires",
    )
    with entry.blamed():
        agreement = conclude_agreement(
            PORTAL,
            title=entry.text("title"),
            number=entry.text("number", None) or None,
            parties=[cast.agency(entry, name) for name in entry.texts("parties")],
            categories=entry.texts("categories"),
            purposes=entry.texts("purposes"),
            level=level(entry, entry.text("level", "view")),
            onward=entry.text("onward", "consent"),
            effective_at=entry.moment("effective", "-1d"),
            expires_at=entry.moment("expires", "+365d"),
        )
    cast.remember(entry, agreement.pk)
    cast.agreements[entry.key or agreement.number] = agreement


def load_participation(world: Entry) -> None:
    """Have every active agency sign the participation agreement, where the world says so."""
    if world.flag("participation"):
        with world.blamed():
            conclude_participation(PORTAL)


def load_task_force(cast: Cast, entry: Entry) -> None:
    """Form a task force and second its members."""
    entry.knows("short_name", "name", "lead", "agreement", "members", "key")
    name = entry.text("short_name")
    if name in cast.agencies or name in cast.task_forces:
        raise BrokenWorld(f'{entry.place}: the name "{name}" is taken.')
    with entry.blamed():
        force = form_task_force(
            PORTAL,
            short_name=name,
            name=entry.text("name"),
            lead=cast.agency(entry, entry.text("lead")),
            agreement=cast.agreement(entry, entry.text("agreement")),
        )
        for member in entry.entries("members"):
            member.knows("email", "agency")
            agency = (
                cast.agency(member, member.text("agency")) if "agency" in member.values else None
            )
            second(PORTAL, force, sole_hat(cast, member, member.text("email"), agency))
    cast.task_forces[name] = force
    cast.remember(entry, force.pk)


def sole_hat(cast: Cast, entry: Entry, email: str, agency: Agency | None) -> Membership:
    """Return a person's membership; refused where there are several and no agency is named."""
    hat = cast.hat(entry, email, agency.pk if agency else None)
    if agency is None and len(cast.hats[email]) > 1:
        raise BrokenWorld(f'{entry.place}: {email} has several memberships; name the "agency".')
    return hat


def level(entry: Entry, code: str) -> Level:
    """Return the level that a code names; an owner's own cannot be given."""
    given = [one for one in Level if one != Level.MANAGE]
    for one in given:
        if one.code == code:
            return one
    known = ", ".join(one.code for one in given)
    raise BrokenWorld(f'{entry.place}: "{code}" is no level; give one of {known}.')
