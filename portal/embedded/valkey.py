"""A broker of our own: Valkey on a socket, with an append-only file that survives a kill -9."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal.embedded.binaries import valkey_program
from portal.embedded.places import Places, Unusable
from portal.embedded.processes import spawn, stop, tail

PATIENCE = 10.0


class Valkey:
    """One server on one append-only file."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.socket = places.run / "valkey.sock"
        self.log = places.logs / "valkey.log"
        self.program: Path | None = None
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of the broker, as REDIS_URL takes it."""
        return f"unix://{self.socket}"

    def answers(self) -> bool:
        """Tell whether a server runs here, whoever started it."""
        at_once = Retry(NoBackoff(), 0)
        client = redis.Redis(unix_socket_path=str(self.socket), socket_timeout=1, retry=at_once)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    def start(self) -> bool:
        """Start the server; return false where there is none for this machine."""
        self.program = self.program or valkey_program(self.places)
        if self.program is None:
            return False
        deadline = time.monotonic() + PATIENCE
        while self.answers() and time.monotonic() < deadline:
            time.sleep(0.1)
        self.process = spawn(
            self.command(self.program),
            log=self.log,
            death_signal=signal.SIGTERM,
            account=self.places.account,
        )
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise Unusable(f"The broker does not start.\n{tail(self.log)}")
            time.sleep(0.02)
        return True

    def command(self, program: Path) -> list[str]:
        """Return the command line: no port, one socket, every write kept."""
        return [
            str(program),
            *("--port", "0"),
            *("--unixsocket", str(self.socket)),
            *("--unixsocketperm", "700"),
            *("--dir", str(self.places.valkey)),
            *("--appendonly", "yes"),
            *("--save", ""),
            *("--daemonize", "no"),
        ]

    def stop(self) -> None:
        """End the server with everything written."""
        if self.process is not None:
            stop(self.process, signal.SIGTERM, grace=1.5)
            self.process = None
