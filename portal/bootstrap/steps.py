"""One step of the set-up: a command, the line that reports it, and how it fails."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Iterator

from portal.bootstrap import places


class SetupFailed(Exception):
    """A step could not be done; holds what was said and the one command to try."""


def run(command: list[str], remedy: str, environment: dict[str, str] | None = None) -> None:
    """Run *command*; raise SetupFailed with the end of what it said and the command to try."""
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            env=environment,
            cwd=str(places.ROOT),
            check=False,
        )
    except OSError as error:
        raise SetupFailed(str(error)) from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()[-12:]
        advice = ["Try: " + remedy] if remedy else []
        raise SetupFailed("\n".join([*said, *advice]))


def last_line(said: object) -> str:
    """Return the last line that says something."""
    lines = [line for line in str(said).splitlines() if line.strip() and "complete log" not in line]
    return lines[-1].strip() if lines else "no reason given"


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """Print the step and its seconds."""
    began = time.monotonic()
    try:
        yield
    except BaseException:
        report(name, began, done=False)
        raise
    report(name, began, done=True)


def report(name: str, began: float, *, done: bool) -> None:
    """Print one line: what was done, in how many seconds."""
    say("  {:<24}{:>6.1f} s{}".format(name, time.monotonic() - began, "" if done else "  failed"))


def say(line: str) -> None:
    """Print at once, also into a pipe."""
    print(line, flush=True)
