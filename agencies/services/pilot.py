"""Who does what for a new agency, and its pilot: the last steps before it is active."""

from __future__ import annotations

from django.db import transaction

from agencies.authority import By, require_administrator
from agencies.clock import database_time
from agencies.codes import AgencyStatus, Role, Sensitivity
from agencies.lines import email_address, line, one_of
from agencies.models import Agency, Contact, Membership, Nomination, Onboarding
from agencies.onboarding.figures import PILOT, RECERTIFIED_FOR
from agencies.onboarding.named import COORDINATING, Duty, coordinators, named_for
from agencies.own_way import OWN, PASSWORD
from agencies.refusals import Conflict
from agencies.services.nomination import nominate
from agencies.services.step import current_onboarding, held_agency, take_step
from agencies.standing import WAY
from ledger.services import record_event

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

    A coordinator who was appointed, or asked and has not answered, is not replaced here.
    """
    require_administrator(by)
    agency = held_agency(agency)
    if agency.status not in NAMEABLE:
        raise Conflict("Its own coordinators run its people now.", code="agency_status")
    onboarding = current_onboarding(agency)
    duty = one_of("duty", duty, Duty.values)
    _require_free(onboarding, duty)
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


def _require_free(onboarding: Onboarding, duty: str) -> None:
    now = next((one for one in named_for(onboarding) if one.contact.duty == duty), None)
    if now is None or now.is_free:
        return
    if now.post is not None:
        raise Conflict("Somebody was appointed to this already.", code="appointed")
    raise Conflict(
        f"{now.contact.name} was asked already. A portal administrator can take that back first.",
        code="asked",
    )


@transaction.atomic
def appoint_coordinators(by: By, agency: Agency) -> list[Nomination]:
    """Nominate both coordinators: they are mailed a link, and have the post once they say yes.

    They are two different people.  Idempotent: who has the post, or still has time to answer, is
    not asked again.  Returns the nominations made.
    """
    require_administrator(by)
    agency = held_agency(agency)
    if agency.status != AgencyStatus.PROVISIONING:
        raise Conflict("Coordinators are appointed once the board has decided.")
    named = coordinators(named_for(current_onboarding(agency)))
    if len({one.contact.email for one in named}) < len(COORDINATING):
        raise Conflict(
            "Name a coordinator and an alternate first: two people, so that nobody is alone."
        )
    return [_nominated(by, agency, one.contact) for one in named if one.is_free]


def _nominated(by: By, agency: Agency, contact: Contact) -> Nomination:
    return nominate(
        by,
        agency,
        email=contact.email,
        name=contact.name,
        roles=[Role.COORDINATOR],
        ceiling=Sensitivity.ROUTINE,
    )


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
    named = named_for(onboarding)
    duties = {one.contact.duty for one in named}
    found = [f"Name the {Duty(duty).label.lower()}." for duty in Duty.values if duty not in duties]
    found += dict.fromkeys(one.missing for one in named if one.missing)
    liaisons = [one.contact.email for one in named if not one.coordinates]
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
    _keep_posts(onboarding)
    now = database_time()
    onboarding.pilot_ends_at, onboarding.recertify_by = now + PILOT, now + RECERTIFIED_FOR
    onboarding.save(update_fields=["pilot_ends_at", "recertify_by"])
    take_step(by, agency, "start_pilot", ends=onboarding.pilot_ends_at)
    return onboarding


def _keep_posts(onboarding: Onboarding) -> None:
    """Note with which posts the coordinators began."""
    for one in coordinators(named_for(onboarding)):
        Contact.objects.filter(pk=one.contact.pk).update(post=one.post)


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
