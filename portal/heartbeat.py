"""A beat that leaves a sign of life, so that something outside can see that it still ticks."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from celery.beat import Scheduler
from django.conf import settings

# The shortest schedule is five seconds; this long without a tick is a beat that hangs.
SILENT_AFTER = 60.0


class BeatingScheduler(Scheduler):
    """Celery's scheduler, in memory, that touches a file whenever it ticks."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due and leave the sign."""
        wait: float = super().tick(*args, **kwargs)
        sign = sign_of_life()
        sign.parent.mkdir(parents=True, exist_ok=True)
        sign.touch()
        return wait


def sign_of_life() -> Path:
    """Return the file that the beat touches."""
    return Path(settings.DATA) / "beat.alive"


def beats(now: float) -> bool:
    """Tell whether the beat of this data folder ticked lately; *now* is in seconds since 1970."""
    try:
        return now - sign_of_life().stat().st_mtime < SILENT_AFTER
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(0 if beats(time.time()) else 1)
