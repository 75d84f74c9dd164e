"""How gunicorn runs the portal in an installation of our own; gunicorn reads this by its name."""

from __future__ import annotations

import os
import signal
from typing import Any

from portal.embedded.processes import dying_with

worker_class = "gthread"
workers = min(os.cpu_count() or 1, 2)
threads = 8
graceful_timeout = 1
preload_app = True
control_socket_disable = True


def post_fork(server: Any, worker: Any) -> None:
    """Tie a worker's end to its master's: by itself it would notice only after some seconds."""
    dying_with(server.pid, signal.SIGKILL)()
