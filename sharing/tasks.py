"""What time alone changes, in the background; each safe to run twice, late or side by side."""

from __future__ import annotations

from time import monotonic

from celery import shared_task

from sharing.services.lapsing import lapse_requests
from sharing.sweeping import announce_endings, put_away_ended

LONGEST_ROUND = 20.0


@shared_task(ignore_result=True, acks_late=True)
def sweep_grants() -> int:
    """Put away what is over and announce what soon is, for at most some 20 seconds.

    Returns how many grants and requests it wrote about.  It takes away nothing that is not gone.
    """
    started, done = monotonic(), 0
    for step in (put_away_ended, announce_endings, lapse_requests):
        while monotonic() - started < LONGEST_ROUND:
            count = step()
            done += count
            if not count:
                break
    return done
