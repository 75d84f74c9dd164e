"""The Python that goes on: this one, or a newer one that the machine has."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys

from portal.bootstrap.steps import SetupFailed

OLDEST = (3, 11)
NAMES = ("python3.13", "python3.12", "python3.11")


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
