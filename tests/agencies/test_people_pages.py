"""The pages of an agency's people, from the nomination to the file of the yearly review."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.codes import Role
from agencies.links import token_for
from agencies.models import Credential, Membership, Nomination, Person
from agencies.people.roll import PAGE
from agencies.services import (
    change_post,
    end_membership,
    nominate,
    propose_address,
    require_credential,
    second,
)
from agencies.services.task_force import form_task_force
from ledger.courier import deliver_batch
from ledger.models import Event
from tests.agencies.cast import PORTAL, Cast, agreement, days, known, post
from tests.web.markup import faults_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
GOOD = "a quiet walk along seven rivers"
NEW = {
    "name": "Nina Novak",
    "email": "nina@example.org",
    "roles": ["analyst"],
    "ceiling": "2",
}


def desk(cast: Cast, name: str) -> Client:
    """Return somebody's browser."""
    client = Client()
    key = cast.root.person_id if name == "root" else getattr(cast, name).person_id
    client.force_login(Person.objects.get(pk=key), backend=BACKEND)
    return client


def words(response: Any) -> str:
    """Return the words of a sound page."""
    page = response.content.decode()
    assert faults_of(page) == []
    return " ".join(page.split())


def link_in_mail() -> str:
    """Return the path that the last mail leads to."""
    deliver_batch()
    body = str(mail.outbox[-1].body)
    return "/" + body.split("://")[1].split("/", 1)[1].split(maxsplit=1)[0]


def test_somebody_new_is_nominated_accepts_and_is_validated(cast: Cast) -> None:
    kim, sam, nina = desk(cast, "kim"), desk(cast, "sam"), Client()
    assert "Nominate somebody" in words(kim.get("/people/nominations/new/"))
    made = kim.post("/people/nominations/new/", NEW, follow=True)
    assert "nina@example.org" in words(made)
    link = link_in_mail()
    page = nina.get(link)
    assert "Alpha Police" in words(page)
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert Nomination.objects.get().state == "nominated"
    for wrong in (("short", "short"), (GOOD, "another long one")):
        answer = nina.post(link, {"password": wrong[0], "again": wrong[1]})
        assert (answer.status_code, faults_of(answer.content.decode())) == (422, [])
    done = nina.post(link, {"password": GOOD, "again": GOOD})
    assert "a second person at Alpha Police validates it" in words(done)
    assert "This nomination is closed" in words(nina.get(link))
    person = Person.objects.get(email="nina@example.org")
    nina.force_login(person, backend=BACKEND)
    waits = nina.get("/")
    assert (waits.status_code, "has validated it" in words(waits)) == (403, True)
    found = Nomination.objects.get()
    page = sam.get(f"/people/nominations/{found.pk}/")
    assert "Validate" in words(page)
    sam.post(f"/people/nominations/{found.pk}/validate/")
    assert nina.get("/").status_code == 200
    assert "Nina Novak" in words(kim.get("/people/"))


def test_whoever_has_an_account_signs_in_to_accept_or_to_say_no(cast: Cast) -> None:
    kim = desk(cast, "kim")
    kim.post("/people/nominations/new/", {**NEW, "email": "bo@example.org"})
    found = Nomination.objects.get()
    link = f"/people/invitation/{token_for('nomination', found.pk)}/"
    assert "Sign in with it to accept" in words(Client().get(link))
    assert Client().post(link, {"password": GOOD, "again": GOOD}).status_code == 422
    bea = desk(cast, "bea")
    assert "consent" in words(bea.get(f"/people/nominations/{found.pk}/"))
    bea.post(f"/people/nominations/{found.pk}/consent/")
    bo = desk(cast, "bo")
    assert "Say no" in words(bo.get(link))
    assert desk(cast, "ana").post(link, {"refuse": "1"}).status_code == 404
    bo.post(link, {"refuse": "1"})
    assert Nomination.objects.get().state == "refused"
    kim.post("/people/nominations/new/", {**NEW, "email": "bo@example.org"})
    found = Nomination.objects.get(state="nominated")
    link = f"/people/invitation/{token_for('nomination', found.pk)}/"
    assert "a second person" in words(bo.post(link))
    assert desk(cast, "ana").get("/people/invitation/forged/").status_code == 404


