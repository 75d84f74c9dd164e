"""One installation on this machine: its services, and web, worker and beat upon them."""

from __future__ import annotations

import fcntl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from portal.embedded.places import Places, Unusable
from portal.embedded.postgres import Postgres
from portal.embedded.processes import tail
from portal.embedded.supervisor import Program, Supervisor
from portal.embedded.valkey import Valkey

FIRST_PAGE = 60.0
CELERY = ("celery", "--app", "portal.celery:app")


class Installation:
    """What ``demo`` starts; nothing of it outlives the process that made it."""

    def __init__(self, places: Places, port: int, say: Callable[[str], None]) -> None:
        self.places = places
        self.port = port
        self.say = say
        self.supervisor = Supervisor(say)
        self.postgres = Postgres(places)
        self.valkey = Valkey(places)
        self.web = Program(self.web_arguments(), places.logs / "web.log")

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the data folder: one installation runs in it at a time."""
        self.places.make()
        with (self.places.data / "installation.lock").open("a") as lock:
            self.hold(lock)
            try:
                yield
            finally:
                self.supervisor.stop()

    def hold(self, lock: IO[str]) -> None:
        """Take the folder, waiting for what was killed a moment ago to end."""
        deadline = time.monotonic() + 1
        while True:
            try:
                return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Unusable(
                        f"A demo already runs in {self.places.data}. "
                        "Stop it, or choose another folder with --data DIR."
                    ) from None
            time.sleep(0.1)

    def start_database(self) -> None:
        """Start PostgreSQL, after whichever command runs one here for itself."""
        with self.places.starting():
            told = False
            while self.postgres.answers():
                if not told:
                    self.say("Waiting for another command that uses the database here.")
                told = True
                time.sleep(0.25)
            self.supervisor.keep(self.postgres)
            self.postgres.start()

    def start_broker(self) -> bool:
        """Start Valkey; return false where this machine has none and tasks are files."""
        self.supervisor.keep(self.valkey)
        return self.valkey.start()

    def start_programs(self) -> None:
        """Start web, worker and beat: three children, so that each dies with the supervisor."""
        logs = self.places.logs
        worker = [*CELERY, "worker", "--pool", "threads", "--concurrency", "4"]
        worker += ["--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
        beat = [*CELERY, "beat", "--loglevel", "WARNING", "--pidfile", ""]
        for program in (
            self.web,
            Program(worker, logs / "worker.log"),
            Program(beat, logs / "beat.log"),
        ):
            self.supervisor.keep(program)
            program.start()

    def web_arguments(self) -> list[str]:
        """Return gunicorn's command line, on loopback only."""
        settings = ("--config", "python:portal.embedded.web")
        return [
            "gunicorn",
            "portal.wsgi:application",
            *settings,
            "--bind",
            f"127.0.0.1:{self.port}",
        ]

    @property
    def address(self) -> str:
        """Where the portal is."""
        return f"http://127.0.0.1:{self.port}/"

    def wait_for_page(self) -> None:
        """Wait until the first page answers; raise Unusable with the log where it does not."""
        deadline = time.monotonic() + FIRST_PAGE
        while not self.page_answers():
            ended = self.web.process is None or self.web.process.poll() is not None
            if ended or time.monotonic() > deadline:
                raise Unusable(f"The web server does not answer.\n{tail(self.web.log)}")
            time.sleep(0.1)

    def page_answers(self) -> bool:
        """Tell whether the first page is there, or leads to one that is."""
        try:
            with urllib.request.urlopen(self.address, timeout=10) as answer:  # noqa: S310
                return bool(answer.status < 400)
        except urllib.error.HTTPError as error:
            return error.code < 500
        except (urllib.error.URLError, OSError):
            return False
