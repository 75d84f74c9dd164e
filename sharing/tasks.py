"""What time alone changes, in the background; each safe to run twice, late or side by side."""

from __future__ import annotations

from time import monotonic

from celery import shared_task

from sharing.services.lapsing import lapse_requests
from sharing.sweeping import announce_endings, announce_standing_endings, put_away_ended
from sharing.telling.digest import queue_digests

LONGEST_ROUND = 20.0


@shared_task(ignore_result=True, acks_late=True)
def sweep_grants() -> int:
    """Put away what is over and announce what soon is, for at most some 20 seconds.

    Returns how many grants and requests it wrote about.  It takes away nothing that is not gone.
    """
    started, done = monotonic(), 0
    steps = (put_away_ended, announce_endings, announce_standing_endings, lapse_requests)
    for step in steps:
        while monotonic() - started < LONGEST_ROUND:
            count = step()
            done += count
            if not count:
                break
    return done


@shared_task(ignore_result=True, acks_late=True)
def send_digests() -> int:
    """Queue the daily mail of whoever's hour has come, for at most some 20 seconds."""
    started, queued = monotonic(), 0
    while monotonic() - started < LONGEST_ROUND:
        count = queue_digests()
        queued += count
        if not count:
            break
    return queued