def test_what_cannot_be_done_is_said_and_nothing_typed_is_lost(cast: Cast) -> None:
    kim = desk(cast, "kim")
    answer = kim.post("/people/nominations/new/", {**NEW, "email": "ana@example.org"})
    page = words(answer)
    assert (answer.status_code, "Nina Novak" in page, "change that one" in page) == (
        422,
        True,
        True,
    )
    kim.post("/people/nominations/new/", NEW)
    found = Nomination.objects.get()
    answer = kim.post(f"/people/nominations/{found.pk}/validate/", follow=True)
    assert "cannot be done now" in words(answer)
    assert kim.post(f"/people/nominations/{found.pk}/nonsense/").status_code == 404
    assert desk(cast, "bea").post(f"/people/nominations/{found.pk}/refuse/").status_code == 404


def test_the_list_says_state_last_seen_and_what_ends(cast: Cast) -> None:
    Person.objects.filter(pk=cast.ana.person_id).update(created_at=days(-99))
    Membership.objects.filter(pk=cast.lee.pk).update(ended_at=days(20))
    end_membership(PORTAL, cast.sam)
    Credential.objects.create(
        person=cast.ida.person, kind="other", issuer="X", issued_on=days(-9), expires_at=days(9)
    )
    kim = desk(cast, "kim")
    everyone = words(kim.get("/people/"))
    assert ("Dormant" in everyone, ">Sam<" in everyone, ">Bo<" in everyone) == (True, False, False)
    shown = {
        show: {name for name in ("Ana", "Sam", "Lee", "Ida") if f">{name}</a>" in page}
        for show in ("soon", "out", "ended")
        for page in [words(kim.get(f"/people/?show={show}"))]
    }
    assert shown == {"soon": {"Lee", "Ida"}, "out": {"Ana"}, "ended": {"Sam"}}
    assert ">Lee</a>" in words(kim.get("/people/?q=LEE"))
    assert "Nobody here" in words(kim.get("/people/?q=nobody"))


def test_the_list_is_paged_by_name_in_few_statements_however_long(cast: Cast) -> None:
    kim = desk(cast, "kim")
    kim.get("/people/")

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            kim.get("/people/")
        marks = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
        return sum(not one["sql"].startswith(marks) for one in queries)

    few = statements()
    for number in range(PAGE):
        post(cast.alpha, f"name{number:02}", Role.ANALYST)
    assert statements() == few
    assert few <= 8
    first = words(kim.get("/people/"))
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second_page = words(kim.get(f"/people/{following}"))
    assert (">Ana<" in first, ">Ana<" in second_page, ">Sam<" in second_page) == (True, False, True)


def test_an_administrator_sees_people_of_all_agencies_and_no_case(cast: Cast) -> None:
    root = desk(cast, "root")
    page = words(root.get("/people/"))
    assert (">Ana<" in page, ">Bo<" in page, "Bravo Police" in page) == (True, True, True)
    shown = words(root.get(f"/people/{cast.kim.person_id}/"))
    assert "/posts/" in shown
    assert "handover" not in shown
    assert root.get(f"/posts/{cast.ana.pk}/handover/").status_code == 404


def test_one_sees_ones_own_page_and_no_button(cast: Cast) -> None:
    ana = desk(cast, "ana")
    page = words(ana.get(f"/people/{cast.ana.person_id}/"))
    assert ("Your account" in page, "Record a credential" in page) == (True, False)
    assert ana.get(f"/people/{cast.lee.person_id}/").status_code == 404
    nobody = known("nobody")
    ana.force_login(nobody, backend=BACKEND)
    assert ana.get(f"/people/{nobody.pk}/").status_code == 403


