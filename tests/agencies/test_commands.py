"""The commands that a real installation begins with."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from agencies.coverage import is_party
from agencies.models import Agency, Agreement, Membership, Person
from agencies.services import conclude_participation, end_membership, set_agency_status
from agencies.tokens import actor_for_token
from tests.agencies.cast import PORTAL, Cast, post

STRONG = "a long walk by the river"
AGENCY = ("--short-name", "delta", "--name", "Delta Police", "--kind", "municipal")


def printed(*words: str) -> str:
    """Return what a command prints."""
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_a_token_is_printed_alone(cast: Cast) -> None:
    text = printed("issue_token", "ANA@example.org", "--scopes", "read")
    found = actor_for_token(text.strip())
    assert found == (cast.acts("ana"), frozenset({"read"}))
    assert text.count("\n") == 1


def test_a_token_names_its_agency_where_there_are_several(cast: Cast) -> None:
    second = post(cast.bravo, "ana", *cast.ana.roles)
    with pytest.raises(CommandError, match="several posts"):
        printed("issue_token", "ana@example.org")
    found = actor_for_token(printed("issue_token", "ana@example.org", "--agency", "BRAVO").strip())
    assert found is not None
    assert found[0].membership_id == second.pk


def test_a_token_is_issued_ahead_for_a_suspended_agency(cast: Cast) -> None:
    set_agency_status(PORTAL, cast.alpha, status="suspended")
    assert actor_for_token(printed("issue_token", "ana@example.org").strip()) is None


def test_an_administrator_gets_a_token_without_a_post(cast: Cast) -> None:
    found = actor_for_token(printed("issue_token", "root@example.org").strip())
    assert found is not None
    assert found[0] == cast.root


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["nobody@example.org"], "Nobody has the e-mail"),
        (["bo@example.org"], "no such post"),
        (["ana@example.org", "--agency", "bravo"], "no such post"),
        (["ana@example.org", "--scopes", "all"], "not one of"),
        (["ana@example.org", "--days", "0"], "From 1 to"),
        (["root@example.org", "--agency", "alpha"], "no such post"),
    ],
)
def test_a_token_that_cannot_be_is_refused_in_words(
    cast: Cast, words: list[str], reason: str
) -> None:
    end_membership(PORTAL, cast.bo)
    with pytest.raises(CommandError, match=reason):
        printed("issue_token", *words)


def test_the_first_administrator_is_made_with_a_password_from_standard_input(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{STRONG}\n"))
    printed("create_administrator", "Root@example.org", "--name", "Root", "--password-stdin")
    root = Person.objects.get()
    assert (root.email, root.name, root.is_staff) == ("root@example.org", "Root", True)
    assert root.check_password(STRONG)
    with pytest.raises(CommandError, match="already"):
        printed("create_administrator", "root@example.org")


def test_the_password_may_come_from_the_environment(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADMINISTRATOR_PASSWORD", STRONG)
    printed("create_administrator", "root@example.org")
    assert Person.objects.get().check_password(STRONG)


class Terminal(io.StringIO):
    """A standard input at which somebody sits."""

    def isatty(self) -> bool:
        """Return True."""
        return True


def test_the_password_is_asked_for_twice(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter([STRONG, "something else", STRONG, STRONG])
    command = "agencies.management.commands.create_administrator"
    monkeypatch.setattr(f"{command}.getpass", lambda _: next(typed))
    monkeypatch.setattr("sys.stdin", Terminal())
    with pytest.raises(CommandError, match="not the same"):
        printed("create_administrator", "root@example.org")
    printed("create_administrator", "root@example.org")
    assert Person.objects.get().check_password(STRONG)


@pytest.mark.parametrize(
    ("email", "password", "reason"),
    [
        ("root@example.org", "12345678", "too short"),
        ("root@example.org", "", "too short"),
        ("no address", STRONG, "valid email"),
    ],
)
def test_a_weak_password_or_a_wrong_address_is_refused(
    db: None, monkeypatch: pytest.MonkeyPatch, email: str, password: str, reason: str
) -> None:
    monkeypatch.setenv("ADMINISTRATOR_PASSWORD", password)
    with pytest.raises(CommandError, match=reason):
        printed("create_administrator", email)
    assert not Person.objects.exists()


def test_without_a_password_nobody_is_made(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ADMINISTRATOR_PASSWORD", raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(CommandError, match="--password-stdin"):
        printed("create_administrator", "root@example.org")
    assert not Person.objects.exists()


def test_an_agency_comes_on_board_signed_and_with_its_coordinator(db: None) -> None:
    options: tuple[Any, ...] = ("--ori", "ZZ0010000", "--coordinator-email", "kim@example.org")
    assert printed("create_agency", *AGENCY, *options) == "Delta Police is on board.\n"
    agency = Agency.objects.get()
    (post_of_kim,) = Membership.objects.acting()
    assert (post_of_kim.person.email, post_of_kim.agency, post_of_kim.roles) == (
        "kim@example.org",
        agency,
        ["coordinator"],
    )
    assert is_party(Agreement.objects.get(kind="participation"), agency.pk)
    assert agency.onboardings.get().recertify_by is not None


def test_a_second_agency_joins_the_same_participation_agreement(cast: Cast) -> None:
    signed = conclude_participation(PORTAL)
    printed("create_agency", *AGENCY)
    assert signed.parties.count() == 3
    assert Membership.objects.filter(agency__short_name="delta").count() == 0


def test_an_agency_that_cannot_come_on_board_leaves_nothing(cast: Cast) -> None:
    before = (Agency.objects.count(), Agreement.objects.count())
    with pytest.raises(CommandError, match="valid email"):
        printed("create_agency", *AGENCY, "--coordinator-email", "kim")
    assert (Agency.objects.count(), Agreement.objects.count()) == before
