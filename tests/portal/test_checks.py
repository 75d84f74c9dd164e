"""Weak settings: each is refused by name, and a strong installation passes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from portal import checks
from portal.management.commands.verify import STRONG

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def strong(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Have the settings of a well set up installation."""
    settings = SimpleNamespace(
        DEMO=False,
        PORTAL_URL="https://liaison.example",
        ALLOWED_HOSTS=["liaison.example"],
        REDIS_URL="redis://host/0",
        DATABASES={"default": {"USER": "liaison_app"}, "owner": {"USER": "liaison_owner"}},
        SECOND_FACTOR_REQUIRED=True,
        REAUTHENTICATION_SECONDS=900,
        SIGN_IN_EXCEPTIONS={},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"],
    )
    monkeypatch.setattr(checks, "settings", settings)
    monkeypatch.setenv("SECRET_KEY", "x" * 50)
    return settings


def found() -> list[str]:
    """Return the ids of what our checks refuse."""
    every = (
        checks.check_mode,
        checks.check_secrets,
        checks.check_databases,
        checks.check_hosts,
        checks.check_broker,
        checks.check_sign_in,
    )
    return [str(error.id) for check in every for error in check(None)]


def test_a_strong_installation_is_accepted(strong: Any) -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("DEMO", True, ["portal.E001"]),
        ("PORTAL_URL", "http://liaison.example", ["portal.E002"]),
        ("PORTAL_URL", "https://other.example", ["portal.E005"]),
        ("ALLOWED_HOSTS", ["*", "liaison.example"], ["portal.E005"]),
        ("ALLOWED_HOSTS", [], ["portal.E005"]),
        ("REDIS_URL", "", ["portal.E006"]),
        ("REDIS_URL", "memory://", ["portal.E006"]),
        ("DATABASES", {"default": {"USER": "one"}, "owner": {"USER": "one"}}, ["portal.E004"]),
        ("DATABASES", {"default": {"USER": ""}, "owner": {"USER": "one"}}, ["portal.E004"]),
        ("SECOND_FACTOR_REQUIRED", False, ["portal.E021"]),
        ("REAUTHENTICATION_SECONDS", 901, ["portal.E022"]),
        ("PASSWORD_HASHERS", ["portal.demo.hashers.DemoPasswordHasher"], ["portal.E023"]),
    ],
)
def test_each_weakness_is_refused_by_name(
    strong: Any, name: str, value: Any, expected: list[str]
) -> None:
    setattr(strong, name, value)
    assert found() == expected


def test_a_longer_time_is_accepted_by_whoever_is_named(strong: Any) -> None:
    strong.REAUTHENTICATION_SECONDS = 901
    strong.SIGN_IN_EXCEPTIONS = {"reauthentication": "approved by the board"}
    assert found() == []


def test_a_key_that_only_this_machine_knows_is_refused(
    strong: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY")
    assert found() == ["portal.E003"]


def deploy(**changes: str) -> subprocess.CompletedProcess[str]:
    """Run the deploy check as an administrator would."""
    environment = {**os.environ, **STRONG, "DJANGO_SETTINGS_MODULE": "portal.settings", **changes}
    # The tests' own, for the browser.
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_deploy_check_is_clean_with_strong_settings_and_not_without() -> None:
    clean = deploy()
    assert (clean.returncode, "no issues" in clean.stdout) == (0, True), clean.stderr
    weak = deploy(LIAISON_DEMO="1")
    assert weak.returncode == 1
    assert {"portal.E001", "portal.E021", "portal.E023"} <= set(
        re.findall(r"portal\.E\d+", weak.stderr)
    )


def test_cookies_are_bound_to_the_host_in_production_alone() -> None:
    asked = (
        "from django.conf import settings as s\n"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE,"
        " s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_PATH, s.SESSION_COOKIE_DOMAIN,"
        " s.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN)"
    )

    def told(**changes: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", asked],
            cwd=ROOT,
            env={**os.environ, **STRONG, "DJANGO_SETTINGS_MODULE": "portal.settings", **changes},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.split()

    bound = ["__Host-liaison_session", "__Host-liaison_csrf", "True", "True", "/", "None", "False"]
    assert told() == bound
    assert told(LIAISON_DEMO="1") == [
        *("liaison_session", "liaison_csrf", "False", "False", "/", "None", "True")
    ]
