"""Whoever looks after people sees which accounts wait for them: at home, by name, and told so."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.accounts_waiting import accounts_waiting
from agencies.codes import Role
from agencies.models import Membership, Person
from agencies.services import (
    disable_person,
    end_membership,
    propose_clearing,
    propose_enabling,
    release_account,
)
from agencies.services.clearing import withdraw_clearing
from agencies.services.factor import add_authenticator_app
from agencies.services.releasing_accounts import locked_since
from ledger.courier import deliver_batch
from sharing.models import Notification
from sharing.telling import describe, notifications_for
from tests.agencies.cast import PASSWORD, PORTAL, Cast, post
from tests.agencies.codes import SECRET
from tests.agencies.test_sign_in import sign_in
from tests.agencies.test_sign_in_tries import ANA, fail

LOST = {"reason_code": "lost", "checked_how": "video"}


def seen(cast: Cast, by: str) -> list[tuple[str, str]]:
    """Return whose account waits for somebody, and on which page."""
    return [(one.person.name, one.url_name) for one in accounts_waiting(cast.acts(by))]


def told(cast: Cast, by: str) -> list[str]:
    """Return what somebody's notifications say."""
    actor = cast.acts(by)
    return [describe(actor, one).text for one in notifications_for(actor)]


def locked(name: str = ANA, person: Person | None = None) -> None:
    """Lock a name by five failures of its person."""
    fail(name, 5, person or Person.objects.filter(email=name).first())


def test_a_coordinator_sees_which_of_theirs_are_locked(cast: Cast) -> None:
    assert seen(cast, "kim") == []
    locked()
    locked("bo@example.org")
    locked("nobody@example.org")
    assert seen(cast, "kim") == [("Ana", "person_release")]
    assert seen(cast, "bea") == [("Bo", "person_release")]
    for by in ("sam", "lee", "ana", "ida", "root"):
        assert seen(cast, by) == []
    release_account(PORTAL, cast.ana.person)
    assert seen(cast, "kim") == []


def test_nobody_is_shown_themselves_nor_an_administrator_nor_who_has_left(cast: Cast) -> None:
    post(cast.alpha, "kit", Role.COORDINATOR)
    locked("kim@example.org")
    locked()
    Person.objects.filter(pk=cast.sam.person_id).update(is_staff=True)
    locked("sam@example.org")
    assert seen(cast, "kim") == [("Ana", "person_release")]
    assert seen(cast, "root") == [("Kim", "person_release"), ("Sam", "person_release")]
    end_membership(PORTAL, cast.ana)
    assert seen(cast, "kim") == []


def test_what_takes_a_second_is_shown_to_whoever_may_be_it(cast: Cast) -> None:
    post(cast.alpha, "kit", Role.COORDINATOR)
    add_authenticator_app(PORTAL, cast.ana.person, secret=SECRET)
    ana = Person.objects.get(pk=cast.ana.person_id)
    propose_clearing(cast.acts("kim"), ana, **LOST)
    assert seen(cast, "kim") == []
    assert seen(cast, "root") == [("Ana", "person_factors")]
    assert seen(cast, "bea") == seen(cast, "sam") == seen(cast, "ana") == []
    disable_person(PORTAL, ana)
    propose_enabling(cast.acts("lee"), ana)
    for by in ("kim", "sam", "root"):
        assert seen(cast, by) == [("Ana", "person_enable")]
    assert seen(cast, "lee") == seen(cast, "bea") == []


def test_a_coordinator_s_lost_factors_wait_for_administrators_alone(cast: Cast) -> None:
    post(cast.alpha, "kit", Role.COORDINATOR)
    kit = Person.objects.get(email="kit@example.org")
    add_authenticator_app(PORTAL, kit, secret=SECRET)
    rita = post(cast.bravo, "rita", Role.ANALYST).person
    Person.objects.filter(pk=rita.pk).update(is_staff=True)
    actor = type(cast.root)(rita.pk, is_administrator=True)
    propose_clearing(actor, kit, **LOST)
    assert seen(cast, "kim") == []
    assert seen(cast, "root") == [("Kit", "person_factors")]


