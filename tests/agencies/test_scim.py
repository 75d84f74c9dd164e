"""An agency's directory makes its people known and takes them away: SCIM 2.0, habits included."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from agencies.codes import Sensitivity
from agencies.models import (
    DirectoryUser,
    Membership,
    Nomination,
    Person,
    ProvisioningKey,
)
from agencies.refusals import Invalid, NotAllowed
from agencies.scim import KnownOnly, ScimError, condition, said_by, said_of
from agencies.services import admit_person, disable_person, end_membership, set_agency_status
from agencies.services.acceptance import accept_as_new
from agencies.services.provisioning import (
    issue_provisioning_key,
    remove_directory_user,
    revoke_provisioning_key,
)
from agencies.services.validation import validate_nomination
from tests.agencies.cast import PASSWORD, PORTAL, Cast, events, last_event
from tests.agencies.test_program_pages import browser, shown_once
from tests.web.markup import faults_of

USERS = "/scim/v2/Users"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
NEW = {
    "schemas": [USER],
    "userName": "nia@alpha.example",
    "externalId": "e-1",
    "name": {"givenName": "Nia", "familyName": "Nash"},
    "active": True,
    "emails": [{"primary": True, "type": "work", "value": "nia@alpha.example"}],
    "title": "Detective",
}


def key_of(cast: Cast, name: str = "kim", **changes: Any) -> str:
    """Return a key of that coordinator's agency."""
    plain = f"lik_{uuid4()}"
    values: dict[str, Any] = {"roles": ["analyst"], "ceiling": Sensitivity.ROUTINE}
    issue_provisioning_key(cast.acts(name), plain, **values | changes)
    return plain


def call(key: str, method: str, address: str = USERS, body: Any = None, **query: str) -> Any:
    """Call as the directory that holds *key*."""
    sent = {} if body is None else {"data": json.dumps(body)}
    return Client().generic(
        method,
        address,
        **sent,
        content_type="application/scim+json",
        query_params=query,
        headers={"Authorization": f"Bearer {key}"},
    )


def patched(key: str, user: str, *operations: dict[str, Any]) -> Any:
    """Send a patch of these operations."""
    body = {"schemas": [PATCH], "Operations": list(operations)}
    return call(key, "PATCH", f"{USERS}/{user}", body)


def admitted(cast: Cast, key: str) -> tuple[str, Membership]:
    """Return a user whose nomination was accepted and validated, and their post."""
    user = call(key, "POST", body=NEW).json()["id"]
    nomination = Nomination.objects.get()
    accept_as_new(nomination, password=PASSWORD)
    validated = validate_nomination(cast.acts("sam"), Nomination.objects.get())
    assert validated.post is not None
    return user, validated.post


def test_whom_a_directory_adds_is_nominated_and_nothing_is_open(cast: Cast) -> None:
    answer = call(key_of(cast), "POST", body=NEW)
    body = answer.json()
    assert answer.status_code == 201
    assert answer["Content-Type"] == "application/scim+json"
    assert answer["Location"] == body["meta"]["location"]
    assert {key: body[key] for key in ("userName", "externalId", "displayName", "active")} == {
        "userName": "nia@alpha.example",
        "externalId": "e-1",
        "displayName": "Nia Nash",
        "active": True,
    }
    made = Nomination.objects.get()
    assert (made.state, made.agency, made.roles, made.ceiling) == (
        "nominated",
        cast.alpha,
        ["analyst"],
        Sensitivity.ROUTINE,
    )
    assert made.nominated_by_id == cast.kim.person_id
    assert not Person.objects.filter(email="nia@alpha.example").exists()


def test_switching_off_ends_the_post_now_and_on_again_nominates_anew(cast: Cast) -> None:
    key = key_of(cast)
    user, post = admitted(cast, key)
    off = patched(key, user, {"op": "Replace", "path": "active", "value": "False"})
    assert (off.status_code, off.json()["active"]) == (200, False)
    assert not Membership.objects.acting().filter(pk=post.pk).exists()
    before = events()
    patched(key, user, {"op": "replace", "value": {"active": False}})
    assert events() == before
    on = patched(key, user, {"op": "Add", "value": {"active": "True"}})
    assert on.json()["active"] is True
    assert not Membership.objects.acting().filter(person=post.person).exists()
    assert Nomination.objects.filter(state="nominated").count() == 1