def test_a_post_is_changed_ended_ahead_and_a_person_woken(cast: Cast) -> None:
    kim = desk(cast, "kim")
    assert "Change the post of Ana" in words(kim.get(f"/posts/{cast.ana.pk}/change/"))
    wide = {"roles": ["analyst", "liaison"], "ceiling": "2"}
    kim.post(f"/posts/{cast.ana.pk}/change/", wide)
    assert "waits for a second" in words(kim.get(f"/people/{cast.ana.person_id}/"))
    answer = kim.post(f"/posts/{cast.ana.pk}/change/", {"ceiling": "2"})
    assert (answer.status_code, faults_of(answer.content.decode())) == (422, [])
    kim.post(f"/posts/{cast.ana.pk}/change/", {"roles": ["analyst"], "ceiling": "1"})
    assert Membership.objects.get(pk=cast.ana.pk).ceiling == 1
    assert kim.post(f"/posts/{cast.ana.pk}/end/", {"when": "later"}).status_code == 422
    over = {"when": "later", "on": "2020-01-01"}
    assert kim.post(f"/posts/{cast.ana.pk}/end/", over).status_code == 422
    kim.post(f"/posts/{cast.ana.pk}/end/", {"when": "later", "on": f"{days(9):%Y-%m-%d}"})
    ended = Membership.objects.get(pk=cast.ana.pk).ended_at
    assert ended is not None
    assert ended.date() == days(9).date()
    sam = words(desk(cast, "sam").get(f"/posts/{cast.ana.pk}/end/"))
    assert "Last day" not in sam
    Person.objects.filter(pk=cast.lee.person_id).update(created_at=days(-99))
    assert "Let in again" in words(kim.get(f"/people/{cast.lee.person_id}/"))
    kim.post(f"/people/{cast.lee.person_id}/wake/")
    assert Membership.objects.acting().filter(pk=cast.lee.pk).exists()


def test_credentials_are_recorded_with_their_usual_end_and_taken_back(cast: Cast) -> None:
    require_credential(PORTAL, kind="cfr_23", role=Role.ANALYST)
    force = form_task_force(
        PORTAL,
        short_name="river",
        name="River Force",
        lead=cast.alpha,
        agreement=agreement(cast.alpha, cast.bravo),
    )
    second(PORTAL, force, cast.ana)
    kim = desk(cast, "kim")
    page = words(kim.get(f"/people/{cast.ana.person_id}/"))
    assert ("Credential lapsed" in page, "River Force" in page) == (True, True)
    said = {"kind": "cfr_23", "issuer": "State", "issued_on": "2026-08-31"}
    kim.post(f"/people/{cast.ana.person_id}/credentials/new/", said)
    found = Credential.objects.get()
    assert f"{found.expires_at:%Y-%m-%d}" == "2028-08-31"
    assert "Active" in words(kim.get(f"/people/{cast.ana.person_id}/"))
    kim.post(f"/credentials/{found.pk}/revoke/")
    assert not Membership.objects.acting().filter(pk=cast.ana.pk).exists()
    bad = {**said, "issued_on": "2099-01-01"}
    answer = kim.post(f"/people/{cast.ana.person_id}/credentials/new/", bad)
    assert (answer.status_code, "yet to come" in words(answer)) == (422, True)
    assert kim.post(f"/credentials/{cast.ana.pk}/revoke/").status_code == 404
    assert "has lapsed or is not recorded" in words(desk(cast, "ana").get("/"))


def test_a_new_address_is_confirmed_by_its_person_signed_in(cast: Cast) -> None:
    kim, ana = desk(cast, "kim"), desk(cast, "ana")
    kim.post(f"/people/{cast.ana.person_id}/address/", {"email": "ames@bravo.example"})
    link = link_in_mail()
    assert Client().get(link).status_code == 302
    assert kim.get(link).status_code == 404
    assert "ames@bravo.example" in words(ana.get(link))
    assert ana.post(link).status_code == 302
    assert Person.objects.get(pk=cast.ana.person_id).email == "ames@bravo.example"
    assert "is your address" in words(ana.get(link))
    change = propose_address(PORTAL, cast.ana.person, email="taken@example.org")
    known("taken")
    answer = ana.post(f"/people/address/{token_for('address', change.pk)}/")
    assert (answer.status_code, "another account" in words(answer)) == (422, True)


