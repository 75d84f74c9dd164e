"""Runs the tests on services of their own in a temporary folder, and removes them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from portal.embedded.places import Places, Unusable
from portal.embedded.postgres import APPLICATION, OWNER, Postgres
from portal.embedded.processes import dying_with
from portal.embedded.session import EMBEDDED

# Every processor, each with a database of its own; tests of one file stay together.
EVERYTHING = ("--numprocesses", "auto", "--dist", "loadfile", "--quiet")


class Command(BaseCommand):
    """Pytest, with its own arguments, on a PostgreSQL that keeps nothing."""

    help = "Run the tests; arguments are pytest's."

    def run_from_argv(self, argv: list[str]) -> None:
        """Hand every argument to pytest: Django's parser knows none of them."""
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.default_int_handler)
        try:
            with server():
                code = pytest(argv[2:] or list(EVERYTHING))
        except Unusable as problem:
            raise SystemExit(str(problem)) from problem
        except KeyboardInterrupt:
            code = 130
        sys.exit(code)

    def handle(self, *args: str, **options: object) -> None:
        """Refuse to be called from code: it would run on whatever database is configured."""
        raise CommandError("Run it from the command line.")


@contextmanager
def server() -> Iterator[None]:
    """Have a server for the tests: the one the environment names, else one of their own."""
    if not EMBEDDED:
        yield
        return
    folder = Path(tempfile.mkdtemp(prefix="liaison-test-"))
    places = Places.of(folder)
    postgres = Postgres(places, durable=False)
    before = dict(os.environ)
    try:
        places.make()
        postgres.start()
        os.environ["DATABASE_URL"] = postgres.url(APPLICATION)
        os.environ["DATABASE_OWNER_URL"] = postgres.url(OWNER)
        os.environ["LIAISON_DATA"] = str(folder)
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        postgres.stop()
        for path in (places.state, places.run, folder):
            shutil.rmtree(path, ignore_errors=True)


def pytest(arguments: list[str]) -> int:
    """Run pytest in a process that ends when this one does; return its exit code."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=settings.ROOT,
        preexec_fn=dying_with(os.getpid(), signal.SIGKILL),  # noqa: PLW1509
    )
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise
