"""Page weights: the list of cases stays light, and the measure sees every file."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from cases.services import open_case
from portal.weights import FONTS, weights_of
from tests.cast import two_agencies

FIRST, NEXT = 150 * 1024, 20 * 1024
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def test_the_list_of_cases_is_light(db: None) -> None:
    cast = two_agencies()
    for number in range(50):
        open_case(
            cast.actor("ana"),
            title=f"Garage burglaries on Fifth, part {number}",
            type="burglary",
            own_number=f"24-{number:04}",
        )
    client = Client()
    client.force_login(cast.posts["ana"].person, backend=BACKEND)
    weights = weights_of(client.get("/cases/").content.decode())
    assert sum(one.size for one in weights) <= FIRST
    assert sum(one.size for one in weights if not one.kept) <= NEXT


def test_every_file_that_a_page_names_is_weighed() -> None:
    html = (
        '<link rel="icon" href="/static/liaison.svg" type="image/svg+xml">'
        '<link rel="stylesheet" href="/static/liaison.css">'
        '<script type="module" src="/static/scripts/terms.js"></script>'
    )
    names = [one.name for one in weights_of(html)]
    assert names == ["page", "liaison.svg", "liaison.css", "scripts/terms.js", *FONTS]
    assert all(one.size > 0 for one in weights_of(html))


def test_a_file_that_is_not_there_is_no_weight_of_nought() -> None:
    with pytest.raises(LookupError):
        weights_of('<script src="/static/none.js"></script>')


def test_the_command_says_first_and_next(db: None) -> None:
    email = two_agencies().posts["ana"].person.email
    out = StringIO()
    call_command("weigh_pages", email, "/agencies/", stdout=out)
    assert "/agencies/ on a first visit" in out.getvalue().splitlines()[-1]
    for wrong in (("nobody@example.org", "/"), (email, "/no/such/")):
        with pytest.raises(CommandError):
            call_command("weigh_pages", *wrong)
