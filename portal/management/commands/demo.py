"""Starts everything on this machine, loads a world once, and runs until it is told to stop."""

from __future__ import annotations

import io
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command, get_commands
from django.core.management.base import CommandParser
from django.db import connections

from portal.embedded.installation import Installation
from portal.embedded.places import Places, Unusable
from portal.embedded.session import EMBEDDED
from portal.embedded.world import Holding

WORLD = settings.ROOT / "portal" / "demo" / "world.json"
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Command(BaseCommand):
    """PostgreSQL, broker, worker, beat and web on loopback, with people to sign in as."""

    help = "Start the portal with a demo world on this machine."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what ``demo`` may be told."""
        parser.add_argument("--port", type=int, default=8000, help="0 takes any free one")
        parser.add_argument("--data", metavar="DIR", help="where everything is kept (.data)")
        parser.add_argument("--world", type=Path, metavar="FILE", help="instead of the demo world")
        parser.add_argument("--reset", action="store_true", help="start from nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until Ctrl-C or SIGTERM; then nothing of it is left."""
        world: Path | None = options["world"]
        if world and not world.is_file():
            raise CommandError(f"There is no world file {world}.")
        if options["reset"] and not EMBEDDED:
            raise CommandError("--reset empties only the database in the data folder.")
        port = free_port(options["port"])
        os.environ["PORTAL_URL"] = f"http://127.0.0.1:{port}"
        installation = Installation(Places.of(settings.DATA), port, self.say)
        for number in STOPPING:
            signal.signal(number, stop_now)
        try:
            with installation.held():
                self.run(installation, world, reset=options["reset"])
        except KeyboardInterrupt:
            self.say("stopped")
        except Unusable as problem:
            raise CommandError(str(problem)) from problem

    def run(self, installation: Installation, world: Path | None, *, reset: bool) -> None:
        """Start everything in its order, say where it is, and look after it."""
        places = installation.places
        self.say(f"Starting in {places.data}; logs in {places.logs}.")
        held = Holding.read(places.world)
        if EMBEDDED and (reset or (held and not held.loaded)):
            places.wipe()
            places.make()
        if EMBEDDED:
            with self.step("PostgreSQL"):
                installation.start_database()
        if os.environ["REDIS_URL"] == installation.valkey.url:
            with self.step("broker"):
                installation.start_broker()
        with self.step("tables and privileges"):
            call_command("prepare_database", verbosity=0)
        installation.start_programs()
        accounts = self.load(places, world)
        with self.step("first page"):
            installation.wait_for_page()
        self.present(accounts, installation)
        while True:
            installation.supervisor.look()
            time.sleep(0.25)

    def load(self, places: Places, world: Path | None) -> list[dict[str, str]]:
        """Load the world where there is none yet; return the accounts in it."""
        file = world or WORLD
        if not file.is_file() or "load_world" not in get_commands():
            self.say("  There is no world to load; the portal is empty.")
            return []
        held, wanted = Holding.read(places.world), Holding.of(file)
        if held is None:
            wanted.write(places.world)
            with self.step("world"):
                call_command("load_world", str(file), stdout=io.StringIO())
            wanted.loaded = True
            wanted.write(places.world)
            held = wanted
        elif world and held.digest != wanted.digest:
            raise CommandError("Another world was loaded here. Replace it with: demo --reset")
        connections.close_all()
        return held.accounts

    def present(self, accounts: list[dict[str, str]], installation: Installation) -> None:
        """Print who can sign in, and the line that says all is well."""
        if accounts:
            self.say("Accounts (e-mail, password, name):")
        for account in accounts:
            self.say(f"  {account['email']:<32} {account['password']:<24} {account['name']}")
        if not all(folder.is_dir() for folder in settings.PACKAGES.values()):
            self.say("The front-end packages are missing: pages are plain. Try: npm ci")
        self.say("Ctrl-C stops everything.")
        self.say(f"ready {installation.address}")

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Print what was done and its seconds."""
        began = time.monotonic()
        yield
        self.say(f"  {name:<24}{time.monotonic() - began:>6.1f} s")

    def say(self, line: str) -> None:
        """Print at once, also into a pipe."""
        self.stdout.write(line)
        self.stdout.flush()


def free_port(wanted: int) -> int:
    """Return *wanted* where it is free, any free one for 0; raise CommandError otherwise."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Port {wanted} cannot be used ({error}). Try: --port {wanted % 60000 + 1}"
            ) from error
        return int(probe.getsockname()[1])


def stop_now(*_: Any) -> NoReturn:
    """End the demo once, however often one asks."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
