"""How people want pages: kept with the person, written down, and changed by nobody else."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from agencies.models import Person
from agencies.refusals import Invalid
from agencies.services import set_preferences
from tests.agencies.cast import Cast, events, last_event


@pytest.fixture
def ana(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ana.person)
    return client


def kept(cast: Cast) -> tuple[str, bool]:
    person = Person.objects.get(pk=cast.ana.person_id)
    return person.theme, person.single_keys


def test_nobody_has_chosen_at_first(cast: Cast) -> None:
    assert kept(cast) == ("system", True)


def test_what_is_chosen_is_kept_and_written(cast: Cast) -> None:
    set_preferences(cast.acts("ana"), theme="dark", single_keys=False)
    assert kept(cast) == ("dark", False)
    event = last_event()
    assert (event.kind, event.target, event.facts) == (
        "person.preferred",
        cast.ana.person_id,
        {"theme": "dark", "single_keys": False},
    )
    other = Person.objects.get(pk=cast.bo.person_id)
    assert (other.theme, other.single_keys) == ("system", True)


def test_what_is_left_out_stays_and_the_same_again_is_no_event(cast: Cast) -> None:
    set_preferences(cast.acts("ana"), theme="dark")
    set_preferences(cast.acts("ana"), single_keys=False)
    assert kept(cast) == ("dark", False)
    before = events()
    set_preferences(cast.acts("ana"), theme="dark", single_keys=False)
    assert events() == before


def test_an_unknown_theme_is_refused_by_the_service_and_by_the_database(cast: Cast) -> None:
    with pytest.raises(Invalid):
        set_preferences(cast.acts("ana"), theme="sepia")
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=cast.ana.person_id).update(theme="sepia")


def test_the_page_shows_and_keeps_them(cast: Cast, ana: Client) -> None:
    form = ana.get("/preferences/").context["form"]
    assert form.initial == {"theme": "system", "single_keys": True}
    answer = ana.post("/preferences/", {"theme": "light"})
    assert (answer.status_code, answer["Location"]) == (302, "/preferences/")
    assert kept(cast) == ("light", False)
    page = ana.get("/preferences/").content.decode()
    assert '<html lang="en" data-theme="light">' in page
    assert '<body data-single-keys="off">' in page


def test_a_choice_that_is_none_comes_back(cast: Cast, ana: Client) -> None:
    assert ana.post("/preferences/", {"theme": "sepia"}).status_code == 422
    assert ana.post("/preferences/theme/", {"theme": "sepia"})["Location"] == "/preferences/"
    assert kept(cast) == ("system", True)


def test_the_menu_chooses_and_goes_back_to_the_page(cast: Cast, ana: Client) -> None:
    answer = ana.post("/preferences/theme/", {"theme": "dark", "next": "/agencies/"})
    assert answer["Location"] == "/agencies/"
    assert kept(cast) == ("dark", True)
    assert 'data-theme="dark"' in ana.get("/agencies/").content.decode()
    elsewhere = ana.post("/preferences/theme/", {"theme": "dark", "next": "https://x.example/"})
    assert elsewhere["Location"] == "/"


def test_whoever_has_not_chosen_gets_what_the_device_says(cast: Cast, ana: Client) -> None:
    page = ana.get("/agencies/").content.decode()
    assert '<html lang="en">' in page
    assert "<body>" in page
