"""The pages of programs and personal tokens: who sees them, what is shown once, what is kept."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from oauth2_provider.models import AccessToken

from agencies.codes import Sensitivity
from agencies.models import PersonalToken, Program
from agencies.programs import actor_for_program_token, program_by_secret
from agencies.services import draw_secret, issue_token
from agencies.tokens import actor_for_token
from portal.tasks import forget_program_tokens
from tests.agencies.cast import Cast, days
from tests.agencies.test_programs import program_of, token_of
from tests.sessions import signed_in_at
from tests.web.markup import faults_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FORM = {
    "name": "RMS export",
    "roles": "analyst",
    "ceiling": "2",
    "scopes": "read",
}


def browser(cast: Cast, name: str) -> Client:
    """Return a browser in which somebody of the cast is signed in."""
    client = Client()
    client.force_login(getattr(cast, name).person, backend=BACKEND)
    return client


def shown_once(answer: Any) -> str:
    """Return what a page shows this once."""
    (found,) = re.findall(r'id="once-text".*?value="([^"]+)"', answer.content.decode(), re.DOTALL)
    return str(found)


def test_a_coordinator_registers_and_who_answers_draws_the_secret(cast: Cast) -> None:
    kim, ana = browser(cast, "kim"), browser(cast, "ana")
    answer = kim.post("/programs/new/", FORM | {"answerable": str(cast.ana.pk)}, follow=True)
    assert "Ana answers for it and draws its secret here." in answer.content.decode()
    program = Program.objects.get()
    assert (program.membership.ceiling, program.scopes) == (Sensitivity.SENSITIVE, ["read"])
    assert kim.post(f"/programs/{program.pk}/secret/").status_code == 403
    page = ana.post(f"/programs/{program.pk}/secret/")
    secret = shown_once(page)
    assert (page["Cache-Control"], faults_of(page.content.decode())) == ("no-store", [])
    assert program_by_secret(program.client_id, secret) == program
    assert secret not in ana.get("/programs/").content.decode()


def test_what_is_wrong_comes_back_with_what_was_typed(cast: Cast) -> None:
    kim = browser(cast, "kim")
    answer = kim.post("/programs/new/", FORM | {"answerable": str(cast.ida.pk)})
    page = answer.content.decode()
    assert (answer.status_code, "never do more than the person" in page) == (422, True)
    assert ('value="RMS export"' in page, faults_of(page)) == (True, [])
    theirs = kim.post("/programs/new/", FORM | {"answerable": str(cast.bo.pk)})
    assert (theirs.status_code, Program.objects.count()) == (422, 0)


SEES = {"ana": True, "kim": True, "sam": True, "lee": True, "ida": False, "bo": False, "bea": False}


@pytest.mark.parametrize("name", SEES)
def test_programs_are_seen_by_who_may_stop_them_and_who_answers(cast: Cast, name: str) -> None:
    program = program_of(cast)
    client = browser(cast, name)
    page = client.get("/programs/").content.decode()
    assert (program.name in page, faults_of(page)) == (SEES[name], [])
    revoked = client.post(f"/programs/{program.pk}/revoke/")
    assert revoked.status_code == (302 if SEES[name] else 404)
    assert Program.objects.filter(revoked_at__isnull=False).exists() is SEES[name]


def test_what_may_not_be_known_is_what_never_was(cast: Cast) -> None:
    program = program_of(cast)
    bea = browser(cast, "bea")
    for act in ("secret", "revoke", "hand-over"):
        answers = [bea.post(f"/programs/{one}/{act}/") for one in (program.pk, uuid4())]
        assert [one.status_code for one in answers] == [404, 404]
        assert answers[0].content == answers[1].content


@pytest.mark.parametrize("name", ["ana", "sam", "ida"])
def test_only_a_coordinator_opens_the_forms(cast: Cast, name: str) -> None:
    program = program_of(cast)
    client = browser(cast, name)
    assert client.get("/programs/new/").status_code == 403
    assert client.get(f"/programs/{program.pk}/hand-over/").status_code == 403
    kim = browser(cast, "kim")
    for address in ("/programs/new/", f"/programs/{program.pk}/hand-over/"):
        page = kim.get(address)
        assert (page.status_code, faults_of(page.content.decode())) == (200, [])


def test_a_program_is_handed_over_on_its_page(cast: Cast) -> None:
    program = program_of(cast)
    secret = draw_secret(cast.acts("ana"), program)
    kim = browser(cast, "kim")
    address = f"/programs/{program.pk}/hand-over/"
    assert kim.post(address, {"answerable": str(cast.ida.pk)}).status_code == 422
    assert kim.post(address, {"answerable": str(cast.sam.pk)}).status_code == 302
    assert Program.objects.get().answerable == cast.sam
    assert program_by_secret(program.client_id, secret) is None


def test_registering_asks_again_who_one_is(cast: Cast) -> None:
    kim = browser(cast, "kim")
    signed_in_at(kim, cast.kim.person, 0)
    kim.post("/programs/new/", FORM | {"answerable": str(cast.ana.pk)})
    assert Program.objects.count() == 0


def test_a_person_makes_a_token_sees_it_once_and_ends_it(cast: Cast) -> None:
    ana = browser(cast, "ana")
    page = ana.get("/account/tokens/").content.decode()
    assert ("You have no tokens." in page, faults_of(page)) == (True, [])
    made = ana.post("/account/tokens/", {"name": "Report", "scopes": ["read"], "days": "7"})
    plain = shown_once(made)
    assert (made.status_code, faults_of(made.content.decode())) == (200, [])
    assert actor_for_token(plain) == (cast.acts("ana"), frozenset({"read"}))
    page = ana.get("/account/tokens/").content.decode()
    assert ("Report" in page, plain in page) == (True, False)
    kept = PersonalToken.objects.get()
    answer = ana.post(f"/account/tokens/{kept.pk}/revoke/", {"next": "/account/tokens/"})
    assert answer["Location"] == "/account/tokens/"
    assert actor_for_token(plain) is None


@pytest.mark.parametrize(
    "wrong", [{"days": "0"}, {"days": "367"}, {"scopes": "all"}, {"name": "x" * 81}]
)
def test_a_wrong_wish_comes_back(cast: Cast, wrong: dict[str, str]) -> None:
    ana = browser(cast, "ana")
    said = {"name": "Report", "scopes": "read", "days": "7"}
    assert ana.post("/account/tokens/", said | wrong).status_code == 422
    assert PersonalToken.objects.count() == 0
    assert ana.post("/account/tokens/", said).status_code == 200


REVOKES = {"ana": 302, "kim": 302, "sam": 404, "bea": 404, "bo": 404}


@pytest.mark.parametrize("name", REVOKES)
def test_a_coordinator_ends_tokens_of_the_agencys_people(cast: Cast, name: str) -> None:
    plain = issue_token(cast.ana.person, membership=cast.ana, scopes=["read"], days=1, name="Mine")
    kept = PersonalToken.objects.get()
    client = browser(cast, name)
    assert ("Mine" in client.get("/programs/").content.decode()) is (name == "kim")
    answer = client.post(f"/account/tokens/{kept.pk}/revoke/")
    assert answer.status_code == REVOKES[name]
    assert (actor_for_token(plain) is None) is (REVOKES[name] == 302)


def test_the_last_use_is_noted_at_most_hourly(cast: Cast) -> None:
    plain = issue_token(cast.ana.person, membership=cast.ana, scopes=["read"], days=1)
    actor_for_token(plain)
    first = PersonalToken.objects.get().used_at
    actor_for_token(plain)
    assert PersonalToken.objects.get().used_at == first
    long_ago = days(-1)
    PersonalToken.objects.update(used_at=long_ago)
    actor_for_token(plain)
    assert PersonalToken.objects.get().used_at != long_ago


def test_tokens_that_have_ended_are_forgotten(cast: Cast) -> None:
    program = program_of(cast)
    secret = draw_secret(cast.acts("ana"), program)
    first = token_of(program, secret)
    AccessToken.objects.update(expires=days(-0.001))
    second = token_of(program, secret)
    assert (forget_program_tokens(), forget_program_tokens()) == (1, 0)
    assert actor_for_program_token(first) is None
    assert actor_for_program_token(second) is not None
