"""Applications: sent, counted, verified by e-mail, taken up or declined."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db.models import F

from agencies.models import Agency, Application, Onboarding, Person, Roster
from agencies.onboarding import figures
from agencies.onboarding.links import link_of
from agencies.refusals import Conflict, Invalid, NotAllowed, NotVisible
from agencies.services import (
    confirm_application,
    decline_application,
    register_agency,
    send_application,
    take_up_application,
)
from ledger.tasks import deliver_messages
from tests.agencies.cast import PORTAL, Cast, events, last_event, on_board
from tests.agencies.onboarding import TYPED, applied, taken_up

NAMED: dict[str, Any] = {
    "short_name": "lake",
    "name": "Lake PD",
    "kind": "municipal",
    "time_zone": "UTC",
}


def sent(*, sent_from: str = "somewhere", **changes: Any) -> Application | None:
    """Send the form."""
    return send_application(sent_from=sent_from, **{**TYPED, **changes})


def test_an_application_is_kept_and_its_applicant_mailed_a_link(db: None) -> None:
    made = sent()
    assert made is not None
    assert (made.state, made.email, made.ori) == ("sent", "al@lake.example", "ZZ0090000")
    assert (last_event().kind, last_event().target) == ("application.sent", made.pk)
    deliver_messages()
    (message,) = mail.outbox
    assert message.to == ["al@lake.example"]
    assert link_of(made).rpartition("/by/")[0] in message.body
    assert "Lake" not in message.subject + message.body
    assert not Agency.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("agency_name", " ", "agency_name"),
        ("kind", "club", "kind"),
        ("ori", "ZZ1", "ori"),
        ("ori", "", "legal_basis"),
        ("applicant", "", "applicant"),
        ("email", "nobody", "email"),
        ("phone", "", "phone"),
        ("legal_basis", "a\x00b", "legal_basis"),
        ("legal_basis", "x" * 4001, "legal_basis"),
        ("parent", "x" * 201, "parent"),
    ],
)
def test_a_wrong_value_is_refused_by_its_field(
    db: None, field: str, value: str, error: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        sent(**{field: value})
    assert set(refusal.value.errors) == {error}
    assert not Application.objects.exists()


def test_a_legal_basis_stands_where_there_is_no_ori(db: None) -> None:
    made = sent(ori="", legal_basis="28 U.S.C. 533\r\nas amended", parent="Bureau")
    assert made is not None
    assert (made.ori, made.legal_basis) == ("", "28 U.S.C. 533\nas amended")


def test_an_address_sends_so_many_in_an_hour_and_then_later(db: None) -> None:
    for number in range(figures.APPLICATIONS_PER_ADDRESS):
        assert sent(email=f"a{number}@lake.example")
    with pytest.raises(Conflict, match="Send it again later"):
        sent(email="last@lake.example")
    assert sent(email="last@lake.example", sent_from="elsewhere")
    Application.objects.update(sent_at=F("sent_at") - timedelta(hours=1))
    assert sent(email="again@lake.example")


def test_an_e_mail_address_is_sent_so_many_a_day_and_nobody_is_told(db: None) -> None:
    for number in range(figures.APPLICATIONS_PER_EMAIL):
        assert sent(sent_from=f"{number}", email="AL@lake.example")
    before = events()
    assert sent(sent_from="other") is None
    assert events() == before
    Application.objects.update(sent_at=F("sent_at") - timedelta(days=1))
    assert sent()


def test_the_address_is_verified_once_and_administrators_are_told(cast: Cast) -> None:
    made = sent()
    assert made is not None
    confirmed = confirm_application(made)
    assert confirmed.state == "confirmed"
    before = events()
    assert confirm_application(made).confirmed_at == confirmed.confirmed_at
    assert events() == before
    deliver_messages()
    root = Person.objects.get(pk=cast.root.person_id)
    assert [message.to for message in mail.outbox] == [["al@lake.example"], [root.email]]
    assert "Lake" not in mail.outbox[1].subject + mail.outbox[1].body


def test_an_address_is_not_verified_too_late(db: None) -> None:
    made = sent()
    assert made is not None
    late = figures.CONFIRM_WITHIN + timedelta(minutes=1)
    Application.objects.update(sent_at=F("sent_at") - late)
    with pytest.raises(Conflict, match="expired"):
        confirm_application(made)


def test_an_entry_of_the_directory_becomes_the_agency(cast: Cast) -> None:
    entry = Agency.objects.create(name="Lake", ori="ZZ0090000", state="ZZ", county="Lake")
    agency = taken_up(cast)
    assert (agency.pk, agency.status, agency.county) == (entry.pk, "applied", "Lake")
    assert Roster.objects.filter(pk=entry.pk).count() == 1
    event = last_event()
    assert (event.kind, event.person) == ("agency.applied", cast.root.person_id)
    assert Onboarding.objects.get(agency=agency).application is not None


def test_an_agency_that_no_directory_lists_is_entered(cast: Cast) -> None:
    application = applied(ori="", legal_basis="City charter")
    agency = take_up_application(cast.root, application, **NAMED)
    assert (agency.ori, agency.short_name) == (None, "lake")
    application.refresh_from_db()
    assert (application.state, application.agency) == ("opened", agency)


def test_an_enquiry_goes_on_as_an_application(cast: Cast) -> None:
    agency = register_agency(PORTAL, **NAMED, status="enquiry")
    agency = take_up_application(cast.root, applied(), **NAMED)
    assert Onboarding.objects.filter(agency=agency, ended_at=None).count() == 1


@pytest.mark.parametrize("status", ["applied", "active", "closed"])
def test_an_agency_on_its_way_on_board_or_closed_is_not_taken_up(cast: Cast, status: str) -> None:
    on_board("lake", ori="ZZ0090000", status=status)
    with pytest.raises(Conflict, match="on its way, on board or closed"):
        take_up_application(cast.root, applied(), **{**NAMED, "short_name": "other"})
    with pytest.raises(Conflict):
        take_up_application(cast.root, applied(ori="ZZ0090001"), **NAMED)


def test_a_short_name_of_one_and_an_ori_of_another_is_refused(cast: Cast) -> None:
    Agency.objects.create(name="Lake", ori="ZZ0090000")
    Agency.objects.create(name="Other", short_name="lake")
    with pytest.raises(Conflict):
        take_up_application(cast.root, applied(), **NAMED)


@pytest.mark.parametrize("field", ["short_name", "name", "kind", "time_zone"])
def test_what_an_agency_is_called_must_make_sense(cast: Cast, field: str) -> None:
    with pytest.raises(Invalid):
        take_up_application(cast.root, applied(), **{**NAMED, field: "no such/thing" * 20})


def test_an_application_is_decided_once(cast: Cast) -> None:
    application = applied()
    declined = decline_application(cast.root, application, reason_code="not_taken_up")
    assert (declined.state, declined.reason_code) == ("declined", "not_taken_up")
    assert last_event().facts == {"reason": "not_taken_up"}
    with pytest.raises(Conflict, match="decided already"):
        take_up_application(cast.root, application, **NAMED)
    with pytest.raises(Invalid):
        decline_application(cast.root, applied(), reason_code="because")


def test_what_is_not_verified_is_nowhere(cast: Cast) -> None:
    made = sent()
    assert made is not None
    with pytest.raises(NotVisible):
        take_up_application(cast.root, made, **NAMED)
    with pytest.raises(NotVisible):
        decline_application(cast.root, made, reason_code="not_taken_up")


@pytest.mark.parametrize("name", ["ana", "sam", "kim"])
def test_only_an_administrator_decides_on_an_application(cast: Cast, name: str) -> None:
    application = applied()
    with pytest.raises(NotAllowed):
        take_up_application(cast.acts(name), application, **NAMED)
    with pytest.raises(NotAllowed):
        decline_application(cast.acts(name), application, reason_code="not_taken_up")
    assert take_up_application(cast.root, application, **NAMED).status == "applied"