def test_a_removed_user_is_gone_with_the_post_and_the_nomination(cast: Cast) -> None:
    key = key_of(cast)
    user, post = admitted(cast, key)
    assert call(key, "DELETE", f"{USERS}/{user}").status_code == 204
    assert not Membership.objects.acting().filter(pk=post.pk).exists()
    assert call(key, "GET", f"{USERS}/{user}").status_code == 404
    assert call(key, "GET").json()["totalResults"] == 0
    before = events()
    remove_directory_user(ProvisioningKey.objects.get(), DirectoryUser.objects.get())
    assert events() == before
    other = NEW | {"userName": "ola@alpha.example"}
    waiting = call(key, "POST", body=other).json()["id"]
    call(key, "DELETE", f"{USERS}/{waiting}")
    assert set(Nomination.objects.values_list("state", flat=True)) == {"active", "withdrawn"}


def test_a_user_who_has_a_post_here_is_found_and_not_changed(cast: Cast) -> None:
    key = key_of(cast)
    body = NEW | {"userName": "ANA@example.org", "displayName": "Somebody Else"}
    user = call(key, "POST", body=body).json()["id"]
    assert Nomination.objects.count() == 0
    ana = Person.objects.get(pk=cast.ana.person_id)
    assert (ana.name, ana.email) == ("Ana", "ana@example.org")
    renamed = patched(key, user, {"op": "replace", "path": "userName", "value": "x@alpha.example"})
    assert renamed.json()["userName"] == "x@alpha.example"
    ana.refresh_from_db()
    assert ana.email == "ana@example.org"
    call(key, "DELETE", f"{USERS}/{user}")
    assert not Membership.objects.acting().filter(pk=cast.ana.pk).exists()


def test_a_directory_reaches_nobody_of_another_agency(cast: Cast) -> None:
    key, theirs = key_of(cast), key_of(cast, "bea")
    own = call(key, "POST", body=NEW).json()["id"]
    of_bravo = call(theirs, "POST", body=NEW).json()["id"]
    assert [one["id"] for one in call(key, "GET").json()["Resources"]] == [own]
    for method, body in (("GET", None), ("PUT", NEW), ("PATCH", {}), ("DELETE", None)):
        answers = [call(key, method, f"{USERS}/{one}", body) for one in (of_bravo, uuid4(), "x")]
        assert [one.status_code for one in answers] == [404] * 3
        assert len({one.content for one in answers}) == 1
    bo = NEW | {"userName": "bo@example.org"}
    call(key, "POST", body=bo)
    assert Membership.objects.acting().filter(pk=cast.bo.pk).exists()
    found = DirectoryUser.objects.get(user_name="bo@example.org")
    call(key, "DELETE", f"{USERS}/{found.pk}")
    assert Membership.objects.acting().filter(pk=cast.bo.pk).exists()


Death = Callable[[Cast], object]

DEATHS: dict[str, Death] = {
    "revoked": lambda cast: revoke_provisioning_key(
        cast.acts("lee"), ProvisioningKey.objects.select_related("membership").get()
    ),
    "replaced": key_of,
    "coordinator left": lambda cast: end_membership(PORTAL, cast.kim),
    "coordinator disabled": lambda cast: disable_person(PORTAL, cast.kim.person),
    "coordinates no more": lambda cast: Membership.objects.filter(pk=cast.kim.pk).update(
        roles=["analyst"]
    ),
    "agency suspended": lambda cast: set_agency_status(PORTAL, cast.alpha, status="suspended"),
}


@pytest.mark.parametrize("name", DEATHS)
def test_a_key_dies_with_what_it_hangs_on(cast: Cast, name: str) -> None:
    key = key_of(cast)
    assert call(key, "GET").status_code == 200
    DEATHS[name](cast)
    answer = call(key, "GET")
    assert (answer.status_code, answer.json()["schemas"]) == (401, [ERROR])
    assert answer["WWW-Authenticate"] == 'Bearer realm="liaison"'


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Bearer lik_x", "Basic lik_x"])
def test_without_a_key_nothing_answers(cast: Cast, header: str) -> None:
    for address in (USERS, "/scim/v2/Schemas", "/scim/v2/Groups", "/scim/v2"):
        answer = Client().get(address, headers={"Authorization": header})
        assert (answer.status_code, answer.json()["status"]) == (401, "401")


