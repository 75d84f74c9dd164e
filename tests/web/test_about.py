"""The page for the chief: for whoever signed in, honest about what is not met, and it prints."""

from __future__ import annotations

from django.test import Client

from agencies.services import admit_person
from portal.about import CJIS, MET, NOT_YET, PART, PART_23, YOURS
from tests.cast import PORTAL
from tests.web.conftest import BACKEND, Browser, text_of
from tests.web.markup import faults_of


def test_every_role_reads_it_and_also_who_has_no_post(browse: Browser) -> None:
    for name in ("ana", "ida", "cora"):
        answer = browse(name).get("/about/")
        assert answer.status_code == 200
        assert faults_of(answer.content.decode()) == []
    client = Client()
    postless = admit_person(PORTAL, email="new@x.example", name="New")
    client.force_login(postless, backend=BACKEND)
    assert client.get("/about/").status_code == 200


def test_it_is_for_whoever_signed_in_but_the_demo_shows_it_before(db: None) -> None:
    assert Client().get("/about/").status_code == 302
    assert "Liaison on one page" in text_of(Client().get("/demo/about/"))
    assert 'href="/demo/about/"' in text_of(Client().get("/demo/"))
    elsewhere = Client().get("/demo/about/", REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 404


def test_it_prints_instead_of_the_line_that_others_print(browse: Browser) -> None:
    page = browse("ana").get("/about/").content.decode()
    assert "print-line" not in page
    assert "print-line" in browse("ana").get("/agencies/").content.decode()


def test_it_says_what_is_met_and_what_is_not(browse: Browser) -> None:
    page = text_of(browse("ana").get("/about/"))
    points = (*CJIS, *PART_23)
    assert {point.state for point in points} == {MET, PART, NOT_YET, YOURS}
    for point in points:
        assert point.asks in page
        assert point.how in page
    unmet = {point.asks for point in points if point.state == NOT_YET}
    assert unmet == {"Reasonable suspicion", "Review within five years"}
