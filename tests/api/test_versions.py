"""Changing what one has read, and sending twice what is meant once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agencies.services.token import issue_token
from ledger.models import Event
from portal.models import IdempotencyKey
from portal.tasks import forget_idempotency_keys
from sharing.models import Grant
from tests.api.conftest import API, Caller, patch, post, refused
from tests.api.contract import CheckedClient
from tests.api.worlds import (
    CASE,
    a_case,
    a_grant,
    an_item,
    an_offer,
    made,
    state_of_things,
    terms,
)
from tests.cast import Cast

KEY = "Idempotency-Key"


def opened(case: str) -> int:
    return Event.objects.filter(kind="record.opened", records__contains=[case]).count()


def test_a_change_names_the_version_it_changes(caller: Caller) -> None:
    ana = caller("ana")
    case = a_case(ana)
    item = an_item(ana, case)
    for address, version in ((f"cases/{case}", 2), (f"items/{item}", 1)):
        current = ana.get(API + address)
        assert current["ETag"] == f'"{version}"', "adding an item touches its case"
        before = state_of_things()
        assert refused(patch(ana, address, {"title": "Other"}, None)) == (428, None)
        stale = patch(ana, address, {"title": "Other"}, 7)
        assert refused(stale) == (412, None)
        assert stale.json()["current_version"] == version
        for header in ("3", "*", '"a"', 'W/"1"', '"1", "2"', '"99999999999"', ""):
            answer = ana.patch(
                API + address, {"title": "Other"}, format="json", headers={"If-Match": header}
            )
            assert refused(answer) == (400, {"If-Match": ['Name one version, like "3".']}), header
        assert refused(patch(ana, address, {}, version)) == (400, {"body": ["Say what changes."]})
        assert state_of_things() == before
        changed = patch(ana, address, {"title": "Other"}, version)
        assert (changed.status_code, changed["ETag"]) == (200, f'"{version + 1}"')
        assert changed.json()["title"] == "Other"


def test_a_decision_may_name_the_version_it_decides(caller: Caller) -> None:
    ana, sam = caller("ana"), caller("sam")
    request = an_offer(ana, a_case(ana))
    address = f"share-requests/{request}/approve"
    before = state_of_things()
    assert refused(post(sam, address, **{"If-Match": '"2"'})) == (412, None)
    assert state_of_things() == before
    assert post(sam, address, **{"If-Match": '"1"'}).status_code == 200


def test_a_reader_who_has_the_version_is_told_so_and_is_on_the_log(caller: Caller) -> None:
    ana = caller("ana")
    case = a_case(ana)
    before = opened(case)
    same = ana.get(f"{API}cases/{case}", headers={"If-None-Match": '"1"'})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", '"1"')
    other = ana.get(f"{API}cases/{case}", headers={"If-None-Match": '"2"'})
    assert other.status_code == 200
    head = ana.head(f"{API}cases/{case}")
    assert (head.status_code, head.content) == (200, b"")
    assert opened(case) == before + 3


def test_what_is_received_is_never_answered_from_memory(caller: Caller) -> None:
    ana, bo = caller("ana"), caller("bo")
    case = a_case(ana)
    a_grant(caller, case)
    answer = bo.get(f"{API}cases/{case}", headers={"If-None-Match": '"1"'})
    assert (answer.status_code, answer.json()["level"]) == (200, "view")


def test_a_repeated_key_does_nothing_again(caller: Caller) -> None:
    ana = caller("ana")
    first = post(ana, "cases", CASE, **{KEY: "one"})
    after = state_of_things()
    again = post(ana, "cases/", CASE, **{KEY: "one"})
    assert (again.status_code, again.json(), again["Location"]) == (
        201,
        first.json(),
        first["Location"],
    )
    assert state_of_things() == after
    assert made(post(ana, "cases", CASE, **{KEY: "two"}))["id"] != first.json()["id"]


def test_every_call_that_does_something_can_be_repeated(caller: Caller) -> None:
    ana, sam, stella = caller("ana"), caller("sam"), caller("stella")
    case = a_case(ana)
    offer = {"direction": "offer", "record": case, "to": "bravo", **terms(level="contribute")}
    request = made(post(ana, "share-requests", offer, **{KEY: "1"}))["id"]
    made(post(sam, f"share-requests/{request}/approve", **{KEY: "1"}))
    grant = str(Grant.objects.get(record_id=case).pk)
    made(post(stella, f"grants/{grant}/acknowledge", **{KEY: "1"}))
    revoke = {"reason_code": "need_ended"}
    made(post(ana, f"grants/{grant}/revoke", revoke, **{KEY: "1"}))
    after = state_of_things()
    repeats = [
        post(ana, "share-requests", offer, **{KEY: "1"}),
        post(sam, f"share-requests/{request}/approve", **{KEY: "1"}),
        post(ana, f"grants/{grant}/revoke", revoke, **{KEY: "1"}),
    ]
    assert [answer.status_code for answer in repeats] == [201, 200, 200]
    assert state_of_things() == after


def test_a_key_is_for_one_body_and_one_hat(cast: Cast, caller: Caller) -> None:
    ana = caller("ana")
    made(post(ana, "cases", CASE, **{KEY: "one"}))
    before = state_of_things()
    answer = post(ana, "cases", {**CASE, "title": "Other"}, **{KEY: "one"})
    assert refused(answer) == (409, None)
    assert answer.json()["code"] == "idempotency_key_used"
    assert state_of_things() == before

    cast.person("annie", "bravo", "analyst", also="ana")
    other_hat = post(caller("annie"), "cases", CASE, **{KEY: "one"})
    assert refused(other_hat) == (409, None)
    assert (
        post(caller("abe"), "cases", {**CASE, "sensitivity": "routine"}, **{KEY: "one"}).status_code
        == 201
    )


@pytest.mark.parametrize("key", ["", "x" * 201, "tab\there", "naïve"])
def test_a_key_is_short_and_printable(caller: Caller, key: str) -> None:
    status, errors = refused(post(caller("ana"), "cases", CASE, **{KEY: key}))
    assert (status, list(errors)) == (400, [KEY])


def test_what_was_refused_can_be_sent_again_under_its_key(caller: Caller) -> None:
    ana = caller("ana")
    assert refused(post(ana, "cases", {"title": "a"}, **{KEY: "one"}))[0] == 400
    offer = {"direction": "offer", "record": a_case(ana), "to": "alpha", **terms()}
    assert refused(post(ana, "share-requests", offer, **{KEY: "one"}))[0] == 409
    assert post(ana, "share-requests", {**offer, "to": "bravo"}, **{KEY: "one"}).status_code == 201


def test_a_key_is_forgotten_after_a_day(caller: Caller) -> None:
    ana = caller("ana")
    first = made(post(ana, "cases", CASE, **{KEY: "one"}))["id"]
    assert forget_idempotency_keys() == 0
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert made(post(ana, "cases", CASE, **{KEY: "one"}))["id"] != first
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert forget_idempotency_keys() == 1
    assert IdempotencyKey.objects.count() == 0


def test_a_repeated_key_is_no_second_way_to_read(cast: Cast, caller: Caller) -> None:
    ana, stella, bo = caller("ana"), caller("stella"), caller("bo")
    case = a_case(ana)
    grant = a_grant(caller, case)
    body: dict[str, Any] = {"contributions": "direct"}
    made(post(stella, f"grants/{grant}/acknowledge", body, **{KEY: "one"}))
    made(post(ana, f"grants/{grant}/revoke", {"reason_code": "need_ended"}))
    gone = post(stella, f"grants/{grant}/acknowledge", body, **{KEY: "one"})
    assert refused(gone) == (404, None)
    assert gone.content == bo.get(API + "nowhere").content


def test_a_read_only_token_repeats_nothing(cast: Cast, caller: Caller) -> None:
    made(post(caller("ana"), "cases", CASE, **{KEY: "one"}))
    post_of_ana = cast.posts["ana"]
    token = issue_token(post_of_ana.person, membership=post_of_ana, scopes=["read"], days=1)
    client = CheckedClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    assert refused(post(client, "cases", CASE, **{KEY: "one"})) == (403, None)
