"""What directories do beside the standard, Entra's above all, and what ends with a user."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from agencies.models import DirectoryUser, IdentityLink, Membership, Nomination
from agencies.services import issue_token, set_agency_status
from tests.agencies.cast import PORTAL, Cast
from tests.agencies.test_program_pages import BACKEND
from tests.agencies.test_scim import ERROR, NEW, USER, USERS, admitted, call, key_of, patched

ENDS: dict[str, Any] = {
    "switched off in quotes": lambda key, user: patched(
        key, user, {"op": "Replace", "path": "active", "value": "False"}
    ),
    "switched off without a path": lambda key, user: patched(
        key, user, {"op": "Replace", "value": {"active": False}}
    ),
    "switched off in capitals": lambda key, user: patched(
        key, user, {"OP": "replace", "PATH": f"{USER}:Active", "VALUE": "FALSE"}
    ),
    "replaced": lambda key, user: call(key, "PUT", f"{USERS}/{user}", {**NEW, "active": False}),
    "removed": lambda key, user: call(key, "DELETE", f"{USERS}/{user}"),
}


def asked(post: Membership, token: str, browser: Client) -> tuple[int, int]:
    """Return how a page answers the session, and the interface the token."""
    headers = {"Authorization": f"Bearer {token}"}
    page = browser.get("/agencies/").status_code
    return page, Client().get("/api/v1/me", headers=headers).status_code


@pytest.mark.parametrize("name", ENDS)
def test_session_and_tokens_end_at_the_next_statement(cast: Cast, name: str) -> None:
    key = key_of(cast)
    user, post = admitted(cast, key)
    browser, other = Client(), Client()
    browser.force_login(post.person, backend=BACKEND)
    other.force_login(cast.ana.person, backend=BACKEND)
    tokens = [
        issue_token(one.person, membership=one, scopes=["read"], days=1) for one in (post, cast.ana)
    ]
    assert asked(post, tokens[0], browser) == (200, 200)
    ENDS[name](key, user)
    assert asked(post, tokens[0], browser) == (403, 401)
    assert asked(cast.ana, tokens[1], other) == (200, 200)


def test_a_soft_deleted_user_is_found_inactive_until_removed(cast: Cast) -> None:
    key = key_of(cast)
    user, _ = admitted(cast, key)
    patched(key, user, {"op": "Replace", "path": "active", "value": "False"})
    for query in ({}, {"filter": 'userName eq "nia@alpha.example"'}, {"filter": "active eq false"}):
        (found,) = call(key, "GET", **query).json()["Resources"]
        assert (found["id"], found["active"]) == (user, False)
    assert call(key, "GET", filter="active eq true").json()["totalResults"] == 0
    assert call(key, "GET", f"{USERS}/{user}").json()["active"] is False
    assert call(key, "DELETE", f"{USERS}/{user}").status_code == 204
    assert call(key, "DELETE", f"{USERS}/{user}").status_code == 404
    again = call(key, "POST", body=NEW)
    assert (again.status_code, again.json()["id"] == user) == (201, False)


@pytest.mark.parametrize(
    "body",
    [
        NEW,
        NEW | {"userName": "NIA@Alpha.Example"},
        {"Schemas": [USER.upper()], "UserName": "nia@alpha.example"},
    ],
)
def test_a_user_twice_is_a_conflict_whatever_the_case(cast: Cast, body: dict[str, Any]) -> None:
    key = key_of(cast)
    assert call(key, "POST", body=NEW).status_code == 201
    twice = call(key, "POST", body=body)
    assert (twice.status_code, twice.json()["status"], twice.json()["scimType"]) == (
        409,
        "409",
        "uniqueness",
    )
    assert call(key_of(cast, "bea"), "POST", body=body).status_code == 201


@pytest.mark.parametrize(
    "text",
    [
        'userName eq "nia@alpha.example"',
        'UserName Eq "NIA@ALPHA.EXAMPLE"',
        'urn:ietf:params:scim:schemas:core:2.0:user:username EQ "nia@alpha.example"',
        'externalId eq "e-1"',
        'active eq "True"',
        'emails[type eq "work"].value eq "nia@alpha.example"',
    ],
)
def test_filters_are_read_whatever_their_case(cast: Cast, text: str) -> None:
    key = key_of(cast)
    call(key, "POST", body=NEW)
    call(key, "POST", body={"userName": "ola@alpha.example", "active": False})
    found = call(key, "GET", filter=text).json()
    assert [one["userName"] for one in found["Resources"]] == ["nia@alpha.example"]


def test_nothing_is_asked_for_and_the_total_is_said(cast: Cast) -> None:
    key = key_of(cast)
    call(key, "POST", body=NEW)
    page = call(key, "GET", count="0").json()
    assert (page["totalResults"], page["itemsPerPage"], page["Resources"]) == (1, 0, [])
    page = call(key, "GET", startIndex="9").json()
    assert (page["totalResults"], page["startIndex"], page["Resources"]) == (1, 9, [])
    assert len(call(key, "GET", count="1").json()["Resources"]) == 1


def test_several_operations_are_one_change(cast: Cast) -> None:
    key = key_of(cast)
    user = call(key, "POST", body=NEW).json()["id"]
    said = patched(
        key,
        user,
        {"op": "Add", "path": "externalId", "value": "e-9"},
        {"op": "Replace", "value": {"displayName": "Nia N.", "title": "Sergeant"}},
        {"op": "Add", "path": 'phoneNumbers[type eq "work"].value', "value": "1"},
    ).json()
    assert (said["externalId"], said["displayName"], said["schemas"]) == ("e-9", "Nia N.", [USER])
    wrong = patched(
        key,
        user,
        {"op": "Replace", "path": "externalId", "value": "e-10"},
        {"op": "Replace", "path": "active", "value": "perhaps"},
    )
    assert wrong.status_code == 400
    assert DirectoryUser.objects.get().external_id == "e-9"


def test_what_is_not_there_has_the_standards_form(cast: Cast) -> None:
    answer = call(key_of(cast), "GET", f"{USERS}/{uuid4()}")
    assert answer.json() == {
        "schemas": [ERROR],
        "status": "404",
        "detail": "There is no such user.",
    }
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/scim+json")


def test_a_key_that_serves_no_more_is_answered_like_one_that_never_was(cast: Cast) -> None:
    key = key_of(cast)
    user = call(key, "POST", body=NEW).json()["id"]
    never = call("lik_never", "GET", f"{USERS}/{user}")
    set_agency_status(PORTAL, cast.alpha, status="suspended")
    for method, body in (("GET", None), ("PATCH", {}), ("DELETE", None)):
        answer = call(key, method, f"{USERS}/{user}", body)
        assert (answer.status_code, answer.content) == (401, never.content)
    assert DirectoryUser.objects.get().removed_at is None
    set_agency_status(PORTAL, cast.alpha, status="active")
    assert call(key, "GET", f"{USERS}/{user}").status_code == 200


def test_no_other_kind_of_token_opens_the_directory_and_its_key_opens_nothing_else(
    cast: Cast,
) -> None:
    key = key_of(cast)
    personal = issue_token(cast.kim.person, membership=cast.kim, scopes=["read"], days=1)
    never = call("lik_never", "GET")
    assert (call(personal, "GET").status_code, call(personal, "GET").content) == (
        401,
        never.content,
    )
    headers = {"Authorization": f"Bearer {key}"}
    assert Client().get("/api/v1/me", headers=headers).status_code == 401
    assert Client().get("/agencies/", headers=headers).status_code == 302
    assert call(key, "GET").status_code == 200


def test_whoever_comes_back_is_nominated_and_nothing_revives(cast: Cast) -> None:
    key = key_of(cast)
    user, post = admitted(cast, key)
    browser = Client()
    browser.force_login(post.person, backend=BACKEND)
    assert browser.get("/agencies/").status_code == 200
    patched(key, user, {"op": "Replace", "path": "active", "value": "False"})
    patched(key, user, {"op": "Replace", "path": "active", "value": "True"})
    assert browser.get("/agencies/").status_code == 403
    assert Nomination.objects.filter(state="nominated").count() == 1
    assert IdentityLink.objects.count() == 0