def test_a_name_written_otherwise_is_still_that_person_s(cast: Cast) -> None:
    for _ in range(5):
        sign_in(Client(), "ANA@ex\u00e1mple.org", "x")
    assert seen(cast, "kim") == [("Ana", "person_release")]
    deliver_batch()
    assert told(cast, "kim") == ["The account of Ana is locked after failed sign-ins: release it."]


def test_when_nobody_is_locked_no_name_is_looked_at(cast: Cast) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert locked_since(Person.objects.all()) == {}
    assert len(asked) == 1
    locked()
    assert set(locked_since(Person.objects.all())) == {cast.ana.person_id}


def test_the_coordinator_is_told_in_the_portal_and_the_words_follow(cast: Cast) -> None:
    locked()
    deliver_batch()
    assert told(cast, "kim") == ["The account of Ana is locked after failed sign-ins: release it."]
    notice = notifications_for(cast.acts("kim")).get()
    said = describe(cast.acts("kim"), notice)
    assert said.url == f"/people/{cast.ana.person_id}/release/"
    assert said.why == "You get this because you run the people of Alpha Police."
    assert Notification.objects.count() == 1
    release_account(PORTAL, cast.ana.person)
    assert "it is released" in told(cast, "kim")[0]


def test_so_they_are_of_what_they_may_confirm(cast: Cast) -> None:
    add_authenticator_app(PORTAL, cast.ana.person, secret=SECRET)
    ana = Person.objects.get(pk=cast.ana.person_id)
    propose_clearing(cast.root, ana, **LOST)
    deliver_batch()
    assert "confirm that they are cleared" in told(cast, "kim")[0]
    withdraw_clearing(cast.root, ana)
    assert "nothing waits any more" in told(cast, "kim")[0]


@pytest.mark.parametrize("change", ["leaves", "no coordinator", "post ends"])
def test_whoever_looks_after_them_no_more_is_told_no_more(cast: Cast, change: str) -> None:
    locked()
    deliver_batch()
    assert len(told(cast, "kim")) == 1
    if change == "leaves":
        end_membership(PORTAL, cast.ana)
    elif change == "no coordinator":
        Membership.objects.filter(pk=cast.kim.pk).update(roles=[Role.ANALYST])
    else:
        end_membership(PORTAL, cast.kim)
    assert told(cast, "kim") == []


def test_nobody_is_told_of_themselves_or_of_another_agency_s(cast: Cast) -> None:
    post(cast.alpha, "kit", Role.COORDINATOR)
    locked("kim@example.org")
    deliver_batch()
    (notice,) = Notification.objects.all()
    assert notice.membership.person.name == "Kit"
    assert told(cast, "kim") == told(cast, "bea") == []


def page(name: str, address: str) -> str:
    """Return a page as somebody sees it who has just signed in."""
    client = Client()
    client.post("/account/login/", {"login": f"{name}@example.org", "password": PASSWORD})
    return client.get(address).content.decode()


def test_home_and_the_people_s_page_lead_to_the_release_in_one_click(cast: Cast) -> None:
    locked()
    deliver_batch()
    link = f'href="/people/{cast.ana.person_id}/release/'
    for address in ("/", "/people/"):
        shown = page("kim", address)
        assert "Accounts that wait for you" in shown
        assert f"{link}?next={address}" in shown
    assert "Nothing waits for you" not in page("kim", "/")
    assert link in page("kim", "/notifications/")
    for name in ("bea", "sam"):
        assert link not in page(name, "/")
        assert link not in page(name, "/people/")
        assert "Ana" not in page(name, "/notifications/")
    release_account(PORTAL, cast.ana.person)
    assert link not in page("kim", "/")
    assert "Nothing waits for you" in page("kim", "/")


def test_an_administrator_without_a_post_sees_them_at_home(cast: Cast) -> None:
    locked("kim@example.org")
    assert f'href="/people/{cast.kim.person_id}/release/?next=/' in page("root", "/")


def test_where_nothing_waits_one_statement_says_so(cast: Cast) -> None:
    for by, count in (("kim", 1), ("sam", 1), ("root", 1), ("ana", 0), ("ida", 0)):
        with CaptureQueriesContext(connection) as asked:
            assert seen(cast, by) == []
        assert (by, len(asked)) == (by, count)