FILTERS = {
    'userName eq "NIA@alpha.example"': 1,
    'userName eq "nobody"': 0,
    'externalId eq "e-1" and active eq true': 1,
    'emails[type eq "work"].value eq "nia@alpha.example"': 1,
    'not (displayName sw "Nia")': 1,
    'urn:ietf:params:scim:schemas:core:2.0:User:userName sw "nia"': 1,
    "externalId pr": 2,
}


def test_filters_find_what_they_say(cast: Cast) -> None:
    key = key_of(cast)
    call(key, "POST", body=NEW)
    call(key, "POST", body={"userName": "ola@alpha.example", "externalId": "e-2"})
    found = {one: call(key, "GET", filter=one).json()["totalResults"] for one in FILTERS}
    assert found == FILTERS


@pytest.mark.parametrize(
    "text",
    [
        *("userName eq", 'title eq "x"', 'title eq "x" or userName eq "nia@alpha.example"', "x"),
        *('userName eq "' + "x" * 600 + '"', "active gt 5", 'userName eq "\x00"', "((((", "{}"),
    ],
)
def test_a_filter_that_is_not_understood_is_refused_whole(cast: Cast, text: str) -> None:
    answer = call(key_of(cast), "GET", filter=text)
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidFilter")


def test_pages_are_counted_from_one(cast: Cast) -> None:
    key = key_of(cast)
    ids = [
        call(key, "POST", body={"userName": f"p{number}@alpha.example"}).json()["id"]
        for number in range(3)
    ]
    page = call(key, "GET", startIndex="2", count="1").json()
    assert [one["id"] for one in page["Resources"]] == ids[1:2]
    assert (page["totalResults"], page["startIndex"], page["itemsPerPage"]) == (3, 2, 1)
    for query in ({"startIndex": "-5", "count": "-1"}, {"count": "0"}, {"startIndex": "9" * 30}):
        assert call(key, "GET", **query).json()["totalResults"] == 3
    assert call(key, "GET", count="x").status_code == 400


