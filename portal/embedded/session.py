"""The database of one command: the one it was given, the one that runs, or one of its own."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.embedded.binaries import valkey_program
from portal.embedded.places import Places, Unusable
from portal.embedded.postgres import APPLICATION, OWNER, Postgres
from portal.embedded.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent.parent
# These run on databases of their own, told to the processes that they start.
OWN = frozenset({"test", "verify"})
# These start what they need themselves, or need no database.
WITHOUT = frozenset(
    {"demo", "help", "version", "check", "collectstatic", "diffsettings"}
    | {"findstatic", "compilemessages", "makemessages", "spectacular", "startapp"}
)
HELP = frozenset({"-h", "--help", "--version"})
# False where the environment names a server.
EMBEDDED = not os.environ.get("DATABASE_URL")


def data_folder() -> Path:
    """Return the data folder: LIAISON_DATA, which ``--data`` sets, else ``.data``."""
    return Path(os.environ.get("LIAISON_DATA") or ROOT / ".data").resolve()


@contextmanager
def database_for(command: str) -> Iterator[None]:
    """Have a database for as long as *command* runs, and its address in the environment."""
    if command in OWN:
        yield
        return
    try:
        postgres = Postgres(Places.of(data_folder()))
        announce(postgres, command)
        if not EMBEDDED or command in WITHOUT or HELP & set(sys.argv):
            yield
            return
        with in_use(postgres.places, starting=postgres):
            yield
    except Unusable as problem:
        sys.exit(str(problem))


def announce(postgres: Postgres, command: str) -> None:
    """Put into the environment, for the settings to read, where the embedded services are.

    Where no broker answers, waking the courier is skipped: the sweep delivers.
    """
    if EMBEDDED:
        os.environ["DATABASE_URL"] = postgres.url(APPLICATION)
        os.environ["DATABASE_OWNER_URL"] = postgres.url(OWNER)
    valkey = Valkey(postgres.places)
    if command == "demo":
        os.environ["LIAISON_DEMO"] = "1"
        postgres.places.make()
        found = valkey_program(postgres.places)
        os.environ.setdefault("REDIS_URL", valkey.url if found else "")
    elif EMBEDDED:
        os.environ.setdefault("REDIS_URL", valkey.url if valkey.answers() else "memory://")


@contextmanager
def in_use(places: Places, *, starting: Postgres) -> Iterator[None]:
    """Use the server that runs in *places*, or run one until nobody uses it any more."""
    with places.starting():
        began = not starting.answers()
        if began:
            fresh = starting.start()
        users = (places.data / "users.lock").open("a")
        fcntl.flock(users, fcntl.LOCK_SH)
    try:
        if began and fresh:
            prepare()
        yield
    finally:
        if began:
            fcntl.flock(users, fcntl.LOCK_EX)
            starting.stop()
        users.close()


def prepare() -> None:
    """Give a new database its tables and privileges."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("prepare_database", verbosity=0)
