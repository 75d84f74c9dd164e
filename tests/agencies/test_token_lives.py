"""Tokens die with the person, the agency and the change of password: of theirs, and no other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from agencies.figures import DORMANT_AFTER
from agencies.models import Agency, Person, PersonalToken
from agencies.services import (
    disable_person,
    draw_secret,
    end_membership,
    issue_token,
    set_agency_status,
)
from agencies.services.password import set_own_password
from tests.agencies.cast import PORTAL, Cast
from tests.agencies.test_programs import program_of
from tests.agencies.test_programs import token_of as token_of_program

ME = "/api/v1/me"


def asked(token: str) -> tuple[int, bytes]:
    """Return what the interface answers to a token, but for whom it names."""
    answer = Client().get(ME, headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, b"" if answer.status_code == 200 else answer.content


def tokens(cast: Cast) -> dict[str, str]:
    """Return a personal token of Ana, of Sam beside her, and of Bo elsewhere."""
    return {
        name: issue_token(post.person, membership=post, scopes=["read"], days=1)
        for name, post in {"ana": cast.ana, "sam": cast.sam, "bo": cast.bo}.items()
    }


def own_password(cast: Cast) -> Any:
    return set_own_password(cast.acts("ana"), cast.ana.person, password="quite another walk")


def long_away(cast: Cast) -> Any:
    before = DORMANT_AFTER + timedelta(days=1)
    return Person.objects.filter(pk=cast.ana.person_id).update(
        created_at=F("created_at") - before, last_seen_at=F("created_at") - before
    )


ENDS: dict[str, tuple[Callable[[Cast], Any], set[str]]] = {
    "the person is disabled": (lambda cast: disable_person(PORTAL, cast.ana.person), {"ana"}),
    "the post ends": (lambda cast: end_membership(PORTAL, cast.ana), {"ana"}),
    "the password changes": (own_password, {"ana"}),
    "the person is long away": (long_away, {"ana"}),
    "the agency is suspended": (
        lambda cast: set_agency_status(PORTAL, cast.alpha, status="suspended"),
        {"ana", "sam"},
    ),
    "the agency is closed": (
        lambda cast: Agency.objects.filter(pk=cast.alpha.pk).update(status="closed"),
        {"ana", "sam"},
    ),
    "the token ends": (
        lambda cast: PersonalToken.objects.filter(person=cast.ana.person_id).update(
            expires_at=F("created_at") + timedelta(microseconds=1)
        ),
        {"ana"},
    ),
}


@pytest.mark.parametrize("name", ENDS)
def test_a_personal_token_dies_with_that_and_others_live(cast: Cast, name: str) -> None:
    end, dead = ENDS[name]
    given, never = tokens(cast), asked("lia_" + "x" * 43)
    assert {one: asked(token)[0] for one, token in given.items()} == dict.fromkeys(given, 200)
    end(cast)
    answers = {one: asked(token) for one, token in given.items()}
    assert {one for one, answer in answers.items() if answer[0] != 200} == dead
    assert {answers[one] for one in dead} == {never}


PROGRAM_ENDS: dict[str, tuple[Callable[[Cast], Any], bool]] = {
    "who answers is disabled": (lambda cast: disable_person(PORTAL, cast.ana.person), True),
    "the agency is suspended": (
        lambda cast: set_agency_status(PORTAL, cast.alpha, status="suspended"),
        True,
    ),
    "the agency is closed": (
        lambda cast: Agency.objects.filter(pk=cast.alpha.pk).update(status="closed"),
        True,
    ),
    "another agency is suspended": (
        lambda cast: set_agency_status(PORTAL, cast.bravo, status="suspended"),
        False,
    ),
    "somebody else is disabled": (lambda cast: disable_person(PORTAL, cast.sam.person), False),
    "who answers has a new password": (own_password, False),
}


@pytest.mark.parametrize("name", PROGRAM_ENDS)
def test_a_programs_token_dies_with_who_answers_and_the_agency(cast: Cast, name: str) -> None:
    end, dies = PROGRAM_ENDS[name]
    program = program_of(cast)
    token = token_of_program(program, draw_secret(cast.acts("ana"), program))
    assert asked(token)[0] == 200
    end(cast)
    assert asked(token)[0] == (401 if dies else 200)
