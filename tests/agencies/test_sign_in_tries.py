"""Five failures lock a name: known or not, however it is written, however many try at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from agencies.models import Person, SignInName, SignInTry
from agencies.services.sign_in import (
    begin_try,
    carry_failures,
    fail_try,
    forget_failures,
    forget_old_names,
    is_locked,
    is_refused,
    pass_try,
)
from agencies.sign_in_names import folded, key_of
from ledger.courier import deliver_batch
from ledger.models import Event
from tests.agencies.cast import PASSWORD, Cast, known
from tests.agencies.test_sign_in import is_signed_in, sign_in, text_of

ANA, NOBODY = "ana@example.org", "nobody@example.org"


def fail(name: str, times: int, person: Person | None = None) -> None:
    """Have *name* fail."""
    for _ in range(times):
        fail_try(begin_try(name), person)


@pytest.mark.parametrize(
    "written",
    [
        "JOSE.RUIZ@EXAMPLE.ORG",
        "  jose.ruiz@example.org\t",
        "josé.ruiz@example.org",
        "jose\u0301.ruiz@example.org",
        "ｊｏｓｅ.ruiz@example.org",
        "jo\u200bse.ruiz@example.org",
        "JOSÉ.RUIZ@EXAMPLE.ORG\u00a0",
    ],
)
def test_however_a_name_is_written_it_shares_the_count(written: str) -> None:
    assert key_of(written) == key_of("jose.ruiz@example.org")
    assert key_of(written) != key_of("jose.ruis@example.org")


def test_letters_that_fold_to_several_share_the_count() -> None:
    assert folded("STRASSE@x.org") == folded("straße@x.org") == "strasse@x.org"


@pytest.mark.parametrize("name", [ANA, NOBODY])
def test_the_sixth_try_is_refused_whether_or_not_anybody_has_the_name(
    cast: Cast, name: str
) -> None:
    fail(name, 5)
    assert is_refused(begin_try(name.upper()))
    assert not is_refused(begin_try("bo@example.org"))


def test_a_locked_person_does_not_sign_in_and_a_released_one_would(cast: Cast) -> None:
    for _ in range(5):
        sign_in(Client(), "Ana@example.org", "x")
    client = Client()
    assert sign_in(client, ANA) == 200
    assert not is_signed_in(client)
    assert is_locked(cast.ana.person)
    SignInName.objects.update(locked_at=None)
    SignInTry.objects.all().delete()
    assert sign_in(client, ANA) == 302


def test_four_failures_lock_nobody_and_signing_in_begins_anew(cast: Cast) -> None:
    for _ in range(2):
        for _ in range(4):
            sign_in(Client(), ANA, "x")
        assert sign_in(Client(), ANA) == 302
    assert not is_locked(cast.ana.person)


def test_failures_longer_ago_than_the_window_no_longer_count(cast: Cast) -> None:
    fail(ANA, 4)
    SignInTry.objects.update(at=datetime.now(UTC) - timedelta(minutes=15, seconds=1))
    fail(ANA, 4)
    assert not is_locked(cast.ana.person)
    SignInTry.objects.update(at=datetime.now(UTC) - timedelta(minutes=14))
    fail(ANA, 1)
    assert is_locked(cast.ana.person)


def test_a_lock_outlasts_the_window(cast: Cast) -> None:
    fail(ANA, 5)
    SignInTry.objects.update(at=datetime.now(UTC) - timedelta(days=3))
    client = Client()
    assert sign_in(client, ANA) == 200
    assert not is_signed_in(client)


def test_a_password_alone_does_not_make_earlier_failures_forgotten(cast: Cast) -> None:
    fail(ANA, 4)
    pass_try(begin_try(ANA))
    fail(ANA, 1)
    assert is_locked(cast.ana.person)


def test_complete_sign_ins_forget_failures_of_their_own_name_alone(cast: Cast) -> None:
    fail(ANA, 4)
    fail("bo@example.org", 4)
    forget_failures(cast.ana.person)
    fail(ANA, 4)
    fail("bo@example.org", 1)
    assert (is_locked(cast.ana.person), is_locked(cast.bo.person)) == (False, True)


def test_the_answer_is_the_same_for_known_unknown_and_locked_names(cast: Cast) -> None:
    for _ in range(5):
        sign_in(Client(), "bo@example.org", "x")
    answers = {
        (response.status_code, text_of(response).replace(name, "NAME"))
        for name, password in [(ANA, "x"), (NOBODY, "x"), ("bo@example.org", PASSWORD)]
        for response in [Client().post("/account/login/", {"login": name, "password": password})]
    }
    ((status, page),) = answers
    assert status == 200
    assert "or the account is locked" in page


def test_confirming_with_a_wrong_password_counts_too(cast: Cast, client: Client) -> None:
    sign_in(client, ANA)
    for _ in range(5):
        client.post("/account/reauthenticate/?next=/agencies/", {"password": "x"})
    assert is_locked(cast.ana.person)
    answer = client.post("/account/reauthenticate/?next=/agencies/", {"password": PASSWORD})
    assert answer.status_code == 200


def test_whoever_shows_something_else_is_stopped_by_the_lock_too(cast: Cast) -> None:
    from allauth.account.internal.flows.login import perform_login
    from allauth.account.models import Login
    from allauth.core import context
    from django.contrib.sessions.backends.db import SessionStore
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.session = SessionStore()
    fail(ANA, 5)
    with context.request_context(request):
        answer = perform_login(request, Login(user=cast.ana.person))
    assert (answer.status_code, answer["Location"]) == (302, "/account/inactive/")
    assert "_auth_user_id" not in request.session


def test_the_lock_is_written_and_told_without_content(cast: Cast) -> None:
    for _ in range(5):
        sign_in(Client(), ANA, "x")
    events = list(Event.objects.order_by("-seq").values_list("kind", flat=True)[:6])
    assert events == ["person.locked", *["person.sign_in_failed"] * 5]
    locked = Event.objects.get(kind="person.locked")
    assert (locked.target, locked.concerns) == (cast.ana.person_id, [cast.alpha.pk])
    deliver_batch()
    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert letters.keys() == {ANA, "kim@example.org"}
    assert "locked" in letters[ANA].subject
    assert f"/people/{cast.ana.person_id}/release/" in letters["kim@example.org"].body
    assert not any("Ana" in letter.body for letter in mail.outbox)


def test_nobody_is_told_of_a_name_that_nobody_has_and_as_much_is_written(cast: Cast) -> None:
    for _ in range(5):
        sign_in(Client(), NOBODY, "x")
    locked = Event.objects.get(kind="person.locked")
    assert (locked.concerns, locked.messages.count()) == ([], 3)
    deliver_batch()
    assert mail.outbox == []


def test_a_coordinator_is_not_told_of_the_own_account_and_a_released_one_is_no_news(
    cast: Cast,
) -> None:
    fail("kim@example.org", 5, cast.kim.person)
    fail(ANA, 5, cast.ana.person)
    SignInName.objects.filter(pk=key_of(ANA)).update(locked_at=None)
    deliver_batch()
    assert [letter.to for letter in mail.outbox] == [["kim@example.org"]]


def test_the_lock_follows_a_person_to_a_new_address(cast: Cast) -> None:
    fail(ANA, 5)
    carry_failures(ANA, "ana@elsewhere.org")
    Person.objects.filter(pk=cast.ana.person_id).update(email="ana@elsewhere.org")
    assert is_locked(Person.objects.get(pk=cast.ana.person_id))
    fail("bo@example.org", 4)
    carry_failures("bo@example.org", "bo@elsewhere.org")
    fail("bo@elsewhere.org", 1)
    assert is_refused(begin_try("bo@elsewhere.org"))
    assert not is_refused(begin_try("bo@example.org"))


def test_names_no_longer_tried_are_forgotten_but_not_the_lock_of_a_person(cast: Cast) -> None:
    for name in (ANA, NOBODY):
        fail(name, 5)
    fail("bo@example.org", 1)
    assert forget_old_names() == 0
    SignInName.objects.update(touched_at=datetime.now(UTC) - timedelta(days=2))
    assert forget_old_names() == 2
    assert list(SignInName.objects.values_list("pk", flat=True)) == [key_of(ANA)]
    assert forget_old_names() == 0


@pytest.mark.parametrize("name", [ANA, NOBODY])
def test_tries_at_the_same_time_do_not_get_past_the_fifth(cloned_database: str, name: str) -> None:
    known("ana")
    together = Barrier(12)

    def attempt(_: int) -> bool:
        try:
            together.wait()
            tried = begin_try(name)
            together.wait()
            fail_try(tried, None)
            return is_refused(tried)
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as threads:
        refused = list(threads.map(attempt, range(12)))
    assert refused.count(False) == 5
    assert SignInName.objects.get().locked_at is not None
    assert Event.objects.filter(kind="person.locked").count() == 1


def test_guesses_at_the_same_time_verify_five_passwords_at_most(
    cloned_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = known("ana")
    together = Barrier(8)

    def guess(number: int) -> int:
        try:
            client = Client(REMOTE_ADDR=f"10.0.0.{number}")
            together.wait()
            password = PASSWORD if number == 7 else "x"
            return sign_in(client, ANA, password)
        finally:
            connection.close()

    fail(ANA, 4, ana)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(guess, range(8)))
    assert answers.count(302) <= 1
    pending_or_failed = SignInTry.objects.exclude(state="refused").count()
    assert pending_or_failed <= 5
