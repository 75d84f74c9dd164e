"""Where the embedded services keep their files, and as whom they run."""

from __future__ import annotations

import hashlib
import os
import pwd
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# The address of a socket must fit into 108 bytes, and PostgreSQL adds a name of its own.
LONGEST_RUN = 85
SERVICE_ACCOUNTS = ("postgres", "nobody")


class Unusable(Exception):
    """A folder or a binary cannot be used; says why and what to try."""


@dataclass(frozen=True)
class Account:
    """The user as whom services run when root starts them: PostgreSQL refuses root."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Places:
    """The folders of one installation.

    As a normal user everything lies in ``data``.  As root the services' part lies under the
    system's temporary folder, where their own account can reach it.
    """

    data: Path
    state: Path
    run: Path
    account: Account | None

    @classmethod
    def of(cls, data: Path) -> Places:
        """Return the places of the data folder *data*; makes nothing."""
        data = data.resolve()
        mark = hashlib.sha256(str(data).encode()).hexdigest()[:12]
        aside = Path(tempfile.gettempdir()) / f"liaison-{os.getuid()}-{mark}"
        if os.getuid() == 0:
            return cls(data, aside, aside / "run", service_account())
        run = data / "run"
        return cls(data, data, run if len(str(run)) <= LONGEST_RUN else aside, None)

    @property
    def postgres(self) -> Path:
        """The database cluster."""
        return self.state / "postgres"

    @property
    def valkey(self) -> Path:
        """The broker's append-only file."""
        return self.state / "valkey"

    @property
    def logs(self) -> Path:
        """One file per process."""
        return self.data / "logs"

    @property
    def world(self) -> Path:
        """Which world the database holds."""
        return self.state / "world.json"

    def make(self) -> None:
        """Make the folders, closed to everyone else."""
        own_folder(self.data, 0o700)
        own_folder(self.logs, 0o700)
        if self.account:
            own_folder(self.state, 0o711)
            self.forget_strangers()
        own_folder(self.run, 0o700, self.account)
        own_folder(self.valkey, 0o700, self.account)

    def forget_strangers(self) -> None:
        """Drop what lies aside for a data folder that was removed and made again."""
        kept, aside = self.data / "cluster", self.state / "cluster"
        if not kept.exists():
            kept.write_text(secrets.token_hex(16), encoding="ascii")
        mark = kept.read_text(encoding="ascii")
        if not aside.exists() or aside.read_text(encoding="ascii") != mark:
            shutil.rmtree(self.state)
            own_folder(self.state, 0o711)
            aside.write_text(mark, encoding="ascii")

    def wipe(self) -> None:
        """Remove the database, the queue, mail and logs; the folder itself and the key stay."""
        for path in (
            self.postgres,
            self.valkey,
            self.logs,
            self.data / "mail",
            self.data / "queue",
        ):
            shutil.rmtree(path, ignore_errors=True)
        self.world.unlink(missing_ok=True)

    @contextmanager
    def starting(self) -> Iterator[None]:
        """Let one process at a time look for the services and start them."""
        import fcntl

        self.make()
        with (self.data / "starting.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def own_folder(path: Path, mode: int, account: Account | None = None) -> None:
    """Make *path* with *mode* for *account*; raise Unusable where it is a stranger's or a link."""
    path.mkdir(mode=mode, parents=True, exist_ok=True)
    found = path.lstat()
    expected = account.uid if account else os.getuid()
    if path.is_symlink() or found.st_uid not in {expected, os.getuid()}:
        raise Unusable(f"{path} belongs to someone else. Choose another with --data DIR.")
    if found.st_mode & 0o777 != mode and found.st_uid in {os.getuid(), expected}:
        path.chmod(mode)
    if account and found.st_uid != account.uid:
        os.chown(path, account.uid, account.gid)


def service_account() -> Account:
    """Return the account for services: postgres where the machine has one, else nobody."""
    for name in SERVICE_ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise Unusable("PostgreSQL does not run as root, and there is no user postgres or nobody.")
