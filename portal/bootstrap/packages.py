"""Python packages of a lock, put into the virtual environment."""

from __future__ import annotations

import os
import subprocess

from portal.bootstrap import places, steps
from portal.bootstrap.certificates import bundle
from portal.bootstrap.steps import SetupFailed

# What pip is configured with, and the name uv knows it by.
HANDED_OVER = {
    "index-url": "UV_DEFAULT_INDEX",
    "cert": "SSL_CERT_FILE",
    "trusted-host": "UV_INSECURE_HOST",
}


def install(lock: str) -> None:
    """Install the lock, every file checked against its hash: by uv, by pip where uv fails."""
    python = str(places.PYTHON)
    hashed = ["--require-hashes", "-r"]
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *hashed]
    uv = [python, "-m", "uv", "pip", "install", "--quiet", "--python", python, *hashed]
    try:
        if lacks("uv"):
            steps.run([*pip, str(places.LOCKS / "uv.txt")], "")
        steps.run([*uv, str(places.LOCKS / lock)], "", {**pip_configuration(), **os.environ})
    except SetupFailed as failure:
        steps.say(f"  uv could not ({steps.last_line(failure)}); pip goes on.")
        remedy = "python3 -m pip config list  (can your package index be reached?)"
        steps.run([*pip, str(places.LOCKS / lock)], remedy)


def lacks(name: str) -> bool:
    """Tell whether the virtual environment lacks the module *name*."""
    return not any(places.VENV.glob(f"lib/python*/site-packages/{name}"))


def pip_configuration() -> dict[str, str]:
    """Return pip's index and certificates as uv's variables: uv reads none of pip's files."""
    listed = subprocess.run(
        [str(places.PYTHON), "-m", "pip", "config", "list"],
        capture_output=True,
        text=True,
        check=False,
    )
    # Like pip, uv is to trust what the machine trusts; alone it trusts a list of its own.
    found = {"UV_SYSTEM_CERTS": "1"} if bundle() else {}
    for line in listed.stdout.splitlines():
        name, _, value = line.partition("=")
        key = HANDED_OVER.get(name.rsplit(".", 1)[-1])
        if key:
            found[key] = value.strip("'\"")
    return found
