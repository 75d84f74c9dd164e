"""How often one may ask in a minute where nobody is known yet; a cache that is away counts none."""

from __future__ import annotations

import hashlib
import time

from django.core.cache import cache

MINUTE = 60


def within_allowance(what: str, who: str, per_minute: int) -> bool:
    """Count one asking of *who* for *what*; return whether it is within the minute's number."""
    named = hashlib.sha256(who.encode("utf-8", "replace")).hexdigest()
    key = f"allowance:{what}:{named}:{int(time.time()) // MINUTE}"
    cache.add(key, 0, timeout=2 * MINUTE)
    try:
        asked = cache.incr(key)
    except ValueError:
        return True
    return bool(asked <= per_minute)


def seconds_to_wait() -> int:
    """Return the seconds until the next minute begins, at least one."""
    return max(1, MINUTE - int(time.time()) % MINUTE)
