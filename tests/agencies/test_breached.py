"""Passwords: long, not known from a breach also in disguise, and nothing on how they are made."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from agencies.models import Person

ANA = Person(email="ana.amesbury@example.org", name="Ana Amesbury")


def faults(password: str) -> set[str]:
    """Return the codes of what is wrong with a password of Ana's."""
    try:
        validate_password(password, ANA)
    except ValidationError as error:
        return {str(one.code) for one in error.error_list}
    return set()


@pytest.mark.parametrize(
    "password",
    [
        "a long walk by the river",
        "correct horse battery",
        "onlylowercaseletters",
        "739471620482",
        "ÜBERRASCHUNG im Wald",
    ],
)
def test_any_long_password_is_one(password: str) -> None:
    assert faults(password) == set()


@pytest.mark.parametrize("password", ["", "short", "elevenchars"])
def test_a_short_one_is_none(password: str) -> None:
    assert "password_too_short" in faults(password)


@pytest.mark.parametrize(
    "password",
    [
        "Password123456",
        "p a s s w o r d 2024",
        "!!!Dragon!!!!!!",
        "Pássword-Pássword",
        "p4$$w0rd2026!",
        "monkeymonkeymonkey",
        "qwertyuiop123",
    ],
)
def test_a_known_one_in_disguise_is_refused(password: str) -> None:
    assert faults(password) == {"password_too_common"}


@pytest.mark.parametrize("password", ["ana.amesbury@example", "AnaAmesbury1"])
def test_ones_own_name_is_none(password: str) -> None:
    assert faults(password) == {"password_too_similar"}
