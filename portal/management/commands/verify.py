"""The whole gate, step by step: what CI runs and what a change must pass."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand

from portal.embedded.processes import dying_with
from portal.management.commands.test import server

ROOT: Path = settings.ROOT
SOURCES = ("manage.py", "portal", "cases", "sharing", "agencies", "ledger", "tests")
MANAGE = (sys.executable, "manage.py")
STEPS: dict[str, tuple[str, ...]] = {
    "format": (sys.executable, "-m", "ruff", "format", "--check", *SOURCES),
    "lint": (sys.executable, "-m", "ruff", "check", *SOURCES),
    "types": (sys.executable, "-m", "mypy"),
    "import layers": (str(Path(sys.executable).with_name("lint-imports")),),
    "templates": (sys.executable, "-m", "djlint", "templates", "--lint", "--quiet"),
    "strong settings": (*MANAGE, "check", "--deploy", "--fail-level", "WARNING"),
    "models and migrations": (*MANAGE, "makemigrations", "--check", "--dry-run"),
    "fresh database": (*MANAGE, "prepare_database"),
    "nothing to migrate": (*MANAGE, "migrate", "--check", "--database", "owner"),
}
# What an installation must set: the deploy check is clean with these and refuses less.
STRONG = {
    "SECRET_KEY": "only-to-show-that-the-check-passes-" + "0123456789abcdefghij" * 2,
    "PORTAL_URL": "https://liaison.example",
    "ALLOWED_HOSTS": "liaison.example",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "LIAISON_DEMO": "0",
    "DEBUG": "0",
}
COVERED = "--cov --cov-report=term:skip-covered --cov-fail-under=90"


class Command(BaseCommand):
    """Every check in turn, ended by the README's test command."""

    help = "Run the whole gate: format, lint, types, layers, templates, migrations, tests."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def handle(self, *args: Any, **options: Any) -> None:
        """Run every step, also after one has failed; end with the tests and their line."""
        with server():
            failed = [name for name, command in STEPS.items() if not self.step(name, command)]
        if failed:
            self.say(f"failed: {', '.join(failed)}")
        self.say("tests")
        tested = run_tests()
        sys.exit(1 if failed else tested)

    def step(self, name: str, command: tuple[str, ...]) -> bool:
        """Run one step, print its seconds, and what it said where it failed."""
        began = time.monotonic()
        strong = STRONG if name == "strong settings" else {}
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **strong},
            capture_output=True,
            text=True,
            check=False,
        )
        passed = done.returncode == 0
        verdict = "" if passed else "  FAILED"
        self.say(f"{name:<24}{time.monotonic() - began:>6.1f} s{verdict}")
        if not passed:
            self.say(done.stdout + done.stderr)
        return passed

    def say(self, line: str) -> None:
        """Print at once, also into a pipe."""
        self.stdout.write(line)
        self.stdout.flush()


def run_tests() -> int:
    """Run the README's test command, which ends when this process does; return its exit code."""
    return subprocess.run(
        readme_test_command(),
        cwd=ROOT,
        env=covered(),
        check=False,
        preexec_fn=dying_with(os.getpid(), signal.SIGTERM),
    ).returncode


def readme_test_command() -> list[str]:
    """Return the test command as the README gives it to people."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"^python3 manage\.py test.*$", readme, re.MULTILINE)
    if found is None:
        sys.exit("The README names no test command.")
    return found[0].split()


def covered() -> dict[str, str]:
    """Return the environment in which the same command also measures coverage."""
    options = f"{os.environ.get('PYTEST_ADDOPTS', '')} {COVERED}".strip()
    return {**os.environ, "PYTEST_ADDOPTS": options}
