"""Applications and agencies on their way, brought as far as a test needs them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from agencies.actors import Actor
from agencies.models import Agency, Application, Nomination, Person
from agencies.onboarding.evidence import evidence_of
from agencies.onboarding.questions import TOPICS
from agencies.services import (
    accept_as_new,
    accept_nomination,
    activate_agency,
    answer_question,
    appoint_coordinators,
    assign_tier,
    confirm_application,
    name_contact,
    record_signature,
    review_answer,
    send_agreements,
    send_application,
    settle_particulars,
    start_pilot,
    take_up_application,
    verify_authority,
    vote_on_agency,
)
from tests.agencies.cast import PASSWORD, PORTAL, Cast, known

PDF = b"%PDF-1.7\n1 0 obj\n"

TYPED: dict[str, Any] = {
    "agency_name": "Lake Town Police",
    "kind": "municipal",
    "ori": "zz0090000",
    "applicant": "Al Reed",
    "title": "Sergeant",
    "email": "Al@lake.example",
    "phone": "+1 555 0190",
}


def applied(**changes: Any) -> Application:
    """Return an application whose e-mail address is verified."""
    sent = send_application(sent_from="somewhere", **{**TYPED, **changes})
    assert sent is not None
    return confirm_application(sent)


def taken_up(cast: Cast, **changes: Any) -> Agency:
    """Return an agency at the first step."""
    values = {"short_name": "lake", "name": "Lake PD", "kind": "municipal", "time_zone": "UTC"}
    return take_up_application(cast.root, applied(), **{**values, **changes})


def another_administrator(name: str = "rita") -> Actor:
    """Return a second portal administrator."""
    return Actor(person_id=known(name, is_administrator=True).pk, is_administrator=True)


def verify(cast: Cast, agency: Agency) -> None:
    verify_authority(
        cast.root, agency, means="called", reached_at="+1 555 0100", spoke_to="Chief Moss"
    )


def tier(cast: Cast, agency: Agency) -> None:
    assign_tier(cast.root, agency, tier="full", reason="A police department.")


def send(cast: Cast, agency: Agency) -> None:
    send_agreements(cast.root, agency)


def sign(cast: Cast, agency: Agency) -> None:
    day = datetime.now(UTC).date()
    record_signature(cast.root, agency, signer="Chief Moss", title="Chief", signed_on=day)


def answer(by: Any, agency: Agency, topic: str, **changes: Any) -> Any:
    """Answer one question."""
    return answer_question(by, agency, topic=topic, **{"says": "met", "text": "So.", **changes})


def comply(cast: Cast, agency: Agency) -> None:
    for topic in TOPICS:
        answer(PORTAL, agency, topic)
        review_answer(cast.root, agency, topic=topic, outcome="accepted")


def admit(cast: Cast, agency: Agency) -> None:
    vote_on_agency(cast.root, agency, admits=True)
    vote_on_agency(another_administrator(), agency, admits=True)


NAMED = {
    "coordinator": "kay",
    "alternate_coordinator": "lou",
    "liaison": "kay",
    "alternate_liaison": "lou",
}


def provision(cast: Cast, agency: Agency) -> None:
    """Name two people for everything, and have them appointed."""
    for duty, name in NAMED.items():
        name_contact(
            PORTAL, agency, duty=duty, name=name.title(), email=f"{name}@lake.example", phone=""
        )
    settle_particulars(cast.root, agency, duty_desk="+1 555 0199", sign_in="password")
    for one in appoint_coordinators(cast.root, agency):
        say_yes(one)


def say_yes(nomination: Nomination) -> Nomination:
    """Have whoever is nominated accept, as somebody new or with the account that they have."""
    known_as = Person.objects.filter(email__iexact=nomination.email).first()
    if known_as is None:
        return accept_as_new(nomination, password=PASSWORD)
    return accept_nomination(nomination, person=known_as)


def pilot(cast: Cast, agency: Agency) -> None:
    provision(cast, agency)
    start_pilot(cast.root, agency)


def activate(cast: Cast, agency: Agency) -> None:
    activate_agency(cast.root, agency)


WAY = {
    "verified": verify,
    "tier_assigned": tier,
    "agreements": send,
    "compliance": sign,
    "board_decision": comply,
    "provisioning": admit,
    "pilot": pilot,
}


def brought_to(status: str, cast: Cast, agency: Agency | None = None) -> Agency:
    """Return an agency that went all the way to *status*."""
    agency = agency or taken_up(cast)
    passed = [*WAY].index(agency.status) + 1 if agency.status in WAY else 0
    for target, step in list(WAY.items())[passed:]:
        if agency.status == status:
            break
        step(cast, agency)
        agency.refresh_from_db()
        assert agency.status == target
    return agency


def file_of(raw: bytes = PDF, name: str = "policy.pdf") -> Any:
    """Return a file as a browser sends it."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, raw)


def evidence(raw: bytes = PDF, name: str = "policy.pdf") -> Any:
    """Return a file as it is kept."""
    return evidence_of(file_of(raw, name))


def person(email: str) -> Person:
    """Return somebody by e-mail."""
    return Person.objects.get(email=email)
