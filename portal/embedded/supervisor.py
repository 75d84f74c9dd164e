"""Keeps the processes of an installation running, and ends them together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from portal.embedded.places import Unusable
from portal.embedded.postgres import Postgres
from portal.embedded.processes import spawn, stop
from portal.embedded.valkey import Valkey

SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 8.0
# What ran for this long and then ended is started again at once.
STEADY = 30.0


@dataclass
class Program:
    """One Python process of the portal."""

    arguments: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; a kill of the supervisor kills it too."""
        self.process = spawn(
            [sys.executable, "-m", *self.arguments],
            log=self.log,
            death_signal=signal.SIGKILL,
            environment={**os.environ, "PYTHONUNBUFFERED": "1"},
        )

    def stop(self) -> None:
        """End it; a task that it was doing is done again later."""
        if self.process is not None:
            stop(self.process, signal.SIGTERM, grace=1.5)


Kept = Postgres | Valkey | Program


@dataclass
class Ward:
    """One thing that is kept running, and how patiently."""

    thing: Kept
    started: float = field(default_factory=time.monotonic)
    pause: float = 0.0
    due: float = 0.0

    def ended(self) -> bool:
        """Tell whether it was started and runs no more."""
        process = self.thing.process
        return process is not None and process.poll() is not None

    def revive(self, say: Callable[[str], None]) -> None:
        """Start it again when its pause is over; the pause grows while it keeps ending."""
        now = time.monotonic()
        if not self.due:
            steady = now - self.started > STEADY
            self.pause = 0.0 if steady else min(max(self.pause * 2, SHORTEST_PAUSE), LONGEST_PAUSE)
            self.due = now + self.pause
            say(f"{self.thing.log.stem} ended and is started again; see {self.thing.log}")
        if now >= self.due:
            self.due, self.started = 0.0, now
            try:
                self.thing.start()
            except Unusable as problem:
                say(str(problem))


@dataclass
class Supervisor:
    """The services and programs that are to run."""

    say: Callable[[str], None]
    wards: list[Ward] = field(default_factory=list)

    def keep(self, thing: Kept) -> None:
        """Look after *thing* from before its start, so that nothing started is ever forgotten."""
        self.wards.append(Ward(thing))

    def look(self) -> None:
        """Start again what has ended.  In the main thread only: children die with their thread."""
        for ward in self.wards:
            if ward.ended():
                ward.revive(self.say)

    def stop(self) -> None:
        """End the programs side by side, then the services under them, within five seconds."""
        things = [ward.thing for ward in self.wards]
        programs = [thing for thing in things if isinstance(thing, Program)]
        services = [thing for thing in things if not isinstance(thing, Program)]
        for group in (programs, services):
            with ThreadPoolExecutor(max_workers=len(group) or 1) as pool:
                list(pool.map(lambda thing: thing.stop(), group))
        self.wards.clear()
