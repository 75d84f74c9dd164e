"""The page of parts: sound markup in debug mode, and in any other not even an address."""

from __future__ import annotations

import os
import subprocess
import sys

from django.conf import settings

from tests.web.markup import faults_of

SHOW = (
    "from django.test import Client\n"
    "answer = Client(SERVER_NAME='localhost').get('/components/')\n"
    "print(answer.status_code)\nprint(answer.content.decode())"
)


def run(code: str, *, debug: str) -> subprocess.CompletedProcess[str]:
    """Run *code* in a portal of its own, in debug mode or not."""
    environment = {
        **os.environ,
        "DEBUG": debug,
        "LIAISON_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }
    return subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{code}"],
        cwd=settings.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_in_debug_mode_every_part_is_shown_and_sound() -> None:
    done = run(SHOW, debug="1")
    status, _, page = done.stdout.partition("\n")
    assert (status, faults_of(page)) == ("200", []), done.stderr


def test_out_of_debug_mode_there_is_no_such_address_and_nothing_to_load() -> None:
    nowhere = run(
        "from django.urls import resolve, Resolver404\n"
        "try:\n    resolve('/components/')\nexcept Resolver404:\n    print('nowhere')",
        debug="0",
    )
    assert nowhere.stdout.split() == ["nowhere"]
    refused = run("import portal.components.views", debug="0")
    assert (refused.returncode, "ImproperlyConfigured" in refused.stderr) == (1, True)
