"""Limits weaker than the policy's are refused by name, unless somebody approved it by name."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from portal import sign_in_checks
from portal.sign_in_limits import exceptions_in


@pytest.fixture
def strong(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Have the limits of the policy."""
    settings = SimpleNamespace(
        SIGN_IN_FAILURES=5,
        SIGN_IN_FAILURE_SECONDS=900,
        IDLE_LOCK_SECONDS=1800,
        SESSION_SECONDS=43200,
        SECOND_FACTOR_REQUIRED=True,
        REAUTHENTICATION_SECONDS=900,
        SIGN_IN_EXCEPTIONS={},
    )
    monkeypatch.setattr(sign_in_checks, "settings", settings)
    return settings


def found() -> list[str]:
    """Return the ids of what is refused."""
    return [str(error.id) for error in sign_in_checks.check_limits(None)]


def test_the_limits_of_the_policy_are_accepted(strong: Any) -> None:
    assert found() == []


WEAK = [
    ("SIGN_IN_FAILURES", 6, "lockout", "portal.E011"),
    ("SIGN_IN_FAILURES", 0, "lockout", "portal.E011"),
    ("SIGN_IN_FAILURE_SECONDS", 899, "lockout", "portal.E011"),
    ("IDLE_LOCK_SECONDS", 1801, "idle_lock", "portal.E012"),
    ("IDLE_LOCK_SECONDS", 0, "idle_lock", "portal.E012"),
    ("SESSION_SECONDS", 43201, "session", "portal.E013"),
    ("SECOND_FACTOR_REQUIRED", False, "second_factor", "portal.E014"),
    ("REAUTHENTICATION_SECONDS", 901, "reauthentication", "portal.E015"),
]


@pytest.mark.parametrize(("name", "value", "limit", "expected"), WEAK)
def test_a_weaker_limit_is_refused_unless_its_exception_is_named(
    strong: Any, name: str, value: Any, limit: str, expected: str
) -> None:
    setattr(strong, name, value)
    assert found() == [expected]
    strong.SIGN_IN_EXCEPTIONS = {limit: "approved by the chief on 2026-01-05"}
    assert found() == []


def test_an_exception_to_no_limit_is_refused(strong: Any) -> None:
    strong.SIGN_IN_EXCEPTIONS = {"idle": "approved"}
    assert found() == ["portal.E010"]


def test_exceptions_say_who_approved_them() -> None:
    said = "idle_lock: approved by Chief Ruiz; lockout : by the board;second_factor:;session"
    assert exceptions_in(said) == {
        "idle_lock": "approved by Chief Ruiz",
        "lockout": "by the board",
    }
    assert exceptions_in("") == {}
