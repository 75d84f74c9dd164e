"""Sets up ``.venv`` and the front-end packages on a machine that has nothing but Python.

Run by path and of the standard library alone: nothing of the portal can be imported yet.  It must
parse on old Pythons, to say that they are too old.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import shutil
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "liaison-stamps.json"
LOCKS = ROOT / "requirements"
PIP = (str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
OLDEST = (3, 11)
NAMES = ("python3.13", "python3.12", "python3.11")
BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt")
# What pip is configured with, and the name uv knows it by.
HANDED_OVER = {
    "index-url": "UV_DEFAULT_INDEX",
    "cert": "SSL_CERT_FILE",
    "trusted-host": "UV_INSECURE_HOST",
}


class SetupFailed(Exception):
    """A step could not be done; holds what was said and the one command to try."""


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
    os.execv(str(PYTHON), [str(PYTHON), *argv])


def require_python(argv: list[str]) -> None:
    """Go on under a newer Python where this one is too old; refuse where there is none."""
    if sys.version_info >= OLDEST:
        if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
            return
        raise SetupFailed(
            "This Python cannot make virtual environments. Try: apt install python3-venv"
        )
    for name in NAMES:
        found = shutil.which(name)
        if found and runs(found):
            os.execv(found, [found, *argv])
    version = sys.version.split()[0]
    raise SetupFailed(
        f"Liaison needs Python 3.11 or later; this is {version}. Try: apt install python3.11"
    )


def runs(python: str) -> bool:
    """Tell whether *python* starts; a version manager's stand-in may be on PATH without one."""
    return subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0


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
    python = sys.version.split()[0]
    wanted = digest(lock, python)
    front = digest("../package-lock.json", "node")
    npm = None
    if stamps.get("node") != front or not (ROOT / "node_modules").is_dir():
        npm = FrontEnd.start()
    if stamps.get("python") != python or not PYTHON.exists():
        stamps = {"python": python, "node": stamps.get("node")}
        say(f"Setting up in {VENV} (Python {python}).")
        with step("virtual environment"):
            run([sys.executable, "-m", "venv", "--clear", str(VENV)], "rm -rf .venv")
    if wanted not in stamps.get("locks", []):
        number = sum("==" in line for line in (LOCKS / lock).read_text().splitlines())
        say(f"Downloading {number} Python packages ({lock}) from your package index.")
        with step("Python packages"):
            install(lock)
        stamps["locks"] = [wanted, *stamps.get("locks", [])][:2]
        write_stamps(stamps)
    if npm is not None and npm.finish():
        stamps["node"] = front
        write_stamps(stamps)


def read_stamps() -> dict[str, Any]:
    """Return what was installed last, or nothing."""
    try:
        found: dict[str, Any] = json.loads(STAMPS.read_text(encoding="utf-8"))
        return found
    except (OSError, ValueError):
        return {}


def write_stamps(stamps: dict[str, Any]) -> None:
    """Remember what is installed, so that an interrupted set-up goes on where it was."""
    STAMPS.write_text(json.dumps(stamps), encoding="utf-8")


def digest(lock: str, salt: str) -> str:
    """Return a mark that changes with the lock's bytes and with *salt*."""
    return hashlib.sha256((LOCKS / lock).read_bytes() + salt.encode()).hexdigest()


def install(lock: str) -> None:
    """Install the lock, every file checked against its hash: by uv, by pip where uv fails."""
    hashed = ["--require-hashes", "-r"]
    uv = [str(PYTHON), "-m", "uv", "pip", "install", "--quiet", "--python", str(PYTHON)]
    try:
        if lacks("uv"):
            run([*PIP, *hashed, str(LOCKS / "uv.txt")], "")
        run([*uv, *hashed, str(LOCKS / lock)], "", {**pip_configuration(), **os.environ})
    except SetupFailed as failure:
        say(f"  uv could not ({last_line(failure)}); pip goes on.")
        remedy = "python3 -m pip config list  (can your package index be reached?)"
        run([*PIP, *hashed, str(LOCKS / lock)], remedy)


def lacks(name: str) -> bool:
    """Tell whether the virtual environment lacks the module *name*."""
    return not any(VENV.glob(f"lib/python*/site-packages/{name}"))


def pip_configuration() -> dict[str, str]:
    """Return pip's index and certificates as uv's variables: uv reads none of pip's files."""
    listed = subprocess.run(
        [str(PYTHON), "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    # Like pip, uv is to trust what the machine trusts; alone it trusts a list of its own.
    found = {"UV_SYSTEM_CERTS": "1"} if bundle() else {}
    for line in listed.stdout.splitlines():
        name, _, value = line.partition("=")
        key = HANDED_OVER.get(name.rsplit(".", 1)[-1])
        if key:
            found[key] = value.strip("'\"")
    return found


def bundle() -> str | None:
    """Return the file with the certificates that the machine trusts, where it has one."""
    places = (ssl.get_default_verify_paths().cafile, *BUNDLES)
    return next((place for place in places if place and Path(place).is_file()), None)


class FrontEnd:
    """The front-end packages, fetched by npm while the Python packages are installed."""

    COMMAND = (
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
        "--fetch-retries=1",
    )

    def __init__(self, npm: str | None) -> None:
        """Start with *npm*, or wait for the one that comes with the lock's extra."""
        self.began = time.monotonic()
        self.process = self.fetch(npm) if npm else None

    @classmethod
    def start(cls) -> FrontEnd:
        """Begin at once where the machine has npm 10 or later."""
        say("Downloading the front-end packages (package-lock.json) from your npm registry.")
        npm = shutil.which("npm")
        return cls(npm if npm and recent(npm) else None)

    def fetch(self, npm: str) -> subprocess.Popen[str]:
        """Start npm in the background."""
        path = os.pathsep.join([str(Path(npm).parent), os.environ.get("PATH", "")])
        trusted = {"NODE_EXTRA_CA_CERTS": found} if (found := bundle()) else {}
        return subprocess.Popen(
            [npm, *self.COMMAND],
            cwd=str(ROOT),
            env={**trusted, **os.environ, "PATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def finish(self) -> bool:
        """Wait for npm.  Without its packages the portal is plain but usable."""
        said = ""
        try:
            if self.process is None:
                say("  There is no recent npm here: downloading Node.js (61 MB) for it.")
                install("node.txt")
                self.process = self.fetch(str(VENV / "bin" / "npm"))
            said = self.process.communicate(timeout=300)[0]
            done = self.process.returncode == 0
        except (SetupFailed, OSError, subprocess.TimeoutExpired) as failure:
            done, said = False, str(failure)
        report("front-end packages", self.began, done)
        if not done:
            say(f"  {last_line(said)}")
            say("  The portal starts without them: plain, but usable. Try later: npm ci")
        return done


def recent(npm: str) -> bool:
    """Tell whether *npm* is version 10 or later."""
    said = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False)
    major = said.stdout.strip().split(".")[0]
    return major.isdigit() and int(major) >= 10


def run(command: list[str], remedy: str, environment: dict[str, str] | None = None) -> None:
    """Run *command*; raise SetupFailed with the end of what it said and the command to try."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, env=environment, cwd=str(ROOT), check=False
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
        report(name, began, False)  # noqa: FBT003
        raise
    report(name, began, True)  # noqa: FBT003


def report(name: str, began: float, done: bool) -> None:
    """Print one line: what was done, in how many seconds."""
    say("  {:<24}{:>6.1f} s{}".format(name, time.monotonic() - began, "" if done else "  failed"))


def say(line: str) -> None:
    """Print at once, also into a pipe."""
    print(line, flush=True)
