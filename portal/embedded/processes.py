"""Processes that end when the one that started them ends, however that ends."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from portal.embedded.places import Account

SET_PARENT_DEATH_SIGNAL = 1
libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def dying_with(parent: int, death_signal: int) -> Callable[[], None]:
    """Return what a child does before it becomes its program: tie its end to its parent's."""

    def ask() -> None:
        if libc is not None:
            libc.prctl(SET_PARENT_DEATH_SIGNAL, death_signal)
            if os.getppid() != parent:
                os._exit(1)

    return ask


def spawn(
    argv: Sequence[str],
    *,
    log: Path | None,
    death_signal: signal.Signals,
    account: Account | None = None,
    environment: dict[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start *argv* in a session of its own, writing to *log*, as *account* where there is one."""
    options: dict[str, Any] = {"env": environment, "stdin": subprocess.DEVNULL}
    if account:
        options |= {"user": account.uid, "group": account.gid, "extra_groups": [], "cwd": "/"}
    output = log.open("ab") if log else None
    try:
        return subprocess.Popen(
            [str(word) for word in argv],
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            start_new_session=True,
            preexec_fn=dying_with(os.getpid(), death_signal),  # noqa: PLW1509
            **options,
        )
    finally:
        if output:
            output.close()


def stop(process: subprocess.Popen[bytes], first: signal.Signals, *, grace: float) -> None:
    """Ask *process* to end with *first*; after *grace* seconds end it."""
    if process.poll() is None:
        process.send_signal(first)
    try:
        process.wait(grace)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def tail(log: Path, lines: int = 12) -> str:
    """Return the last *lines* of a log, for a message about a failure."""
    try:
        said = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(said[-lines:])
