"""Each step by which an agency comes on board: its event, its guard, its record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from agencies.codes import AgencyStatus, Role, Sensitivity
from agencies.models import (
    Agency,
    Application,
    AuthorityCheck,
    Membership,
    Onboarding,
    Person,
    Signature,
    StandingChange,
    TierAssignment,
)
from agencies.onboarding.checklist import PLANS, checklist, onboarding_of
from agencies.onboarding.questions import TOPICS
from agencies.refusals import Conflict, Invalid, NotAllowed
from agencies.services import (
    activate_agency,
    add_membership,
    admit_person,
    appoint_coordinators,
    assign_tier,
    begin_year,
    decline_agency,
    name_contact,
    open_recertification,
    record_signature,
    register_agency,
    review_answer,
    send_agreements,
    settle_particulars,
    start_pilot,
    verify_authority,
    vote_on_agency,
)
from agencies.standing import PAST, STEPS, WAY
from ledger.models import Event
from ledger.tasks import deliver_messages
from tests.agencies import onboarding as steps
from tests.agencies.cast import PORTAL, Cast, known, last_event, on_board
from tests.agencies.onboarding import another_administrator, answer, brought_to, taken_up

CHECK: dict[str, Any] = {
    "means": "called",
    "reached_at": "+1 555 0100",
    "spoke_to": "Chief Moss",
}
CONTACT: dict[str, Any] = {"duty": "coordinator", "name": "Kay", "email": "kay@lake.example"}
SETTLED: dict[str, Any] = {
    "duty_desk": "+1 555 0199",
    "sign_in": "password",
}


def today() -> Any:
    """Return the day in UTC."""
    return datetime.now(UTC).date()


def end_pilot(agency: Agency) -> None:
    """Have the days of the pilot be over."""
    Onboarding.objects.filter(agency=agency).update(
        pilot_ends_at=datetime.now(UTC) - timedelta(minutes=1)
    )


def staff(agency: Agency) -> None:
    """Have release authority and duty desk be held."""
    for name, role in (("sue", Role.SUPERVISOR), ("dee", Role.LIAISON)):
        add_membership(PORTAL, known(name), agency, roles=[role], ceiling=Sensitivity.SENSITIVE)


def test_an_agency_goes_from_the_application_to_active_step_by_step(cast: Cast) -> None:
    agency = brought_to("pilot", cast)
    staff(agency)
    end_pilot(agency)
    activate_agency(cast.root, agency)
    agency.refresh_from_db()
    assert agency.status == AgencyStatus.ACTIVE
    taken = Event.objects.filter(
        target=agency.pk, kind__in=[f"agency.{one}" for one in PAST.values()]
    )
    assert list(taken.order_by("seq").values_list("kind", flat=True)) == list(
        dict.fromkeys(f"agency.{PAST[move.event]}" for move in STEPS)
    )
    for event in taken:
        assert event.concerns == [agency.pk]
        assert event.person is not None
        assert {"was", "now"} <= set(event.facts)


ACTS: dict[str, Callable[[Any, Agency], object]] = {
    "verify": lambda by, agency: verify_authority(by, agency, **CHECK),
    "assign_tier": lambda by, agency: assign_tier(by, agency, tier="full", reason="Police."),
    "send_agreements": send_agreements,
    "sign": lambda by, agency: record_signature(
        by, agency, signer="Moss", title="Chief", signed_on=today()
    ),
    "meet": lambda by, agency: review_answer(by, agency, topic="security", outcome="accepted"),
    "admit": lambda by, agency: vote_on_agency(by, agency, admits=True),
    "start_pilot": start_pilot,
    "activate": activate_agency,
    "contact": lambda by, agency: name_contact(by, agency, **CONTACT),
    "appoint": appoint_coordinators,
    "particulars": lambda by, agency: settle_particulars(by, agency, **SETTLED),
    "decline": lambda by, agency: decline_agency(by, agency, reason_code="withdrawn"),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("name", ["ana", "sam", "kim"])
def test_only_an_administrator_takes_a_step(cast: Cast, act: str, name: str) -> None:
    agency = taken_up(cast)
    with pytest.raises(NotAllowed, match="portal administrator"):
        ACTS[act](cast.acts(name), agency)


OUT_OF_TURN = {
    **{event: "active" for event in ACTS if event != "assign_tier"},
    "assign_tier": "directory",
    "activate": "verified",
}


@pytest.mark.parametrize("act", OUT_OF_TURN)
def test_no_step_is_taken_out_of_turn(cast: Cast, act: str) -> None:
    agency = on_board("lake", status="active")
    Agency.objects.filter(pk=agency.pk).update(status=OUT_OF_TURN[act])
    with pytest.raises(Conflict):
        ACTS[act](cast.root, agency)
    agency.refresh_from_db()
    assert agency.status == OUT_OF_TURN[act]


def test_authority_is_verified_by_other_means_than_the_application_gave(cast: Cast) -> None:
    agency = taken_up(cast)
    for given in ("1-555-0190", "AL@lake.example"):
        with pytest.raises(Invalid, match="from the application"):
            verify_authority(cast.root, agency, **{**CHECK, "reached_at": given})
    check = verify_authority(cast.root, agency, **CHECK, note="He knew of it.")
    assert (check.checked_by_id, check.note) == (cast.root.person_id, "He knew of it.")
    assert last_event().facts["means"] == "called"
    assert "He knew" not in str(last_event().facts)


@pytest.mark.parametrize("field", ["means", "reached_at", "spoke_to"])
def test_a_verification_says_how_and_with_whom(cast: Cast, field: str) -> None:
    agency = taken_up(cast)
    with pytest.raises(Invalid) as refusal:
        verify_authority(cast.root, agency, **{**CHECK, field: ""})
    assert set(refusal.value.errors) == {field}
    assert not AuthorityCheck.objects.exists()


def test_an_agency_without_an_application_is_verified_all_the_same(cast: Cast) -> None:
    agency = register_agency(
        PORTAL, short_name="lake", name="Lake", kind="municipal", status="applied"
    )
    verify_authority(cast.root, agency, **CHECK)
    assert Onboarding.objects.get(agency=agency).application is None


def test_a_tier_is_given_with_its_reason_and_changed_later(cast: Cast) -> None:
    agency = brought_to("verified", cast)
    assign_tier(cast.root, agency, tier="limited", reason="Few means.")
    assert last_event().kind == "agency.tier_assigned"
    assign_tier(cast.root, agency, tier="community", reason="Fewer.")
    agency.refresh_from_db()
    assert (agency.tier, agency.status) == ("community", "tier_assigned")
    assert last_event().kind == "agency.tier_changed"
    assert last_event().facts == {"was": "limited", "now": "community"}
    given = TierAssignment.objects.order_by("assigned_at").values_list("was", "tier", "reason")
    assert list(given) == [("full", "limited", "Few means."), ("limited", "community", "Fewer.")]


@pytest.mark.parametrize(("field", "value"), [("tier", "gold"), ("reason", " ")])
def test_a_tier_makes_sense(cast: Cast, field: str, value: str) -> None:
    agency = brought_to("verified", cast)
    with pytest.raises(Invalid):
        assign_tier(cast.root, agency, **{"tier": "full", "reason": "Police.", field: value})


def test_who_signs_becomes_a_party_and_exchanges_nothing_yet(cast: Cast) -> None:
    agency = brought_to("agreements", cast)
    with pytest.raises(Invalid, match="yet to come"):
        record_signature(
            cast.root, agency, signer="M", title="Chief", signed_on=today() + timedelta(days=2)
        )
    signature = record_signature(cast.root, agency, signer="Moss", title="Chief", signed_on=today())
    assert Signature.objects.get() == signature
    assert signature.agreement.parties.filter(agency=agency, left_at=None).exists()
    assert not Agency.objects.exchanging().filter(pk=agency.pk).exists()


def test_two_different_people_decide_and_either_may_change_their_mind(cast: Cast) -> None:
    agency = brought_to("board_decision", cast)
    rita = another_administrator()
    vote_on_agency(cast.root, agency, admits=False, note="Why?")
    vote_on_agency(cast.root, agency, admits=True)
    agency.refresh_from_db()
    assert agency.status == AgencyStatus.BOARD_DECISION
    vote_on_agency(rita, agency, admits=True)
    agency.refresh_from_db()
    assert agency.status == AgencyStatus.PROVISIONING


def test_two_against_send_it_back_and_it_may_apply_again(cast: Cast) -> None:
    agency = brought_to("board_decision", cast)
    vote_on_agency(cast.root, agency, admits=False)
    vote_on_agency(another_administrator(), agency, admits=False)
    agency.refresh_from_db()
    assert agency.status == AgencyStatus.DIRECTORY
    assert not agency.agreements.filter(left_at=None).exists()
    assert Application.objects.get().state == "declined"
    again = brought_to("verified", cast)
    assert again.pk == agency.pk
    assert Onboarding.objects.filter(agency=agency).count() == 2
    assert not onboarding_of(again).votes.exists()  # type: ignore[union-attr]


def test_nobody_decides_on_their_own_application_and_no_command_decides(cast: Cast) -> None:
    agency = brought_to("board_decision", cast)
    applicant = admit_person(PORTAL, email="AL@lake.example", name="Al", is_administrator=True)
    from agencies.actors import Actor

    with pytest.raises(NotAllowed, match="own application"):
        vote_on_agency(Actor(person_id=applicant.pk, is_administrator=True), agency, admits=True)
    with pytest.raises(NotAllowed, match="no command"):
        vote_on_agency(PORTAL, agency, admits=True)
    assert vote_on_agency(another_administrator(), agency, admits=True).admits


def test_who_has_no_application_has_no_applicant_to_keep_out(cast: Cast) -> None:
    agency = on_board("lake", status="board_decision")
    assert vote_on_agency(cast.root, agency, admits=True).admits


def test_an_administrator_declines_with_a_reason_until_the_board_decides(cast: Cast) -> None:
    agency = brought_to("compliance", cast)
    with pytest.raises(Invalid, match="reason"):
        decline_agency(cast.root, agency, reason_code="because")
    decline_agency(cast.root, agency, reason_code="incomplete", text="No answer since May.")
    change = StandingChange.objects.get()
    assert (change.was, change.now, change.text) == (
        "compliance",
        "directory",
        "No answer since May.",
    )
    event = last_event()
    assert (event.kind, event.facts["reason"]) == ("agency.declined", "incomplete")
    assert "May" not in str(event.facts)


def test_people_are_named_replaced_and_appointed(cast: Cast) -> None:
    agency = brought_to("provisioning", cast)
    name_contact(PORTAL, agency, **{**CONTACT, "name": "Kim", "email": "kim@lake.example"})
    with pytest.raises(Conflict, match="two people"):
        appoint_coordinators(cast.root, agency)
    name_contact(cast.root, agency, **CONTACT)
    name_contact(cast.root, agency, **{**CONTACT, "duty": "alternate_coordinator"})
    with pytest.raises(Conflict, match="two people"):
        appoint_coordinators(cast.root, agency)
    steps.provision(cast, agency)
    posts = Membership.objects.filter(agency=agency).values_list("person__email", "roles")
    assert sorted(posts) == [
        ("kay@lake.example", ["coordinator"]),
        ("lou@lake.example", ["coordinator"]),
    ]
    assert appoint_coordinators(cast.root, agency) == []
    with pytest.raises(Conflict, match="appointed to this already"):
        name_contact(cast.root, agency, **CONTACT)


@pytest.mark.parametrize(
    ("field", "value"),
    [("duty", "chief"), ("name", ""), ("email", "kay"), ("phone", "x" * 41)],
)
def test_who_is_named_can_be_reached(cast: Cast, field: str, value: str) -> None:
    with pytest.raises(Invalid) as refusal:
        name_contact(cast.root, taken_up(cast), **{**CONTACT, field: value})
    assert set(refusal.value.errors) == {field}


@pytest.mark.parametrize(
    ("field", "value"),
    [("duty_desk", ""), ("sign_in", ""), ("sign_in", "fax")],
)
def test_how_an_agency_is_reached_and_signs_in_is_settled(
    cast: Cast, field: str, value: Any
) -> None:
    agency = brought_to("provisioning", cast)
    with pytest.raises(Invalid):
        settle_particulars(cast.root, agency, **{**SETTLED, field: value})
    assert settle_particulars(cast.root, agency, **SETTLED).sign_in == "password"
    assert settle_particulars(cast.root, agency, **SETTLED | {"sign_in": "own"}).sign_in == "own"
    agency.refresh_from_db()
    assert agency.contact == "+1 555 0199"


def test_a_pilot_begins_once_everything_is_there(cast: Cast) -> None:
    agency = brought_to("provisioning", cast)
    with pytest.raises(Conflict) as refusal:
        start_pilot(cast.root, agency)
    assert "Name the agency coordinator." in refusal.value.reason
    for duty in steps.NAMED:
        name_contact(cast.root, agency, duty=duty, name="Kay", email="kay@lake.example")
    with pytest.raises(Conflict) as refusal:
        start_pilot(cast.root, agency)
    assert refusal.value.reason == (
        "Appoint the coordinators. Primary and alternate liaison are two people."
        " Give the duty desk's telephone and how people sign in."
    )
    steps.provision(cast, agency)
    way = start_pilot(cast.root, agency)
    assert way.pilot_ends_at is not None
    assert way.recertify_by is not None
    assert 29 < (way.pilot_ends_at - datetime.now(UTC)).days + 1 <= 30
    assert Agency.objects.exchanging().filter(pk=agency.pk).exists()


def test_a_pilot_ends_in_its_time_with_two_who_can_decide(cast: Cast) -> None:
    agency = brought_to("pilot", cast)
    with pytest.raises(Conflict) as refusal:
        activate_agency(cast.root, agency)
    assert "The pilot runs until" in refusal.value.reason
    assert "release authority" in refusal.value.reason
    assert "duty desk" in refusal.value.reason
    end_pilot(agency)
    Membership.objects.filter(agency=agency, person__email="lou@lake.example").update(
        ended_at=datetime.now(UTC)
    )
    Membership.objects.filter(agency=agency).update(roles=["supervisor", "liaison"])
    with pytest.raises(Conflict, match="At least two people"):
        activate_agency(cast.root, agency)
    staff(agency)
    assert activate_agency(cast.root, agency).activated_at is not None


def test_an_agency_registered_in_its_pilot_ends_it_without_waiting(cast: Cast) -> None:
    agency = on_board("lake", status="pilot")
    staff(agency)
    assert activate_agency(cast.root, agency).activated_at is not None


@pytest.mark.parametrize("status", ["applied", *steps.WAY])
def test_the_checklist_says_what_is_done_what_is_next_and_what_is_later(
    cast: Cast, status: str
) -> None:
    agency = brought_to(status, cast)
    way = onboarding_of(agency)
    assert way is not None
    lines = checklist(agency, way)
    place = WAY.index(AgencyStatus(status)) + 1
    assert [line.state for line in lines] == [
        *["done"] * place,
        "next",
        *["later"] * (len(PLANS) - place - 1),
    ]
    root = Person.objects.get(pk=cast.root.person_id).name
    assert {line.done_by for line in lines[:place]} <= {root, "Rita"}
    assert all(line.done_at for line in lines[:place])
    blocked = {"compliance", "board_decision", "provisioning", "pilot"}
    assert bool(lines[place].missing) == (status in blocked)


def test_a_checklist_of_what_a_command_did_says_so(cast: Cast) -> None:
    agency = on_board("lake", status="compliance")
    way = Onboarding.objects.create(agency=agency)
    lines = checklist(agency, way)
    assert [line.done_by for line in lines[:5]] == [""] * 5
    assert lines[5].missing == [
        f"{one.label}: the agency has not answered." for one in TOPICS.values()
    ]
    answer(PORTAL, agency, "security")
    review_answer(cast.root, agency, topic="security", outcome="returned", note="More.")
    answer(PORTAL, agency, "vetting")
    assert checklist(agency, way)[5].missing[:2] == [
        "Security: returned to the agency.",
        "Vetting: waits for a portal administrator.",
    ]
    agency.status = AgencyStatus.SUSPENDED
    assert {line.state for line in checklist(agency, way)} == {"done"}
    agency.status = AgencyStatus.DIRECTORY
    assert checklist(agency, way)[0].state == "next"


def test_whoever_applied_is_mailed_when_it_is_their_turn_and_nothing_of_what(cast: Cast) -> None:
    def mailed() -> list[list[str]]:
        mail.outbox.clear()
        deliver_messages()
        return [one.to for one in mail.outbox if "News" in one.subject]

    agency = taken_up(cast)
    assert mailed() == [["al@lake.example"]]
    assert "/apply/by/" in mail.outbox[-1].body
    assert "Lake" not in mail.outbox[-1].subject + mail.outbox[-1].body
    brought_to("compliance", cast, agency)
    assert mailed() == []
    answer(PORTAL, agency, "security")
    review_answer(cast.root, agency, topic="security", outcome="returned", note="Which one?")
    assert mailed() == [["al@lake.example"]]
    answer(PORTAL, agency, "security")
    review_answer(cast.root, agency, topic="security", outcome="accepted")
    assert mailed() == []
    for topic in TOPICS:
        if topic != "security":
            answer(PORTAL, agency, topic)
            review_answer(cast.root, agency, topic=topic, outcome="accepted")
    agency.refresh_from_db()
    steps.admit(cast, agency)
    assert mailed() == [["al@lake.example"]]


def test_coordinators_are_mailed_what_is_returned_later_and_nobody_where_nobody_applied(
    cast: Cast,
) -> None:
    decline_agency(cast.root, on_board("delta", status="applied"), reason_code="not_verified")
    deliver_messages()
    assert [one for one in mail.outbox if "News" in one.subject] == []
    begin_year(cast.root, cast.alpha)
    open_recertification(cast.root, cast.alpha)
    answer(cast.acts("kim"), cast.alpha, "security")
    mail.outbox.clear()
    review_answer(cast.root, cast.alpha, topic="security", outcome="returned", note="Which one?")
    deliver_messages()
    returned = [one for one in mail.outbox if "due" not in one.subject]
    assert [(one.to, one.subject) for one in returned] == [
        (["kim@example.org"], "[Liaison] 1 answer returned")
    ]
