"""Who does what for a new agency, and its pilot: the last steps before it is active."""

from __future__ import annotations

from django.db import transaction

from agencies.authority import By, require_administrator
from agencies.clock import database_time
from agencies.codes import AgencyStatus, Role, Sensitivity
from agencies.lines import email_address, line, one_of
from agencies.models import Agency, Contact, Membership, Onboarding
from agencies.onboarding.figures import PILOT, RECERTIFIED_FOR
from agencies.onboarding.telling import COORDINATORS_WELCOME
from agencies.own_way import OWN, PASSWORD
from agencies.posts import unended
from agencies.refusals import Conflict
from agencies.services.membership import add_membership
from agencies.services.person import admit_person
from agencies.services.step import current_onboarding, held_agency, take_step
from agencies.standing import WAY
from ledger.services import Tell, record_event

Duty = Contact.Duty
COORDINATING = (Duty.COORDINATOR, Duty.ALTERNATE_COORDINATOR)
NAMEABLE = WAY[: WAY.index(AgencyStatus.PILOT)]
"""Statuses in which an agency has no coordinators of its own yet."""

SIGN_IN = {
    PASSWORD: "Passwords and a second factor here",
    OWN: "Its own identity provider alone, once that is set up and confirmed",
}


@transaction.atomic
def name_contact(
    by: By, agency: Agency, *, duty: str, name: str, email: str, phone: str = ""
) -> Contact:
    """Name who does something for an agency; whoever was named before gives way.

    A coordinator who was appointed already is not replaced here.
    """
    require_administrator(by)
    agency = held_agency(agency)
    if agency.status not in NAMEABLE:
        raise Conflict("Its own coordinators run its people now.", code="agency_status")
    onboarding = current_onboarding(agency)
    duty = one_of("duty", duty, Duty.values)
    if onboarding.contacts.filter(duty=duty, post__isnull=False).exists():
        raise Conflict("Somebody was appointed to this already.", code="appointed")
    contact, _ = Contact.objects.update_or_create(
        onboarding=onboarding,
        duty=duty,
        defaults={
            "name": line("name", name, longest=120),
            "email": email_address(email),
            "phone": line("phone", phone, longest=40, may_be_empty=True),
        },
    )
    record_event(by, "contact.named", contact, concerns=[agency.pk], duty=duty)
    return contact


@transaction.atomic
def appoint_coordinators(by: By, agency: Agency) -> list[Membership]:
    """Give both coordinators their post, and mail them where to choose a password.

    They are two different people.  Idempotent.
    """
    require_administrator(by)
    agency = held_agency(agency)
    if agency.status != AgencyStatus.PROVISIONING:
        raise Conflict("Coordinators are appointed once the board has decided.")
    named = list(current_onboarding(agency).contacts.filter(duty__in=COORDINATING).order_by("duty"))
    if len({one.email for one in named}) < len(COORDINATING):
        raise Conflict(
            "Name a coordinator and an alternate first: two people, so that nobody is alone."
        )
    return [_appointed(by, agency, one) for one in named]


def _appointed(by: By, agency: Agency, contact: Contact) -> Membership:
    if contact.post is not None:
        return contact.post
    contact.post = _nominated(agency, contact) or add_membership(
        by,
        admit_person(by, email=contact.email, name=contact.name),
        agency,
        roles=[Role.COORDINATOR],
        ceiling=Sensitivity.ROUTINE,
    )
    contact.save(update_fields=["post"])
    record_event(
        by,
        "coordinator.appointed",
        contact,
        concerns=[agency.pk],
        tell=[Tell(COORDINATORS_WELCOME, contact.pk)],
        duty=contact.duty,
    )
    return contact.post


def _nominated(agency: Agency, contact: Contact) -> Membership | None:
    """Return the post that somebody of another agency came to as its coordinator, if they did."""
    posts = Membership.objects.filter(unended(), agency=agency).holding(Role.COORDINATOR)
    return posts.filter(person__email__iexact=contact.email).first()


