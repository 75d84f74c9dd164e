"""Who may use the interface at all, and how it says that one may not."""

from __future__ import annotations

import json
import uuid

import pytest
from django.db import OperationalError
from django.test import Client
from rest_framework.test import APIClient

from agencies.models import PersonalToken
from agencies.services.token import revoke_token
from cases.models import Case
from tests.api.conftest import API, Caller, refused
from tests.cast import Cast


def test_a_token_says_who_asks_and_under_which_hat(cast: Cast, caller: Caller) -> None:
    answer = caller("ana").get(API + "me")
    post = cast.posts["ana"]
    hat = {
        "id": str(post.pk),
        "agency": {"short_name": "alpha", "name": "Alpha Police"},
        "roles": ["analyst"],
        "ceiling": "confidential",
    }
    assert answer.json() == {
        "id": str(post.person_id),
        "email": "ana@alpha.example",
        "name": "Ana",
        "hat": hat,
        "hats": [hat],
        "is_administrator": False,
        "version": 1,
        "allowed_actions": [],
    }


def test_a_session_asks_as_its_person(cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.posts["ana"].person)
    assert browser.get(API + "me").json()["email"] == "ana@alpha.example"


def test_a_session_changes_something_only_with_the_token_of_its_page(cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.posts["ana"].person)
    body = json.dumps({"title": "Entry", "type": "burglary"})
    kind = "application/json"
    assert refused(browser.post(API + "cases", body, content_type=kind)) == (403, None)
    assert Case.objects.unrestricted("a test counts").count() == 0
    browser.cookies["liaison_csrf"] = token = "x" * 32
    headers = {"X-CSRFToken": token}
    answer = browser.post(API + "cases", body, content_type=kind, headers=headers)
    assert answer.status_code == 201, answer.content


@pytest.mark.parametrize(
    "authorization", [None, "Bearer", "Bearer nothing", "Bearer lia_\xff", "Basic YTpi", "Token x"]
)
def test_without_a_token_that_holds_nothing_is_answered(
    cast: Cast, authorization: str | None
) -> None:
    client = APIClient()
    if authorization:
        client.credentials(HTTP_AUTHORIZATION=authorization)
    answer = client.get(API + "me")
    assert refused(answer) == (401, None)
    assert answer["WWW-Authenticate"].startswith('Bearer realm="liaison"')


def test_a_revoked_token_ends_at_once(cast: Cast, caller: Caller) -> None:
    client = caller("ana")
    assert client.get(API + "me").status_code == 200
    revoke_token(cast.actor("ana"), PersonalToken.objects.get())
    assert refused(client.get(API + "me")) == (401, None)


def test_scopes_bound_what_a_token_does(caller: Caller) -> None:
    assert caller("ana", "read").get(API + "me").status_code == 200
    assert refused(caller("ana", "write").get(API + "me")) == (403, None)
    assert refused(caller("ana", "read").post(API + "cases", {}, format="json")) == (403, None)
    with_both = caller("ana", "read", "write").post(API + "cases", {}, format="json")
    assert with_both.status_code == 400


@pytest.mark.parametrize("address", ["me", "me/", "codes/later", "codes/later/"])
def test_an_address_works_with_and_without_a_slash(caller: Caller, address: str) -> None:
    assert caller("ana").get(API + address).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nothing",
        "nothing/at/all/",
        "codes/nothing",
        "codes/../me",
        "cases/not-an-id",
        "cases/%00",
        "cases/%0A",
        f"cases/{uuid.UUID(int=0)}",
        f"items/{uuid.UUID(int=1)}/",
        f"share-requests/{uuid.UUID(int=1)}",
        f"grants/{uuid.UUID(int=1)}",
        f"records/{uuid.UUID(int=1)}/access",
    ],
)
def test_what_is_not_there_answers_with_the_same_bytes(caller: Caller, address: str) -> None:
    client = caller("ana")
    answer, nowhere = client.get(API + address), client.get("/api/v1/nowhere")
    assert refused(answer) == (404, None)
    assert answer.content == nowhere.content
    assert sorted(answer.headers) == sorted(nowhere.headers)


def test_every_answer_carries_its_own_id_in_a_header_only(caller: Caller) -> None:
    first, second = (caller("ana").get(API + "nothing") for _ in range(2))
    assert uuid.UUID(first["X-Request-ID"]) != uuid.UUID(second["X-Request-ID"])
    assert first.content == second.content


def test_another_method_is_a_problem_that_names_the_right_ones(caller: Caller) -> None:
    answer = caller("ana").delete(API + "me")
    assert refused(answer) == (405, None)
    assert answer["Allow"] == "GET, HEAD"


def test_unknown_and_repeated_parameters_are_refused(caller: Caller) -> None:
    client = caller("ana")
    assert refused(client.get(API + "me?x=1")) == (400, {"x": ["This is not known here."]})
    assert refused(client.get(API + "me?x=1&x=2")) == (400, {"x": ["This is given twice."]})


def test_a_stated_purpose_is_a_code_and_a_case_one_line(caller: Caller) -> None:
    client = caller("ana")
    good = client.get(API + "me", headers={"X-Purpose": "criminal_justice", "X-Case": "BR-77"})
    assert good.status_code == 200
    bad = client.get(API + "me", headers={"X-Purpose": "curiosity", "X-Case": "9" * 81})
    assert refused(bad) == (
        400,
        {
            "X-Purpose": ["This is not a code of purposes."],
            "X-Case": ["Give one line of at most 80 characters."],
        },
    )


@pytest.mark.parametrize(("failure", "status"), [(OperationalError(), 503), (KeyError(), 500)])
def test_a_failure_before_any_view_is_a_problem_too(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, failure: Exception, status: int
) -> None:
    def fails(*args: object, **kwargs: object) -> None:
        raise failure

    browser = Client(raise_request_exception=False)
    browser.force_login(cast.posts["ana"].person)
    with monkeypatch.context() as broken:
        broken.setattr("agencies.middleware.actor_of", fails)
        assert refused(browser.get(API + "me")) == (status, None)
    assert browser.get(API + "me").status_code == 200


def test_too_many_requests_of_one_person_are_told_to_wait(
    caller: Caller, settings: pytest.FixtureRequest
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    ana, bo = caller("ana"), caller("bo")
    assert [ana.get(API + "me").status_code for _ in range(2)] == [200, 200]
    late = ana.get(API + "me")
    assert refused(late) == (429, None)
    assert 1 <= int(late["Retry-After"]) <= 60
    assert bo.get(API + "me").status_code == 200


def test_answers_are_not_kept_by_anyone_between(caller: Caller) -> None:
    assert caller("ana").get(API + "me")["Cache-Control"] == "no-store"
