"""The demo as people run it: it answers, it ends without a trace, and it survives being killed."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.embedded.places import Places

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.slow


@pytest.fixture
def folder() -> Iterator[Path]:
    """Have an empty data folder and an empty world in it."""
    path = Path(tempfile.mkdtemp(prefix="ld-"))
    (path / "world").write_text("{}")
    yield path
    places = Places.of(path)
    for made in (places.state, places.run, path):
        shutil.rmtree(made, ignore_errors=True)


class Demo:
    """One run of the command on a free port."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY"}
        }
        command = ["manage.py", "demo", "--port", "0", "--data", str(folder), *arguments]
        self.folder = folder
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env={**environment, "DJANGO_SETTINGS_MODULE": "portal.settings"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def ready(self) -> str:
        """Read until the portal says where it is; return the address."""
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if line.startswith("ready "):
                return line.split()[1]
        pytest.fail("\n".join(self.lines))

    def end(self, number: signal.Signals) -> tuple[int, float]:
        """Send a signal; return the exit code and the seconds it took."""
        began = time.monotonic()
        self.process.send_signal(number)
        code = self.process.wait(timeout=20)
        return code, time.monotonic() - began


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[..., Demo]]:
    """Start demos in the folder, and end whatever a failed test leaves."""
    started: list[Demo] = []

    def begin(*arguments: str) -> Demo:
        started.append(Demo(folder, *arguments))
        return started[-1]

    yield begin
    for demo in started:
        if demo.process.poll() is None:
            demo.end(signal.SIGTERM)
        demo.process.stdout.close()


def left(folder: Path) -> list[str]:
    """Return the processes that belong to the folder, once they had time to end."""
    deadline = time.monotonic() + 4
    while found := [line for line in command_lines() if belongs(line, folder)]:
        if time.monotonic() > deadline:
            return found
        time.sleep(0.1)
    return []


def command_lines() -> Iterator[str]:
    """Yield the environment and command line of every process that may be looked at."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        if process.name != str(os.getpid()):
            yield line.decode(errors="replace")


def belongs(line: str, folder: Path) -> bool:
    """Tell whether a process was started with the folder."""
    return str(folder) in line or str(Places.of(folder).state) in line


def status(address: str) -> int:
    """Return the status of a page, 0 where nobody answers."""
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def test_a_killed_demo_leaves_no_process_and_its_next_start_ends_without_a_trace(
    folder: Path, start: Callable[..., Demo]
) -> None:
    demo = start("--world", str(folder / "world"))
    address = demo.ready()
    assert status(address) == 200
    postmaster = int((Places.of(folder).postgres / "postmaster.pid").read_text().split()[0])
    demo.end(signal.SIGKILL)
    os.kill(postmaster, signal.SIGKILL)
    assert left(folder) == []
    assert status(address) == 0
    again = start()
    address = again.ready()
    assert {status(f"{address}{page}") for page in ("", "health/live", "health/ready")} == {200}
    code, seconds = again.end(signal.SIGTERM)
    assert (code, seconds < 5) == (0, True)
    assert left(folder) == []


def test_a_second_demo_in_the_same_folder_is_refused_in_words(
    folder: Path, start: Callable[..., Demo]
) -> None:
    Places.of(folder).make()
    with (folder / "installation.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        second = start()
        said, _ = second.process.communicate(timeout=30)
    assert second.process.returncode == 1
    assert "A demo already runs in" in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--world", "/nowhere.json"], "There is no world file /nowhere.json."),
        (["--port", "99999"], "Port 99999 cannot be used"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_starts(
    folder: Path, start: Callable[..., Demo], arguments: list[str], message: str
) -> None:
    demo = start(*arguments)
    said, _ = demo.process.communicate(timeout=30)
    assert demo.process.returncode == 1
    assert message in said
    assert not Places.of(folder).postgres.exists()
