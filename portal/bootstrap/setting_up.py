"""The whole set-up: an environment, its packages and the front end, each where it is missing."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import Any

from portal.bootstrap import places, steps
from portal.bootstrap.front_end import FrontEnd
from portal.bootstrap.interpreter import require_python
from portal.bootstrap.packages import install
from portal.bootstrap.stamps import digest, read_stamps, write_stamps
from portal.bootstrap.steps import SetupFailed, say, step


def enter(argv: list[str]) -> None:
    """Set up what *argv* needs, then become the virtual environment's Python running it."""
    lock = "demo.txt" if argv[1] == "demo" else "test.txt"
    try:
        require_python(argv)
        with one_at_a_time():
            set_up(lock)
    except SetupFailed as failure:
        sys.exit(f"\n{failure}")
    except KeyboardInterrupt:
        sys.exit("\nStopped. Run the same command again to go on.")
    os.execv(str(places.PYTHON), [str(places.PYTHON), *argv])


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let one set-up run in this checkout; a second waits and then finds everything done."""
    try:
        import fcntl
    except ImportError:
        raise SetupFailed("Liaison runs on Linux and macOS; on Windows use WSL.") from None
    with open(__file__, "rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def set_up(lock: str) -> None:
    """Do what is missing; with everything in place this reads three files."""
    stamps = read_stamps()
    front = digest("../package-lock.json", "node")
    npm = None
    if stamps.get("node") != front or not (places.ROOT / "node_modules").is_dir():
        npm = FrontEnd.start()
    stamps = installed(in_environment(stamps), lock)
    if npm is not None and npm.finish():
        write_stamps({**stamps, "node": front})


def in_environment(stamps: dict[str, Any]) -> dict[str, Any]:
    """Return what is installed in the virtual environment; nothing where it is made anew."""
    python = sys.version.split()[0]
    if stamps.get("python") == python and places.PYTHON.exists():
        return stamps
    say(f"Setting up in {places.VENV} (Python {python}).")
    with step("virtual environment"):
        steps.run([sys.executable, "-m", "venv", "--clear", str(places.VENV)], "rm -rf .venv")
    return {"python": python, "node": stamps.get("node")}


def installed(stamps: dict[str, Any], lock: str) -> dict[str, Any]:
    """Return what is installed once the packages of *lock* are."""
    wanted, before = digest(lock, stamps["python"]), stamps.get("locks", [])
    if wanted in before:
        return stamps
    number = sum("==" in line for line in (places.LOCKS / lock).read_text().splitlines())
    say(f"Downloading {number} Python packages ({lock}) from your package index.")
    with step("Python packages"):
        install(lock)
    stamps = {**stamps, "locks": [wanted, *before][:2]}
    write_stamps(stamps)
    return stamps