WRONG = {
    "no name": ("POST", "", {"displayName": "x"}, 400),
    "no address": ("POST", "", {"userName": "x"}, 400),
    "not text": ("POST", "", {"userName": 5}, 400),
    "not true": ("POST", "", {"userName": "a@alpha.example", "active": "perhaps"}, 400),
    "no object": ("POST", "", [], 400),
    "cannot be kept": ("POST", "", {"userName": "a\x00@alpha.example"}, 400),
    "twice": ("POST", "", NEW, 409),
    "taken": ("PUT", "/{id}", {"userName": "ola@alpha.example"}, 409),
    "no operations": ("PATCH", "/{id}", {}, 400),
    "no operation": ("PATCH", "/{id}", {"Operations": ["x"]}, 400),
    "unknown": ("PATCH", "/{id}", {"Operations": [{"op": "move"}]}, 400),
    "no target": ("PATCH", "/{id}", {"Operations": [{"op": "remove"}]}, 400),
    "no value": ("PATCH", "/{id}", {"Operations": [{"op": "add", "value": "x"}]}, 400),
    "no such call": ("PUT", "", {}, 405),
    "no such call on one": ("POST", "/{id}", {}, 405),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_in_the_standards_form(cast: Cast, name: str) -> None:
    key = key_of(cast)
    user = call(key, "POST", body=NEW).json()["id"]
    call(key, "POST", body={"userName": "ola@alpha.example"})
    method, address, body, status = WRONG[name]
    answer = call(key, method, USERS + address.format(id=user), body)
    assert (answer.status_code, answer.json()["schemas"]) == (status, [ERROR])
    kept = DirectoryUser.objects.get(pk=user)
    assert (kept.user_name, kept.active) == ("nia@alpha.example", True)


def test_a_body_that_is_no_json_is_said_to_be(cast: Cast) -> None:
    key = key_of(cast)
    answer = Client().post(
        USERS, data="{", content_type="application/json", headers={"Authorization": f"Bearer {key}"}
    )
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidSyntax")


def test_a_whole_user_replaces_what_was_said(cast: Cast) -> None:
    key = key_of(cast)
    user = call(key, "POST", body=NEW).json()["id"]
    answer = call(key, "PUT", f"{USERS}/{user}", {"userName": NEW["userName"], "active": False})
    assert (answer.json()["active"], "externalId" in answer.json()) == (False, False)
    assert Nomination.objects.get().state == "withdrawn"
    assert call(key, "GET", f"{USERS}/{user}").json() == answer.json()


def test_patches_are_understood_as_directories_send_them() -> None:
    operations = [
        {"op": "Replace", "path": f"{USER}:displayName", "value": "A"},
        {"Op": "add", "Path": "name.formatted", "Value": "B"},
        {"op": "replace", "path": 'emails[type eq "work"].value', "value": "x@alpha.example"},
        {"op": "replace", "value": {"externalId": "e-2", "name": {"formatted": "C"}, "title": "x"}},
        {"op": "remove", "path": "title"},
    ]
    assert said_by({"Operations": operations}) == {"name": "C", "external_id": "e-2"}
    assert said_by({"operations": [{"op": "Remove", "path": "externalId"}]}) == {"external_id": ""}
    assert said_of({"name": "x", "active": 0}) == {"active": False}


def test_what_it_can_do_is_described(cast: Cast) -> None:
    key = key_of(cast)
    config = call(key, "GET", "/scim/v2/ServiceProviderConfig").json()
    assert (config["patch"], config["bulk"]["supported"]) == ({"supported": True}, False)
    for what, one in (("ResourceTypes", "User"), ("Schemas", USER)):
        listed = call(key, "GET", f"/scim/v2/{what}").json()
        assert [row["id"] for row in listed["Resources"]] == [one]
        assert call(key, "GET", f"/scim/v2/{what}/{one}").json() == listed["Resources"][0]
        assert call(key, "GET", f"/scim/v2/{what}/x").status_code == 404
        assert call(key, "POST", f"/scim/v2/{what}", {}).status_code == 405
    assert call(key, "GET", "/scim/v2/Groups").status_code == 404


def test_the_interface_is_throttled(cast: Cast, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1
    key = key_of(cast)
    assert [call(key, "GET").status_code for _ in range(2)] == [200, 429]


def test_a_coordinator_makes_a_key_that_proposes_no_authority(cast: Cast) -> None:
    for name in ("sam", "ana"):
        with pytest.raises(NotAllowed):
            key_of(cast, name)
    for roles in (["supervisor"], ["coordinator"], []):
        with pytest.raises(Invalid):
            key_of(cast, roles=roles)
    plain = key_of(cast)
    assert plain not in str(ProvisioningKey.objects.values().get())
    assert last_event().kind == "provisioning.key_issued"
    with pytest.raises(NotAllowed):
        revoke_provisioning_key(cast.acts("bea"), ProvisioningKey.objects.get())


def test_the_page_shows_a_key_once(cast: Cast) -> None:
    kim, sam, ana = (browser(cast, name) for name in ("kim", "sam", "ana"))
    assert ana.get("/directory/").status_code == 404
    assert sam.post("/directory/", {"roles": "analyst", "ceiling": "1"}).status_code == 422
    assert kim.post("/directory/", {"ceiling": "1"}).status_code == 422
    page = kim.post("/directory/", {"roles": "analyst", "ceiling": "1"})
    plain = shown_once(page)
    assert (call(plain, "GET").status_code, faults_of(page.content.decode())) == (200, [])
    for client in (kim, sam):
        page = client.get("/directory/").content.decode()
        assert (plain in page, faults_of(page)) == (False, [])
    assert sam.post("/directory/revoke/").status_code == 302
    assert call(plain, "GET").status_code == 401
    assert sam.post("/directory/revoke/").status_code == 302
    assert faults_of(sam.get("/directory/").content.decode()) == []


def test_what_a_filter_does_not_know_is_not_dropped() -> None:
    with pytest.raises(ScimError):
        condition('nick eq "x"')
    assert issubclass(KnownOnly, object)


def test_whoever_acts_under_no_post_makes_no_key(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        issue_provisioning_key(cast.root, "lik_x", roles=["analyst"], ceiling=1)


def test_whoever_comes_inactive_is_known_and_nominated_for_nothing(cast: Cast) -> None:
    assert call(key_of(cast), "POST", body=NEW | {"active": False}).status_code == 201
    assert (DirectoryUser.objects.count(), Nomination.objects.count()) == (1, 0)


def test_an_administrator_of_the_portal_is_known_and_nominated_for_nothing(cast: Cast) -> None:
    admit_person(PORTAL, email="nia@alpha.example", name="Nia", is_administrator=True)
    assert call(key_of(cast), "POST", body=NEW).status_code == 201
    assert (DirectoryUser.objects.count(), Nomination.objects.count()) == (1, 0)
