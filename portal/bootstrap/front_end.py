"""The front-end packages, fetched by npm while the Python packages are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

from portal.bootstrap import places
from portal.bootstrap.certificates import bundle
from portal.bootstrap.packages import install
from portal.bootstrap.steps import SetupFailed, last_line, report, say


class FrontEnd:
    """One run of npm, in the background until it is waited for."""

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
            cwd=str(places.ROOT),
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
                self.process = self.fetch(str(places.VENV / "bin" / "npm"))
            said = self.process.communicate(timeout=300)[0]
            done = self.process.returncode == 0
        except (SetupFailed, OSError, subprocess.TimeoutExpired) as failure:
            done, said = False, str(failure)
        report("front-end packages", self.began, done=done)
        if not done:
            say(f"  {last_line(said)}")
            say("  The portal starts without them: plain, but usable. Try later: npm ci")
        return done


def recent(npm: str) -> bool:
    """Tell whether *npm* is version 10 or later."""
    said = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False)
    major = said.stdout.strip().split(".")[0]
    return major.isdigit() and int(major) >= 10