@transaction.atomic
def settle_particulars(by: By, agency: Agency, *, duty_desk: str, sign_in: str) -> Onboarding:
    """Record the duty desk's telephone and how the agency's people sign in."""
    require_administrator(by)
    agency = held_agency(agency)
    if agency.status != AgencyStatus.PROVISIONING:
        raise Conflict("This is settled once the board has decided.", code="agency_status")
    agency.contact = line("duty_desk", duty_desk, longest=80)
    agency.version += 1
    agency.save(update_fields=["contact", "version"])
    onboarding = current_onboarding(agency)
    onboarding.sign_in = one_of("sign_in", sign_in, SIGN_IN)
    onboarding.save(update_fields=["sign_in"])
    record_event(by, "agency.provisioned", agency, concerns=[agency.pk], sign_in=sign_in)
    return onboarding


def missing_for_pilot(agency: Agency, onboarding: Onboarding) -> list[str]:
    """Return, a sentence each, what must be there before the pilot begins."""
    contacts = {one.duty: one for one in onboarding.contacts.all()}
    found = [
        f"Name the {Duty(duty).label.lower()}." for duty in Duty.values if duty not in contacts
    ]
    if any(one.post_id is None for one in contacts.values() if one.duty in COORDINATING):
        found.append("Appoint the coordinators.")
    liaisons = [one.email for one in contacts.values() if one.duty not in COORDINATING]
    if len(liaisons) > len(set(liaisons)):
        found.append("Primary and alternate liaison are two people.")
    if not agency.contact or not onboarding.sign_in:
        found.append("Give the duty desk's telephone and how people sign in.")
    return found


@transaction.atomic
def start_pilot(by: By, agency: Agency) -> Onboarding:
    """Let a provisioned agency give and receive, watched, for the days of the pilot."""
    require_administrator(by)
    agency = held_agency(agency)
    onboarding = current_onboarding(agency)
    missing = missing_for_pilot(agency, onboarding)
    if agency.status == AgencyStatus.PROVISIONING and missing:
        raise Conflict(" ".join(missing), code="not_ready")
    now = database_time()
    onboarding.pilot_ends_at, onboarding.recertify_by = now + PILOT, now + RECERTIFIED_FOR
    onboarding.save(update_fields=["pilot_ends_at", "recertify_by"])
    take_step(by, agency, "start_pilot", ends=onboarding.pilot_ends_at)
    return onboarding


def missing_for_activation(agency: Agency, onboarding: Onboarding) -> list[str]:
    """Return, a sentence each, what must be there before the agency is active."""
    found = []
    ends = onboarding.pilot_ends_at
    if ends is not None and ends > database_time():
        found.append(f"The pilot runs until {ends:%-d %b %Y}.")
    posts = Membership.objects.acting().filter(agency=agency)
    for role, words in {
        Role.SUPERVISOR: "nobody holds release authority",
        Role.LIAISON: "nobody holds the duty desk",
    }.items():
        if not posts.holding(role).exists():
            found.append(f"Its coordinator appoints people under People; {words} yet.")
    if posts.values("person").distinct().count() < len(COORDINATING):
        found.append("At least two people hold its posts, so that one can decide on the other's.")
    return found


@transaction.atomic
def activate_agency(by: By, agency: Agency) -> Onboarding:
    """End the pilot: the agency is a member like any other."""
    require_administrator(by)
    agency = held_agency(agency)
    onboarding = current_onboarding(agency)
    missing = missing_for_activation(agency, onboarding)
    if agency.status == AgencyStatus.PILOT and missing:
        raise Conflict(" ".join(missing), code="not_ready")
    onboarding.activated_at = database_time()
    onboarding.save(update_fields=["activated_at"])
    take_step(by, agency, "activate")
    return onboarding
