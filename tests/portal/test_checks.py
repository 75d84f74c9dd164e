"""Weak settings: each is refused by name, and a strong installation passes."""

from __future__ import annotations

import os
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
    ],
)
def test_each_weakness_is_refused_by_name(
    strong: Any, name: str, value: Any, expected: list[str]
) -> None:
    setattr(strong, name, value)
    assert found() == expected


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
    assert "portal.E001" in weak.stderr
