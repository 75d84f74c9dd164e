"""The demonstration's personas: on this machine, in demo mode, and nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from agencies.models import Person
from tests.agencies.cast import Cast, a_cast, agreement, known, last_event


@pytest.fixture
def cast(db: None) -> Cast:
    cache.clear()
    return a_cast()


def run_without_demo(code: str) -> subprocess.CompletedProcess[str]:
    """Run *code* in a portal that is not in demo mode."""
    environment = {**os.environ, "LIAISON_DEMO": "0", "DJANGO_SETTINGS_MODULE": "portal.settings"}
    return subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{code}"],
        cwd=settings.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


PARTS = ("views", "urls", "personas", "offers", "stories", "strip")


@pytest.mark.parametrize("module", ["portal.demo", *(f"portal.demo.{name}" for name in PARTS)])
def test_it_cannot_be_loaded_outside_demo_mode(module: str) -> None:
    done = run_without_demo(f"import {module}")
    assert done.returncode == 1
    assert "ImproperlyConfigured" in done.stderr


def test_outside_demo_mode_it_has_no_address_and_sign_in_is_the_usual_one() -> None:
    done = run_without_demo(
        "from django.conf import settings\n"
        "from django.urls import NoReverseMatch, resolve, reverse, Resolver404\n"
        "try:\n    resolve('/demo/')\nexcept Resolver404:\n    print('nowhere')\n"
        "try:\n    reverse('personas')\nexcept NoReverseMatch:\n    print('nameless')\n"
        "print(reverse(settings.LOGIN_URL))"
    )
    assert done.stdout.split() == ["nowhere", "nameless", "/account/login/"]


def test_the_page_shows_everyone_by_agency(cast: Cast, client: Client) -> None:
    known("stranger")
    page = client.get("/demo/")
    shown = {
        group.agency: [
            (persona.membership.person.name, persona.roles) for persona in group.personas
        ]
        for group in page.context["casts"]
    }
    assert shown == {
        "Alpha Police": [
            ("Ana", "Investigator / analyst"),
            ("Ida", "Auditor"),
            ("Kim", "Agency coordinator"),
            ("Lee", "Duty desk"),
            ("Sam", "Release authority"),
        ],
        "Bravo Police": [("Bea", "Agency coordinator"), ("Bo", "Investigator / analyst")],
    }
    assert [person.name for person in page.context["administrators"]] == ["Root"]


def test_whoever_is_signed_out_is_led_to_it(db: None, client: Client) -> None:
    assert client.get("/agencies/")["Location"] == "/demo/?next=/agencies/"


def test_one_press_signs_in_and_another_is_somebody_else(cast: Cast, client: Client) -> None:
    for post in (cast.ana, cast.bo):
        chosen = {"person": post.person_id, "membership": post.pk}
        response = client.post("/demo/enter/", chosen)
        assert (response.status_code, response["Location"]) == (302, "/")
        assert client.session["_auth_user_id"] == str(post.person_id)
        assert client.session["hat"] == str(post.pk)
        assert (last_event().kind, last_event().person) == ("person.signed_in", post.person_id)


def test_the_page_that_was_asked_for_follows(cast: Cast, client: Client) -> None:
    assert 'name="next" value="/agencies/"' in client.get("/demo/?next=/agencies/").content.decode()
    chosen = {"person": cast.ana.person_id, "next": "/agencies/"}
    assert client.post("/demo/enter/", chosen)["Location"] == "/agencies/"


def test_an_administrator_is_entered_without_a_post(cast: Cast, client: Client) -> None:
    client.post("/demo/enter/", {"person": cast.root.person_id})
    assert client.session["_auth_user_id"] == str(cast.root.person_id)
    assert "hat" not in client.session


def test_it_takes_a_form_of_ours(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    chosen = {"person": cast.ana.person_id, "membership": cast.ana.pk}
    assert client.post("/demo/enter/", chosen).status_code == 403
    assert client.get("/demo/enter/").status_code == 405


def test_a_wrong_choice_is_nobody(cast: Cast, client: Client) -> None:
    for wrong in (
        {},
        {"person": "x"},
        {"person": str(uuid4())},
        {"person": str(cast.ana.person_id), "membership": str(cast.bo.pk)},
    ):
        assert client.post("/demo/enter/", wrong).status_code == 404
    assert "_auth_user_id" not in client.session
    assert client.post("/demo/enter/", {"person": cast.ana.person_id}).status_code == 302


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "192.0.2.7"},
        {"HTTP_FORWARDED": "for=192.0.2.7"},
    ],
)
def test_it_is_not_there_for_another_machine(
    cast: Cast, client: Client, elsewhere: dict[str, str]
) -> None:
    chosen = {"person": cast.ana.person_id, "membership": cast.ana.pk}
    assert client.get("/demo/", **elsewhere).status_code == 404  # type: ignore[arg-type]
    assert client.post("/demo/enter/", chosen, **elsewhere).status_code == 404  # type: ignore[arg-type]
    assert client.get("/demo/", REMOTE_ADDR="::1").status_code == 200


def test_the_strip_leads_to_the_other_side_and_back(cast: Cast, client: Client) -> None:
    agreement(cast.alpha, cast.bravo)
    client.post("/demo/enter/", {"person": cast.bo.person_id, "membership": cast.bo.pk})
    asked = {
        "agency_id": str(cast.alpha.pk),
        "own_number": "24-1832",
        "level": "view",
        "purpose": "criminal_justice",
        "for_case": "BR-77",
        "reason": "Same pry marks",
        "until": "2099-01-01",
        "later": "except_protected",
    }
    sent = client.post("/requests/ask/", asked)
    assert sent.status_code == 302, sent.content.decode()
    offer = client.get(sent["Location"]).context["offer"]
    assert (offer["said"], offer["name"], offer["next"]) == ("Sent.", "Sam", sent["Location"])

    over = {name: offer[name] for name in ("person", "membership", "next")}
    answer = client.post("/demo/enter/", {**over, "from": "/requests/?box=sent"})
    assert answer["Location"] == sent["Location"]
    assert client.session["hat"] == str(cast.sam.pk)
    back = client.get(sent["Location"]).context["offer"]
    assert (back["name"], back["next"]) == ("Bo", "/requests/?box=sent")

    client.post("/demo/enter/", {name: back[name] for name in ("person", "membership", "next")})
    assert client.session["hat"] == str(cast.bo.pk)
    assert client.get("/agencies/").context["offer"] is None


def test_what_has_no_other_side_offers_none(cast: Cast, client: Client) -> None:
    client.post("/demo/enter/", {"person": cast.ana.person_id, "membership": cast.ana.pk})
    client.post("/preferences/theme/", {"theme": "dark"})
    assert client.get("/agencies/").context["offer"] is None
    assert "every agency, person and case here is invented" in (
        client.get("/agencies/").content.decode()
    )


def test_stories_begin_only_with_people_who_are_there(cast: Cast, client: Client) -> None:
    assert client.get("/demo/").context["stories"] == []
    Person.objects.filter(pk=cast.sam.person_id).update(email="sam@harlan.example")
    told = client.get("/demo/").context["stories"]
    assert [(one.story.title, one.post) for one in told] == [("I decide", cast.sam)]
    assert "Begin as Sam" in client.get("/demo/").content.decode()
