"""Accounts are released, disabled and enabled by those who look after them, never by their own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from agencies.models import Enabling, Person, PersonalToken, SignInTry
from agencies.refusals import Conflict, Invalid, NotAllowed, NotVisible
from agencies.services import (
    confirm_enabling,
    disable_person,
    end_membership,
    issue_token,
    propose_enabling,
    release_account,
)
from agencies.services.releasing_accounts import locked_among
from agencies.services.sign_in import is_locked
from ledger.models import Event
from tests.agencies.cast import PORTAL, Cast, last_event
from tests.agencies.test_sign_in import is_signed_in, sign_in
from tests.agencies.test_sign_in_tries import ANA, fail


def again(person: Person) -> Person:
    """Return a person as the database has them now."""
    return Person.objects.get(pk=person.pk)


@pytest.fixture
def ana(cast: Cast) -> Person:
    """Return Ana, whom Alpha looks after."""
    return cast.ana.person


@pytest.fixture
def root(cast: Cast) -> Person:
    """Return a portal administrator."""
    return Person.objects.get(pk=cast.root.person_id)


@pytest.mark.parametrize("by", ["kim", "root"])
def test_a_coordinator_or_an_administrator_releases_an_account(
    cast: Cast, ana: Person, by: str
) -> None:
    fail(ANA, 5)
    release_account(cast.acts(by), ana)
    assert (last_event().kind, last_event().concerns) == ("person.released", [cast.alpha.pk])
    assert not is_locked(ana)
    fail(ANA, 4)
    assert sign_in(Client(), ANA) == 302
    before = Event.objects.count()
    release_account(cast.acts(by), ana)
    assert Event.objects.count() == before


@pytest.mark.parametrize("by", ["bea", "sam", "lee", "ida", "bo", "ana"])
def test_nobody_else_releases_it(cast: Cast, ana: Person, by: str) -> None:
    fail(ANA, 5)
    with pytest.raises(NotVisible):
        release_account(cast.acts(by), ana)
    assert is_locked(ana)


def test_nobody_releases_their_own_account(cast: Cast, root: Person) -> None:
    for by in ("kim", "root"):
        actor = cast.acts(by)
        with pytest.raises(NotAllowed):
            release_account(actor, Person.objects.get(pk=actor.person_id))
    with pytest.raises(NotVisible):
        release_account(cast.acts("kim"), root)
    release_account(PORTAL, root)


def test_a_coordinator_no_longer_releases_who_has_left(cast: Cast, ana: Person) -> None:
    end_membership(PORTAL, cast.ana)
    with pytest.raises(NotVisible):
        release_account(cast.acts("kim"), ana)


def test_who_is_locked_is_found_among_people(cast: Cast, ana: Person) -> None:
    fail(ANA, 5)
    assert locked_among([ana, cast.bo.person]) == {ana.pk}
    SignInTry.objects.all().delete()
    assert locked_among([]) == set()


@pytest.mark.parametrize("by", ["kim", "sam", "lee", "root"])
def test_whoever_restricts_disables_somebody_at_once(cast: Cast, ana: Person, by: str) -> None:
    browser = Client()
    sign_in(browser, ANA)
    issue_token(ana, membership=cast.ana, scopes=["read"], days=9)
    disable_person(cast.acts(by), ana, reason_code="misuse")
    assert not again(ana).is_active
    assert not PersonalToken.objects.filter(person=ana, revoked_at__isnull=True).exists()
    event = last_event()
    assert (event.kind, event.concerns) == ("person.disabled", [cast.alpha.pk])
    assert event.facts == {"reason": "misuse", "sessions": 1, "tokens": 1}
    assert browser.get("/agencies/").status_code == 302
    anew = Client()
    sign_in(anew, ANA)
    assert not is_signed_in(anew)
    before = Event.objects.count()
    disable_person(cast.acts(by), ana)
    assert Event.objects.count() == before


@pytest.mark.parametrize("by", ["bea", "bo", "ida", "ana"])
def test_nobody_else_disables_them(cast: Cast, ana: Person, by: str) -> None:
    with pytest.raises(NotVisible):
        disable_person(cast.acts(by), ana)
    assert again(ana).is_active


def test_a_coordinator_does_not_disable_an_administrator(cast: Cast, root: Person) -> None:
    for by in ("kim", "sam", "lee"):
        with pytest.raises(NotVisible):
            disable_person(cast.acts(by), root)
    with pytest.raises(NotAllowed):
        disable_person(cast.root, root)
    disable_person(PORTAL, root)
    assert not again(root).is_active


def test_a_reason_is_one_of_the_table(cast: Cast, ana: Person) -> None:
    with pytest.raises(Invalid):
        disable_person(cast.acts("kim"), ana, reason_code="because")
    assert again(ana).is_active


@pytest.mark.parametrize(("first", "second"), [("kim", "sam"), ("lee", "kim"), ("sam", "root")])
def test_two_people_enable_somebody(cast: Cast, ana: Person, first: str, second: str) -> None:
    disable_person(PORTAL, ana)
    propose_enabling(cast.acts(first), ana)
    assert not again(ana).is_active
    assert last_event().kind == "person.enabling_proposed"
    confirm_enabling(cast.acts(second), ana)
    assert again(ana).is_active
    event = last_event()
    assert (event.kind, event.facts) == (
        "person.enabled",
        {"proposed_by": str(cast.acts(first).person_id)},
    )
    assert sign_in(Client(), ANA) == 302


@pytest.mark.parametrize("by", ["kim", "root"])
def test_one_alone_enables_nobody(cast: Cast, ana: Person, by: str) -> None:
    disable_person(PORTAL, ana)
    actor = cast.acts(by)
    with pytest.raises(Conflict):
        confirm_enabling(actor, ana)
    made = propose_enabling(actor, ana)
    assert propose_enabling(actor, ana) == made
    with pytest.raises(NotAllowed):
        confirm_enabling(actor, ana)
    assert not again(ana).is_active


@pytest.mark.parametrize("by", ["bea", "bo", "ida"])
def test_strangers_have_no_part_in_enabling(cast: Cast, ana: Person, by: str) -> None:
    disable_person(PORTAL, ana)
    with pytest.raises(NotVisible):
        propose_enabling(cast.acts(by), ana)
    propose_enabling(cast.acts("kim"), ana)
    with pytest.raises(NotVisible):
        confirm_enabling(cast.acts(by), ana)


def test_nobody_has_a_part_in_enabling_themselves_nor_the_portal(cast: Cast, ana: Person) -> None:
    disable_person(PORTAL, cast.kim.person)
    with pytest.raises(NotVisible):
        propose_enabling(cast.acts("kim"), cast.kim.person)
    with pytest.raises(NotAllowed):
        propose_enabling(PORTAL, cast.kim.person)


def test_a_second_proposal_is_none_and_one_too_old_or_of_somebody_disabled_waits_no_more(
    cast: Cast, ana: Person
) -> None:
    disable_person(PORTAL, ana)
    propose_enabling(cast.acts("kim"), ana)
    with pytest.raises(Conflict):
        propose_enabling(cast.acts("sam"), ana)
    Enabling.objects.update(proposed_at=datetime.now(UTC) - timedelta(hours=73))
    with pytest.raises(Conflict):
        confirm_enabling(cast.acts("sam"), ana)
    propose_enabling(cast.acts("sam"), ana)
    disable_person(PORTAL, cast.sam.person)
    with pytest.raises(Conflict):
        confirm_enabling(cast.acts("kim"), ana)


def test_disabling_again_takes_back_what_was_proposed(cast: Cast, ana: Person) -> None:
    disable_person(PORTAL, ana)
    propose_enabling(cast.acts("kim"), ana)
    disable_person(cast.acts("lee"), ana)
    with pytest.raises(Conflict):
        confirm_enabling(cast.acts("sam"), ana)


def test_whoever_is_not_disabled_is_not_enabled(cast: Cast, ana: Person) -> None:
    with pytest.raises(Conflict):
        propose_enabling(cast.acts("kim"), ana)


def test_what_ended_meanwhile_stays_ended(cast: Cast, ana: Person) -> None:
    browser = Client()
    sign_in(browser, ANA)
    issue_token(ana, membership=cast.ana, scopes=["read"], days=9)
    disable_person(PORTAL, ana)
    propose_enabling(cast.acts("kim"), ana)
    confirm_enabling(cast.acts("sam"), ana)
    assert browser.get("/agencies/").status_code == 302
    assert not PersonalToken.objects.filter(person=ana, revoked_at__isnull=True).exists()


def browser_of(name: str) -> Client:
    """Return the browser of somebody who has just signed in."""
    client = Client()
    assert sign_in(client, f"{name}@example.org") == 302
    return client


def test_the_pages_do_it_with_one_button(cast: Cast, ana: Person) -> None:
    kim, sam = browser_of("kim"), browser_of("sam")
    at = f"/people/{ana.pk}"
    assert "not locked" in kim.get(f"{at}/release/").content.decode()
    fail(ANA, 5)
    assert "Release the account of Ana" in kim.get(f"{at}/release/").content.decode()
    assert kim.post(f"{at}/release/", {"next": "/agencies/"})["Location"] == "/agencies/"
    assert not is_locked(ana)
    assert "Open sessions: 0" in kim.get(f"{at}/sessions/end/").content.decode()
    assert kim.post(f"{at}/sessions/end/", {"next": "//x.example"})["Location"] == "/"
    assert "not disabled" in kim.get(f"{at}/enable/").content.decode()
    assert kim.post(f"{at}/disable/", {}).status_code == 422
    assert again(ana).is_active
    assert kim.post(f"{at}/disable/", {"reason_code": "misuse"}).status_code == 302
    assert not again(ana).is_active
    assert "disabled already" in kim.get(f"{at}/disable/").content.decode()
    assert "Propose" in kim.get(f"{at}/enable/").content.decode()
    kim.post(f"{at}/enable/")
    assert "You proposed it" in kim.get(f"{at}/enable/").content.decode()
    assert kim.post(f"{at}/enable/").status_code == 422
    assert not again(ana).is_active
    assert "Kim proposed it" in sam.get(f"{at}/enable/").content.decode()
    sam.post(f"{at}/enable/")
    assert again(ana).is_active


@pytest.mark.parametrize("act", ["disable", "enable", "release", "sessions/end"])
def test_the_pages_are_the_page_for_nothing_to_strangers(cast: Cast, ana: Person, act: str) -> None:
    nothing = browser_of("bea").get("/people/00000000-0000-4000-8000-000000000000/disable/")
    for name in ("bea", "bo", "ana"):
        for method in ("get", "post"):
            answer = getattr(browser_of(name), method)(f"/people/{ana.pk}/{act}/")
            assert (name, answer.status_code) == (name, 404)
            assert answer.content == nothing.content


def test_a_person_s_page_offers_what_its_reader_may_do(cast: Cast, ana: Person) -> None:
    from agencies.account_acts import offered

    def labels(by: str) -> list[str]:
        return [offer.label for offer in offered(cast.acts(by), again(ana))]

    assert labels("kim") == ["Disable"]
    assert (labels("ana"), labels("bea"), labels("bo")) == ([], [], [])
    fail(ANA, 5)
    assert labels("kim") == ["Disable", "Release the account"]
    assert labels("sam") == ["Disable"]
    at = f"/people/{ana.pk}/"
    assert (
        '<span class="mark mark--warn">Locked</span>' in browser_of("kim").get(at).content.decode()
    )
    assert "Locked" not in browser_of("sam").get(at).content.decode()
    release_account(PORTAL, ana)
    assert "Locked" not in browser_of("kim").get(at).content.decode()
    browser_of("ana")
    assert labels("root") == ["Disable", "Sign out everywhere"]
    page = browser_of("kim").get(f"/people/{ana.pk}/")
    assert f"/people/{ana.pk}/disable/?next=" in page.content.decode()
    disable_person(PORTAL, ana)
    assert labels("lee") == ["Enable"]