def test_a_review_is_gone_through_closed_and_taken_out_without_formulas(cast: Cast) -> None:
    Person.objects.filter(pk=cast.ana.person_id).update(name="=cmd|' /C calc'!A0")
    kim, sam = desk(cast, "kim"), desk(cast, "sam")
    assert "Next due" in words(kim.get("/people/reviews/"))
    begun = kim.post("/people/reviews/begin/", follow=True)
    page = words(begun)
    where = begun.redirect_chain[-1][0]
    assert "5 posts left" in page
    fields = [part.split('"')[0] for part in page.split('name="post-')[1:]]
    own = next(one for one in fields if f'for="post-{one}">What becomes of the post of Kim' in page)
    refused = kim.post(where, {f"post-{one}": "keep" for one in fields}, follow=True)
    assert "Nothing was kept" in words(refused)
    kim.post(where, {f"post-{one}": "keep" for one in fields if one != own})
    assert "Close the review" not in words(kim.get(where))
    assert "no answer yet" in words(kim.post(f"{where}close/", follow=True))
    sam.post(where, {f"post-{own}": "keep", "post-x": "keep"})
    assert "Close the review" in words(kim.get(where))
    assert "Closed" in words(kim.post(f"{where}close/", follow=True))
    file = kim.post(f"{where}file/")
    rows = list(csv.reader(StringIO(file.content.decode("utf-8-sig"))))
    assert ("attachment" in file["Content-Disposition"], len(rows)) == (True, 8)
    assert any(row[1].startswith("'=cmd") for row in rows if len(row) > 1)
    assert Event.objects.filter(kind="review.exported").count() == 1
    assert words(kim.get(f"{where}?after=0"))
    assert "begun" in words(desk(cast, "root").get("/people/reviews/")).lower()
    assert desk(cast, "root").post("/people/reviews/begin/").status_code == 404


def test_an_auditor_is_invited_by_an_administrator(cast: Cast) -> None:
    root = desk(cast, "root")
    assert "Invite an auditor" in words(root.get("/people/auditors/new/"))
    said = {
        "name": "Ora",
        "email": "ora@state.example",
        "agencies": [cast.alpha.pk, cast.bravo.pk],
        "until": f"{days(60):%Y-%m-%d}",
    }
    page = words(root.post("/people/auditors/new/", said, follow=True))
    assert "Auditor from outside" in page
    ora = Client()
    ora.post(link_in_mail(), {"password": GOOD, "again": GOOD})
    person = Person.objects.get(email="ora@state.example")
    assert Membership.objects.acting().filter(person=person).count() == 2
    ora.force_login(person, backend=BACKEND)
    assert ora.get("/ledger/").status_code == 200
    assert {one.kind for one in Event.objects.filter(person=person.pk)} >= {"nomination.accepted"}


def test_an_administrator_nominates_a_coordinator_for_an_agency(cast: Cast) -> None:
    root = desk(cast, "root")
    said = {**NEW, "roles": ["coordinator"], "agency": cast.bravo.pk}
    assert "Nina Novak" in words(root.post("/people/nominations/new/", said, follow=True))
    link = link_in_mail()
    done = Client().post(link, {"password": GOOD, "again": GOOD})
    assert "is open. Sign in" in words(done)


@pytest.mark.parametrize(("name", "status"), [("sam", 200), ("kim", 403), ("bea", 404)])
def test_the_handover_is_for_the_release_authority(cast: Cast, name: str, status: int) -> None:
    answer = desk(cast, name).get(f"/posts/{cast.ana.pk}/handover/")
    assert answer.status_code == status
    if status == 200:
        page = words(answer)
        assert "nobody can list it" in page
        assert "Cases they worked on" in page
        assert desk(cast, name).get(f"/posts/{cast.sam.pk}/handover/").status_code == 403


def test_a_wider_post_is_seen_where_it_waits(cast: Cast) -> None:
    change_post(cast.acts("kim"), cast.ana, roles=["analyst", "supervisor"], ceiling=2)
    sam = desk(cast, "sam")
    page = words(sam.get("/people/nominations/"))
    assert "Ana" in page
    found = Nomination.objects.get()
    assert "Until now" in words(sam.get(f"/people/nominations/{found.pk}/"))
    nominate(PORTAL, cast.bravo, email="x@y.example", name="X", roles=["analyst"], ceiling=1)
    assert "X</a>" not in words(sam.get("/people/nominations/"))
