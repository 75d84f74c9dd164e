"""The pages of onboarding: the public form, the applicant's, the administrators', coordinators'."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import Agency, Application, BoardVote, EvidenceFile, Onboarding, Person
from agencies.onboarding import figures, lookup
from agencies.onboarding.links import link_of, token_of
from agencies.services import begin_year, record_arrangement, suspend_agency
from ledger.models import Event
from tests.agencies.cast import PORTAL, Cast, days, last_event, on_board
from tests.agencies.onboarding import (
    TYPED,
    answer,
    applied,
    brought_to,
    evidence,
    file_of,
    taken_up,
)
from tests.web.markup import faults_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def browser(cast: Cast, name: str) -> Client:
    """Return the browser of somebody of the cast, who has just signed in."""
    client = Client()
    person = Person.objects.get(pk=cast.acts(name).person_id)
    client.force_login(person, backend=BACKEND)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 9_999_999_999.0}]
    session.save()
    return client


def listed(name: str, ori: str, **fields: Any) -> Agency:
    """Enter an agency into the directory as an import does."""
    return Agency.objects.create(
        name=name, ori=ori, **{"state": "Oregon", "county": "Lake", **fields}
    )


def words_of(response: Any) -> str:
    """Return the words of an answer, its blanks folded."""
    return " ".join(response.content.decode().split())


def test_the_form_takes_an_application_and_says_to_look_for_mail(db: None) -> None:
    client = Client()
    page = client.get("/apply/")
    assert (page.status_code, faults_of(page.content.decode())) == (200, [])
    sent = client.post("/apply/", {**TYPED, "step": "send"})
    assert (sent.status_code, sent["Location"]) == (302, "/apply/sent/")
    assert Application.objects.get().sent_from != "127.0.0.1"
    said = client.get("/apply/sent/")
    assert faults_of(said.content.decode()) == []
    assert "Check your mail" in words_of(said)


@pytest.mark.parametrize(
    "wrong", [{"email": "nobody"}, {"ori": "ZZ1"}, {"ori": ""}, {"agency_name": ""}]
)
def test_bad_input_keeps_what_was_typed(db: None, wrong: dict[str, str]) -> None:
    answer = Client().post("/apply/", {**TYPED, **wrong, "step": "send"})
    assert (answer.status_code, faults_of(answer.content.decode())) == (422, [])
    typed = {**TYPED, **wrong}
    for value in (typed["applicant"], typed["phone"], typed["title"]):
        assert str(value) in answer.content.decode()
    assert not Application.objects.exists()


def test_too_many_from_one_place_are_told_to_wait_and_lose_nothing(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agencies.services.applying.APPLICATIONS_PER_ADDRESS", 1)
    client = Client()
    assert client.post("/apply/", TYPED).status_code == 302
    again = client.post("/apply/", {**TYPED, "email": "bea@lake.example"})
    assert again.status_code == 429
    assert "bea@lake.example" in again.content.decode()
    assert "Send it again later" in words_of(again)


@pytest.mark.parametrize("status", ["directory", "applied", "active", "suspended", "closed"])
def test_the_answer_is_the_same_wherever_an_agency_stands(db: None, status: str) -> None:
    listed("Lake Town Police", "ZZ0090000", short_name="lake", status=status)
    client = Client()
    found = client.get("/apply/agencies/", {"q": "lake town"})
    assert words_of(found).count("ZZ0090000") == 2
    assert not re.search(r"board|active|suspended|closed|applied", words_of(found), re.IGNORECASE)
    assert client.post("/apply/", TYPED)["Location"] == "/apply/sent/"


def test_what_no_directory_lists_is_not_given_out(db: None) -> None:
    on_board("lake", name="Lake Town Police", ori="ZZ0090000")
    listed("Lake Town Rangers", "ZZ0090001")
    listed("Lake Town Wardens", None)  # type: ignore[arg-type]
    found = lookup.listed_agencies("lake town")
    assert [one.name for one in found] == ["Lake Town Rangers"]
    assert lookup.listed_agency("ZZ0090000") is None
    assert list(lookup.listed_agencies("la")) == []
    assert [one.ori for one in lookup.listed_agencies("zz009")] == ["ZZ0090001"]


def test_one_s_agency_is_found_and_picked_without_script(db: None) -> None:
    listed("Lake Town Police", "ZZ0090000", kind="county")
    client = Client()
    typed = {"applicant": "Al Reed", "email": "al@lake.example", "phone": "+1 555 0190"}
    page = client.post("/apply/", {**typed, "q": "lake", "step": "find"})
    assert (page.status_code, faults_of(page.content.decode())) == (200, [])
    assert "Lake Town Police" in words_of(page)
    assert "Al Reed" in words_of(page)
    assert "was not saved" not in words_of(page)
    assert client.post("/apply/", {**typed, "pick": "ZZ0090000", "step": "send"}).status_code == 302
    made = Application.objects.get()
    assert (made.ori, made.agency_name, made.kind) == ("ZZ0090000", "Lake Town Police", "county")


def test_looking_too_often_waits(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "LOOKUPS_PER_ADDRESS", 1)
    listed("Lake Town Police", "ZZ0090000")
    client = Client()
    assert "ZZ0090000" in words_of(client.get("/apply/agencies/?q=lake"))
    assert "Wait a minute" in words_of(client.get("/apply/agencies/?q=lake"))
    monkeypatch.setattr(cache, "incr", lambda key: int("gone"))
    assert not lookup.looks_too_often("elsewhere")


def test_the_link_shows_progress_and_opening_it_changes_nothing(cast: Cast) -> None:
    client = Client()
    client.post("/apply/", TYPED)
    made = Application.objects.get()
    address = f"/apply/by/{token_of(made)}/"
    assert link_of(made).rpartition("/by/")[0].endswith("/apply")
    page = client.get(address)
    assert faults_of(page.content.decode()) == []
    made.refresh_from_db()
    assert made.state == "sent"
    assert client.post(f"{address}confirm/").status_code == 302
    made.refresh_from_db()
    assert made.state == "confirmed"
    assert "Your address is verified" in words_of(client.get(address))


@pytest.mark.parametrize("token", ["x", "a:b:c", "eyJ:1:2"])
def test_a_forged_link_opens_nothing(db: None, token: str) -> None:
    assert Client().get(f"/apply/by/{token}/").status_code == 404


def test_a_link_of_what_is_gone_or_too_old_opens_nothing(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = applied()
    token = token_of(made)
    assert Client().get(f"/apply/by/{token}/").status_code == 200
    monkeypatch.setattr("agencies.onboarding.links.APPLICANT_LINK_LASTS", timedelta(days=-1))
    assert Client().get(f"/apply/by/{token}/").status_code == 404
    monkeypatch.undo()
    Application.objects.all().delete()
    assert Client().get(f"/apply/by/{token}/").status_code == 404


def test_an_applicant_answers_and_names_people_while_it_is_on_its_way(cast: Cast) -> None:
    agency = brought_to("compliance", cast)
    made = Application.objects.get()
    client, address = Client(), f"/apply/by/{token_of(made)}/"
    page = client.get(address)
    assert (page.status_code, faults_of(page.content.decode())) == (200, [])
    assert "root" not in words_of(page).lower()
    form = client.get(f"{address}answers/security/")
    assert (form.status_code, faults_of(form.content.decode())) == (200, [])
    wrong = client.post(
        f"{address}answers/security/",
        {"says": "met", "text": "Locked doors.", "file": file_of(b"MZ", "a.exe")},
    )
    assert wrong.status_code == 422
    assert "Locked doors." in wrong.content.decode()
    assert "Only PDF" in words_of(wrong)
    done = client.post(
        f"{address}answers/security/", {"says": "met", "text": "Locked.", "file": file_of()}
    )
    assert done["Location"] == address
    assert EvidenceFile.objects.get().answer.text == "Locked."
    assert "Locked." in client.get(f"{address}answers/security/").content.decode()
    assert client.get(f"{address}answers/taste/").status_code == 404
    assert client.post(f"{address}people/", {"duty": "liaison"}).status_code == 422
    named = {"duty": "liaison", "name": "Lou", "email": "lou@lake.example"}
    assert client.post(f"{address}people/", named)["Location"] == address
    assert "Lou" in words_of(client.get(address))
    Agency.objects.filter(pk=agency.pk).update(status="active")
    assert client.post(f"{address}people/", named).status_code == 404
    assert client.get(f"{address}answers/security/").status_code == 404
    assert client.get(address).status_code == 200


def test_an_applicant_who_was_declined_reads_the_reason(cast: Cast) -> None:
    made = applied()
    root = browser(cast, "root")
    page = root.get(f"/onboarding/applications/{made.pk}/")
    assert (page.status_code, faults_of(page.content.decode())) == (200, [])
    address = f"/onboarding/applications/{made.pk}/decline/"
    assert root.post(address, {"reason_code": "x"}).status_code == 422
    assert root.post(address, {"reason_code": "no_authority"}).status_code == 302
    shown = Client().get(f"/apply/by/{token_of(made)}/")
    assert "no authority to receive" in words_of(shown)
    assert Client().get(f"/apply/by/{token_of(made)}/answers/security/").status_code == 404


PAGES = ("/onboarding/", "/onboarding/{agency}/", "/onboarding/applications/{application}/")


@pytest.mark.parametrize("name", ["ana", "sam", "kim", "ida"])
def test_the_pages_are_for_portal_administrators_alone(cast: Cast, name: str) -> None:
    agency = taken_up(cast)
    ids = {"agency": agency.pk, "application": Application.objects.get().pk}
    other, root = browser(cast, name), browser(cast, "root")
    for address in PAGES:
        assert other.get(address.format(**ids)).status_code == 404
        page = root.get(address.format(**ids))
        assert (page.status_code, faults_of(page.content.decode())) == (200, [])
    assert other.post(f"/onboarding/{agency.pk}/verify/", {}).status_code == 404


def test_an_application_is_taken_up_on_its_page(cast: Cast) -> None:
    entry = listed("Lake Police", "ZZ0090000")
    made, root = applied(), browser(cast, "root")
    assert "Lake Town Police" in words_of(root.get("/onboarding/"))
    address = f"/onboarding/applications/{made.pk}/"
    assert "Lake Police, known, not on board" in words_of(root.get(address))
    wrong = root.post(f"{address}take-up/", {"short_name": "", "name": "Lake PD"})
    assert (wrong.status_code, "Lake PD" in wrong.content.decode()) == (422, True)
    values = {"short_name": "lake", "name": "Lake PD", "kind": "municipal", "time_zone": "UTC"}
    done = root.post(f"{address}take-up/", values)
    assert done["Location"] == f"/onboarding/{entry.pk}/"
    assert root.get(address).status_code == 200
    unverified = Application.objects.create(
        agency_name="A", ori="ZZ0090002", kind="other", email="a@b.example", sent_from=""
    )
    assert root.get(f"/onboarding/applications/{unverified.pk}/").status_code == 404


def test_an_act_is_its_service_and_what_is_to_mend_comes_back(cast: Cast) -> None:
    agency, root = taken_up(cast), browser(cast, "root")
    address = f"/onboarding/{agency.pk}/verify/"
    values = {"means": "called", "reached_at": "+1 555 0190", "spoke_to": "Chief Moss"}
    wrong = root.post(address, values)
    assert (wrong.status_code, faults_of(wrong.content.decode())) == (422, [])
    assert "Chief Moss" in wrong.content.decode()
    assert "from the application" in words_of(wrong)
    done = root.post(address, {**values, "reached_at": "+1 555 0100"})
    assert done["Location"] == f"/onboarding/{agency.pk}/"
    assert last_event().kind == "agency.verified"
    assert root.post(f"/onboarding/{agency.pk}/dance/").status_code == 404
    assert root.post(f"/onboarding/{uuid4()}/verify/").status_code == 404
    assert root.get(f"/onboarding/{uuid4()}/").status_code == 404


@pytest.mark.parametrize(
    "status", ["verified", "agreements", "board_decision", "provisioning", "pilot"]
)
def test_the_page_of_every_step_is_sound(cast: Cast, status: str) -> None:
    agency, root = brought_to(status, cast), browser(cast, "root")
    page = root.get(f"/onboarding/{agency.pk}/")
    assert (page.status_code, faults_of(page.content.decode())) == (200, [])
    assert root.get("/onboarding/").status_code == 200
    progress = Client().get(f"/apply/by/{token_of(Application.objects.get())}/")
    assert (progress.status_code, faults_of(progress.content.decode())) == (200, [])


def test_a_vote_and_a_suspension_on_the_page(cast: Cast) -> None:
    agency, root = brought_to("board_decision", cast), browser(cast, "root")
    assert root.post(f"/onboarding/{agency.pk}/vote/", {"admits": "no"}).status_code == 302
    assert BoardVote.objects.get().admits is False
    page = root.get(f"/onboarding/{cast.alpha.pk}/")
    assert "5 people can act" in words_of(page)
    assert "shut out" in words_of(page)
    done = root.post(f"/onboarding/{cast.alpha.pk}/suspend/", {"reason_code": "misuse"})
    assert done.status_code == 302
    shown = root.get(f"/onboarding/{cast.alpha.pk}/")
    assert (faults_of(shown.content.decode()), "Misuse" in words_of(shown)) == ([], True)
    assert root.post(f"/onboarding/{cast.alpha.pk}/suspend/", {}).status_code == 422


def test_whoever_signed_in_long_ago_confirms_first(cast: Cast) -> None:
    agency, root = taken_up(cast), browser(cast, "root")
    session = root.session
    session["account_authentication_methods"] = [{"method": "password", "at": 1.0}]
    session.save()
    values = {"means": "called", "reached_at": "+1 555 0100", "spoke_to": "Chief Moss"}
    root.post(f"/onboarding/{agency.pk}/verify/", values)
    agency.refresh_from_db()
    assert agency.status == "applied"


def test_a_coordinator_answers_the_year_and_others_do_not(cast: Cast) -> None:
    kim = browser(cast, "kim")
    assert "A portal administrator sets the day" in words_of(kim.get("/compliance/"))
    begin_year(PORTAL, cast.alpha)
    Onboarding.objects.update(recertify_by=days(10))
    assert "due by" in words_of(kim.get("/compliance/"))
    assert kim.post("/compliance/year/")["Location"] == "/compliance/"
    form = kim.get("/compliance/answers/security/")
    assert (form.status_code, faults_of(form.content.decode())) == (200, [])
    values = {"says": "met", "text": "Locked.", "file": file_of()}
    assert kim.post("/compliance/answers/security/", values)["Location"] == "/compliance/"
    page = kim.get("/compliance/")
    assert (faults_of(page.content.decode()), "Locked." in words_of(page)) == ([], True)
    for name in ("ana", "sam", "root"):
        assert browser(cast, name).get("/compliance/").status_code == 404
    assert "Locked." not in words_of(browser(cast, "bea").get("/compliance/"))


def test_evidence_is_given_as_a_file_to_save_and_never_shown(cast: Cast) -> None:
    agency = brought_to("compliance", cast)
    answer(PORTAL, agency, "security", evidence=evidence())
    kept = EvidenceFile.objects.get()
    given: Any = browser(cast, "root").get(f"/onboarding/evidence/{kept.pk}/")
    assert b"".join(given.streaming_content).startswith(b"%PDF")
    assert given["Content-Disposition"].startswith("attachment")
    assert given["X-Content-Type-Options"] == "nosniff"
    assert last_event().kind == "evidence.opened"
    for name in ("ana", "kim"):
        assert browser(cast, name).get(f"/onboarding/evidence/{kept.pk}/").status_code == 404
    assert Client().get(f"/onboarding/evidence/{kept.pk}/").status_code == 302
    given.close()


def test_a_coordinator_confirms_and_ends_what_is_arranged(cast: Cast) -> None:
    made = record_arrangement(cast.root, cast.alpha, provider=cast.bravo, duties=["entry"])
    bea, kim = browser(cast, "bea"), browser(cast, "kim")
    assert "Confirm for Alpha Police" in words_of(bea.get("/compliance/"))
    assert faults_of(bea.get("/compliance/").content.decode()) == []
    assert kim.post(f"/arrangements/{made.pk}/confirm/").status_code == 403
    assert bea.post(f"/arrangements/{made.pk}/confirm/").status_code == 302
    assert bea.post(f"/arrangements/{made.pk}/dance/").status_code == 404
    assert bea.post(f"/arrangements/{uuid4()}/end/").status_code == 404
    assert kim.post(f"/arrangements/{made.pk}/end/").status_code == 302
    made.refresh_from_db()
    assert made.ended_at is not None


def test_administration_lists_what_its_reader_may_administer(cast: Cast) -> None:
    assert "Onboarding" in words_of(browser(cast, "root").get("/administration/"))
    page = browser(cast, "kim").get("/administration/")
    assert (faults_of(page.content.decode()), "/compliance/" in words_of(page)) == ([], True)
    assert "/onboarding/" not in words_of(page)
    for name in ("kim", "root"):
        shown = words_of(browser(cast, name).get("/administration/"))
        assert "/people/credentials/" in shown
    for name in ("ana", "sam", "ida"):
        answer = browser(cast, name).get("/administration/")
        assert answer.status_code == 404
        assert "/administration/" not in words_of(browser(cast, name).get("/agencies/"))


def test_the_list_of_what_waits_goes_on_by_pages_and_runs_few_queries(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = browser(cast, "root")
    agency = brought_to("compliance", cast)
    root.get("/onboarding/")

    def reads() -> int:
        with CaptureQueriesContext(connection) as queries:
            root.get("/onboarding/")
        return len(queries)

    few = reads()
    assert "The agency: answer" in words_of(root.get("/onboarding/"))
    answer(PORTAL, agency, "security")
    assert "review the answers" in words_of(root.get("/onboarding/"))
    for number in range(4):
        on_board(f"a{number}", status="enquiry")
    assert reads() == few
    monkeypatch.setattr("agencies.onboarding.waiting.PAGE", 2)
    first = words_of(root.get("/onboarding/"))
    after = re.search(r"\?after=([-\w]+)", first)
    assert after is not None
    assert "A2 Police" in words_of(root.get(f"/onboarding/?after={after[1]}"))


def test_a_suspended_agency_s_coordinator_opens_nothing(cast: Cast) -> None:
    kim = browser(cast, "kim")
    assert kim.get("/compliance/").status_code == 200
    suspend_agency(cast.root, cast.alpha, reason_code="misuse")
    assert kim.get("/compliance/").status_code == 403
    assert kim.get("/administration/").status_code == 403


def test_nothing_of_onboarding_is_written_as_free_text(cast: Cast) -> None:
    brought_to("provisioning", cast)
    assert figures.PILOT.days == 30
    for event in Event.objects.all():
        assert "Moss" not in str(event.facts)
