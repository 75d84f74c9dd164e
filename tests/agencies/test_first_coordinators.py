"""The first coordinators of an agency: named, asked, and in their post once they say yes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core import mail

from agencies.models import Agency, Contact, Membership, Nomination, Person
from agencies.refusals import Conflict, NotAllowed
from agencies.services import (
    accept_nomination,
    appoint_coordinators,
    consent_to_nomination,
    name_contact,
    settle_particulars,
    start_pilot,
    withdraw_nomination,
)
from ledger.tasks import deliver_messages
from tests.agencies import onboarding as steps
from tests.agencies.cast import PORTAL, Cast
from tests.agencies.onboarding import another_administrator, brought_to
from tests.agencies.test_onboarding import SETTLED


def asked(cast: Cast) -> tuple[Agency, Nomination, Nomination]:
    """Return an agency whose coordinators Kay and Lou are asked, and what they are asked by."""
    agency = brought_to("provisioning", cast)
    for duty, name in steps.NAMED.items():
        email = f"{name}@lake.example"
        name_contact(cast.root, agency, duty=duty, name=name.title(), email=email)
    settle_particulars(cast.root, agency, **SETTLED)
    lou, kay = sorted(
        appoint_coordinators(cast.root, agency), key=lambda one: one.email, reverse=True
    )
    return agency, kay, lou


def test_a_coordinator_says_yes_before_they_have_the_post(cast: Cast) -> None:
    agency, kay, lou = asked(cast)
    assert not Membership.objects.filter(agency=agency).exists()
    assert not Person.objects.filter(email__endswith="@lake.example").exists()
    deliver_messages()
    invited = [one.to for one in mail.outbox if "nominated" in one.subject]
    assert sorted(invited) == [["kay@lake.example"], ["lou@lake.example"]]
    assert appoint_coordinators(cast.root, agency) == []
    steps.say_yes(kay)
    with pytest.raises(Conflict) as refusal:
        start_pilot(cast.root, agency)
    assert "Lou, alternate coordinator, was mailed on appointment" in refusal.value.reason
    assert "Kay" not in refusal.value.reason
    steps.say_yes(lou)
    assert start_pilot(cast.root, agency).pilot_ends_at is not None
    kept = Contact.objects.filter(post__isnull=False).order_by("duty")
    assert [one.post.person.email for one in kept if one.post] == [
        "lou@lake.example",
        "kay@lake.example",
    ]


def test_whoever_says_no_or_nothing_gives_way_to_another(cast: Cast) -> None:
    agency, kay, lou = asked(cast)
    another = {"duty": "coordinator", "name": "May", "email": "may@lake.example"}
    with pytest.raises(Conflict, match="Kay was asked already"):
        name_contact(cast.root, agency, **another)
    withdraw_nomination(cast.root, kay)
    Nomination.objects.filter(pk=lou.pk).update(expires_at=datetime.now(UTC))
    name_contact(cast.root, agency, **another)
    assert sorted(one.email for one in appoint_coordinators(cast.root, agency)) == [
        "lou@lake.example",
        "may@lake.example",
    ]
    for refused in (kay, lou):
        with pytest.raises(Conflict):
            steps.say_yes(refused)


def test_one_person_does_not_become_both_coordinators(cast: Cast) -> None:
    agency, kay, lou = asked(cast)
    person = steps.say_yes(kay).person
    assert person is not None
    with pytest.raises(Conflict, match="a post there already"):
        accept_nomination(lou, person=person)
    steps.say_yes(lou)
    assert start_pilot(cast.root, agency)


def test_whoever_appoints_does_not_name_themselves(cast: Cast) -> None:
    agency = brought_to("provisioning", cast)
    own = Person.objects.get(pk=cast.root.person_id).email
    for duty, email in (("coordinator", own), ("alternate_coordinator", "lou@lake.example")):
        name_contact(PORTAL, agency, duty=duty, name="Root", email=email)
    with pytest.raises(NotAllowed, match="Nobody nominates themselves"):
        appoint_coordinators(cast.root, agency)
    assert not Nomination.objects.exists()
    assert len(appoint_coordinators(another_administrator(), agency)) == 2


def test_a_coordinator_with_a_post_elsewhere_takes_that_agency_s_consent_too(cast: Cast) -> None:
    agency = brought_to("provisioning", cast)
    for duty, email in (
        ("coordinator", "bo@example.org"),
        ("alternate_coordinator", "lou@l.example"),
    ):
        name_contact(cast.root, agency, duty=duty, name="Bo", email=email)
    bo, lou = sorted(appoint_coordinators(cast.root, agency), key=lambda one: one.email)
    steps.say_yes(lou)
    accept_nomination(bo, person=cast.bo.person)
    with pytest.raises(Conflict, match="said yes; their other agency has not consented"):
        start_pilot(cast.root, agency)
    assert not Membership.objects.filter(agency=agency, person=cast.bo.person).exists()
    consent_to_nomination(cast.acts("bea"), bo)
    assert Membership.objects.filter(agency=agency, person=cast.bo.person).exists()
    with pytest.raises(Conflict) as refusal:
        start_pilot(cast.root, agency)
    assert "coordinator" not in refusal.value.reason
