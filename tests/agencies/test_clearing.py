"""Whoever lost every second factor gets in again by two people, and by no one alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from agencies.account_acts import offered
from agencies.codes import Role
from agencies.factors import factors_of
from agencies.models import FactorClearing, Person, PersonalToken
from agencies.refusals import Conflict, Invalid, NotAllowed, NotVisible
from agencies.services import (
    confirm_clearing,
    disable_person,
    end_membership,
    issue_token,
    propose_clearing,
    withdraw_clearing,
)
from agencies.services.clearing import clears, open_clearing, those_who_confirm
from agencies.services.factor import add_authenticator_app
from ledger.courier import deliver_batch
from ledger.models import Event
from tests.agencies.cast import PASSWORD, PORTAL, Cast, known, last_event, post
from tests.agencies.codes import SECRET, code_of

LOGIN, STEP = "/account/login/", "/account/second-step/"
SAID = {"reason_code": "lost", "checked_how": "in_person"}


@pytest.fixture
def ana(cast: Cast) -> Person:
    """Give Ana, who has an app and recovery codes, and Kit, a second coordinator of hers."""
    add_authenticator_app(PORTAL, cast.ana.person, secret=SECRET)
    post(cast.alpha, "kit", Role.COORDINATOR)
    return Person.objects.get(pk=cast.ana.person_id)


def who(cast: Cast, name: str) -> Any:
    """Return somebody as an actor: of the cast, or Kit."""
    if name != "kit":
        return cast.acts(name)
    from agencies.actors import actor_of

    return actor_of(Person.objects.get(email="kit@example.org"))


def asked(cast: Cast, person: Person, by: str = "kim") -> FactorClearing:
    """Return what somebody asked."""
    return propose_clearing(who(cast, by), person, **SAID)


def held(person: Person) -> int:
    """Return how many factors a person has, recovery codes among them."""
    return Authenticator.objects.filter(user=person).count()


def browser_of(name: str) -> Client:
    """Return the browser of somebody without a factor who has just signed in."""
    client = Client()
    client.post(LOGIN, {"login": f"{name}@example.org", "password": PASSWORD})
    assert "_auth_user_id" in client.session
    return client


@pytest.mark.parametrize(
    ("first", "second"), [("kim", "kit"), ("kit", "root"), ("root", "kim"), ("kim", "root")]
)
def test_two_people_clear_the_factors_of_one(
    cast: Cast, ana: Person, first: str, second: str
) -> None:
    browser = Client()
    browser.post(LOGIN, {"login": ana.email, "password": PASSWORD})
    browser.post(STEP, {"code": code_of()})
    assert browser.get("/agencies/").status_code == 200
    issue_token(ana, membership=cast.ana, scopes=["read"], days=9)
    made = propose_clearing(who(cast, first), ana, **SAID, words=" at the desk ")
    assert (made.words, held(ana)) == ("at the desk", 2)
    assert browser.get("/agencies/").status_code == 200
    event = last_event()
    assert (event.kind, event.concerns) == ("person.clearing_proposed", [cast.alpha.pk])
    assert event.facts == {"reason": "lost", "checked": "in_person"}
    confirm_clearing(who(cast, second), ana, proposal=made.pk)
    assert held(ana) == 0
    event = last_event()
    assert (event.kind, event.target) == ("person.factors_cleared", ana.pk)
    assert event.facts == {
        "proposed_by": str(who(cast, first).person_id),
        "reason": "lost",
        "checked": "in_person",
        "factors": 1,
        "sessions": 1,
        "tokens": 1,
    }
    assert browser.get("/agencies/").status_code == 302
    assert not PersonalToken.objects.filter(person=ana, revoked_at__isnull=True).exists()
    assert Event.objects.filter(kind="token.revoked").count() == 1


def test_they_add_anew_at_the_next_sign_in(
    cast: Cast, ana: Person, client: Client, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    made = asked(cast, ana)
    assert client.post(LOGIN, {"login": ana.email, "password": PASSWORD})["Location"] == STEP
    confirm_clearing(cast.root, ana, proposal=made.pk)
    assert client.post(STEP, {"code": code_of(steps=1)}).status_code in (200, 302)
    assert "_auth_user_id" not in client.session
    again = Client()
    assert again.post(LOGIN, {"login": ana.email, "password": PASSWORD})["Location"] == "/"
    assert again.get("/agencies/")["Location"] == "/account/security/"
    form = again.get("/account/app/add/")
    again.post("/account/app/add/", {"code": code_of(form.context["form"].secret)})
    assert again.get("/agencies/").status_code == 200
    assert held(ana) == 2


@pytest.mark.parametrize("by", ["kim", "root"])
def test_one_alone_clears_nothing(cast: Cast, ana: Person, by: str) -> None:
    with pytest.raises(Conflict):
        confirm_clearing(cast.acts(by), ana, proposal=uuid4())
    made = asked(cast, ana, by)
    with pytest.raises(NotAllowed):
        confirm_clearing(cast.acts(by), ana, proposal=made.pk)
    with pytest.raises(Conflict):
        asked(cast, ana, "kit")
    assert held(ana) == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        FactorClearing.objects.update(confirmed_by=made.proposed_by_id)


@pytest.mark.parametrize("by", ["bea", "bo", "sam", "lee", "ida", "ana"])
def test_nobody_else_has_a_part_in_it(cast: Cast, ana: Person, by: str) -> None:
    with pytest.raises(NotVisible):
        asked(cast, ana, by)
    made = asked(cast, ana)
    with pytest.raises(NotVisible):
        confirm_clearing(cast.acts(by), ana, proposal=made.pk)
    if by != "ana":
        with pytest.raises(NotVisible):
            withdraw_clearing(cast.acts(by), ana)
    assert (held(ana), open_clearing(ana)) == (2, made)


def test_nobody_clears_their_own_nor_does_the_portal(cast: Cast, ana: Person) -> None:
    root = Person.objects.get(pk=cast.root.person_id)
    for person in (cast.kim.person, root):
        add_authenticator_app(PORTAL, person, secret=SECRET)
    for by, person in (("kim", cast.kim.person), ("root", root)):
        with pytest.raises(NotAllowed):
            asked(cast, person, by)
    with pytest.raises(NotAllowed):
        propose_clearing(PORTAL, ana, **SAID)
    assert (held(cast.kim.person), held(root), held(ana)) == (2, 2, 2)


def test_those_of_a_coordinator_take_administrators(cast: Cast, ana: Person) -> None:
    kit = Person.objects.get(email="kit@example.org")
    add_authenticator_app(PORTAL, kit, secret=SECRET)
    with pytest.raises(NotAllowed):
        asked(cast, kit, "kim")
    made = asked(cast, kit, "root")
    with pytest.raises(NotAllowed):
        confirm_clearing(cast.acts("kim"), kit, proposal=made.pk)
    rita = known("rita", is_administrator=True)
    assert those_who_confirm(kit, made) == [rita]
    confirm_clearing(type(cast.root)(rita.pk, is_administrator=True), kit, proposal=made.pk)
    assert held(kit) == 0


def test_a_coordinator_elsewhere_is_no_analyst_here(cast: Cast, ana: Person) -> None:
    assert clears(cast.acts("kim"), ana)
    post(cast.bravo, "ana", Role.COORDINATOR)
    assert not clears(cast.acts("kim"), ana)
    assert clears(cast.root, ana)
    assert not clears(cast.acts("ana"), ana)


def test_an_administrator_s_are_not_for_coordinators(cast: Cast, ana: Person) -> None:
    Person.objects.filter(pk=ana.pk).update(is_staff=True)
    ana.refresh_from_db()
    with pytest.raises(NotVisible):
        asked(cast, ana)
    assert asked(cast, ana, "root").person_id == ana.pk


def test_it_takes_a_reason_a_check_and_something_to_clear(cast: Cast, ana: Person) -> None:
    for wrong in ({"reason_code": "x"}, {"checked_how": "trust me"}):
        with pytest.raises(Invalid) as refusal:
            propose_clearing(cast.acts("kim"), ana, **(SAID | wrong))
        assert set(refusal.value.errors) == set(wrong)
    with pytest.raises(Conflict):
        asked(cast, cast.sam.person)
    assert FactorClearing.objects.count() == 0


def test_what_is_confirmed_is_what_was_read(cast: Cast, ana: Person) -> None:
    first = asked(cast, ana)
    withdraw_clearing(cast.acts("kim"), ana)
    second = asked(cast, ana, "kit")
    with pytest.raises(Conflict):
        confirm_clearing(cast.root, ana, proposal=first.pk)
    assert held(ana) == 2
    confirm_clearing(cast.root, ana, proposal=second.pk)
    assert held(ana) == 0


def test_it_waits_three_days_and_for_somebody_who_may_still_ask(cast: Cast, ana: Person) -> None:
    made = asked(cast, ana)
    FactorClearing.objects.update(proposed_at=datetime.now(UTC) - timedelta(hours=73))
    with pytest.raises(Conflict):
        confirm_clearing(cast.root, ana, proposal=made.pk)
    made = asked(cast, ana)
    assert FactorClearing.objects.filter(closed_at__isnull=True).count() == 1
    end_membership(PORTAL, cast.kim)
    assert open_clearing(ana) is None
    made = asked(cast, ana, "root")
    assert open_clearing(ana) == made
    Person.objects.filter(pk=cast.root.person_id).update(is_active=False)
    assert open_clearing(ana) is None


def test_what_a_coordinator_asked_waits_no_more_once_the_person_is_one(
    cast: Cast, ana: Person
) -> None:
    made = asked(cast, ana)
    assert open_clearing(ana) == made
    post(cast.bravo, "ana", Role.COORDINATOR)
    assert open_clearing(ana) is None


def test_the_person_stops_it_and_so_does_whoever_may_ask(cast: Cast, ana: Person) -> None:
    for by in ("ana", "kit", "kim", "root"):
        made = asked(cast, ana)
        withdraw_clearing(who(cast, by), ana)
        assert last_event().kind == "person.clearing_withdrawn"
        with pytest.raises(Conflict):
            confirm_clearing(cast.root, ana, proposal=made.pk)
    before = Event.objects.count()
    withdraw_clearing(cast.acts("kim"), ana)
    assert (Event.objects.count(), held(ana)) == (before, 2)


def test_disabling_takes_it_back_and_comes_first(cast: Cast, ana: Person) -> None:
    made = asked(cast, ana)
    disable_person(cast.acts("lee"), ana)
    for act in (
        lambda: confirm_clearing(cast.root, ana, proposal=made.pk),
        lambda: asked(cast, ana),
    ):
        with pytest.raises(Conflict):
            act()
    Person.objects.filter(pk=ana.pk).update(is_active=True)
    with pytest.raises(Conflict):
        confirm_clearing(cast.root, ana, proposal=made.pk)
    assert held(ana) == 2
    assert asked(cast, ana).pk != made.pk


def test_people_are_told_by_mail_without_content(cast: Cast, ana: Person) -> None:
    made = asked(cast, ana)
    deliver_batch()
    told = {one.to[0]: one for one in mail.outbox}
    assert set(told) == {ana.email, "kit@example.org"}
    assert "/account/security/" in told[ana.email].body
    assert f"/people/{ana.pk}/factors/" in told["kit@example.org"].body
    mail.outbox.clear()
    confirm_clearing(cast.root, ana, proposal=made.pk)
    deliver_batch()
    (said,) = mail.outbox
    assert (said.to, said.subject) == ([ana.email], "[Liaison] Your second factors were cleared")
    for one in (*told.values(), said):
        assert "Ana" not in one.body + one.subject
        assert "Alpha" not in one.body + one.subject


def test_nobody_is_told_of_what_was_taken_back_meanwhile(cast: Cast, ana: Person) -> None:
    asked(cast, ana)
    withdraw_clearing(cast.acts("ana"), ana)
    deliver_batch()
    assert mail.outbox == []


def test_where_one_coordinator_is_all_there_is_administrators_are_told(
    cast: Cast, ana: Person
) -> None:
    Person.objects.filter(email="kit@example.org").update(is_active=False)
    made = asked(cast, ana)
    assert [one.pk for one in those_who_confirm(ana, made)] == [cast.root.person_id]


def test_nobody_disabled_is_written_to(cast: Cast, ana: Person) -> None:
    made = asked(cast, ana)
    confirm_clearing(cast.root, ana, proposal=made.pk)
    Person.objects.filter(pk=ana.pk).update(is_active=False)
    deliver_batch()
    assert mail.outbox == []


def test_the_pages_do_it(cast: Cast, ana: Person) -> None:
    kim, kit, root = browser_of("kim"), browser_of("kit"), browser_of("root")
    at = f"/people/{ana.pk}/factors/"
    assert "Ask for it" in kim.get(at).content.decode()
    assert kim.post(at, {"reason_code": "lost", "words": "At noon"}).status_code == 422
    sent = {**SAID, "words": "At noon", "next": f"/people/{ana.pk}/"}
    assert kim.post(at, sent)["Location"] == f"/people/{ana.pk}/"
    made = open_clearing(ana)
    assert made is not None
    own = kim.get(at).content.decode()
    assert "You asked for it" in own
    assert "Confirm and clear" not in own
    assert kim.post(f"{at}confirm/", {"proposal": str(made.pk)}).status_code == 422
    assert kit.post(at, sent).status_code == 422
    read = kit.get(at).content.decode()
    for said in ("Kim asked for this", "Lost", "Met in person: At noon", str(made.pk)):
        assert said in read
    assert kit.post(f"{at}confirm/", {}).status_code == 422
    assert held(ana) == 2
    assert kit.post(f"{at}withdraw/", {})["Location"] == "/"
    assert root.post(f"{at}confirm/", {"proposal": str(made.pk)}).status_code == 422
    kim.post(at, sent)
    again = open_clearing(ana)
    assert again is not None
    assert root.post(f"{at}confirm/", {"proposal": str(again.pk)}).status_code == 302
    assert held(ana) == 0
    assert "no second factor" in kim.get(at).content.decode()
    disable_person(PORTAL, ana)
    assert "disabled" in kim.get(at).content.decode()


def test_the_person_sees_it_and_stops_it(cast: Cast, ana: Person) -> None:
    client = Client()
    client.post(LOGIN, {"login": ana.email, "password": PASSWORD})
    step = client.get(STEP).content.decode()
    assert "Call the coordinator of your agency" in step
    client.post(STEP, {"code": code_of()})
    assert "Stop it" not in client.get("/account/security/").content.decode()
    asked(cast, ana)
    assert "Kim asked" in client.get("/account/security/").content.decode()
    assert client.post("/account/clearing/stop/")["Location"] == "/account/security/"
    assert open_clearing(ana) is None
    assert "Stop it" not in client.get("/account/security/").content.decode()


@pytest.mark.parametrize("act", ["factors", "factors/confirm", "factors/withdraw"])
def test_there_is_no_such_page_for_strangers(cast: Cast, ana: Person, act: str) -> None:
    made = asked(cast, ana)
    sent = {**SAID, "proposal": str(made.pk)}
    for name in ("bea", "bo", "sam"):
        for key in (ana.pk, UUID(int=0)):
            answer = browser_of(name).post(f"/people/{key}/{act}/", sent)
            assert (name, answer.status_code) == (name, 404)
    assert open_clearing(ana) == made


def test_a_person_s_page_offers_it_where_there_is_something_to_clear(
    cast: Cast, ana: Person
) -> None:
    def labels(by: str, person: Person) -> list[str]:
        return [offer.label for offer in offered(who(cast, by), person)]

    assert labels("kim", ana) == ["Disable", "Clear second factors"]
    assert labels("root", ana) == ["Disable", "Clear second factors"]
    assert labels("sam", ana) == ["Disable"]
    assert labels("kim", cast.sam.person) == ["Disable"]
    assert factors_of(ana).exists()
