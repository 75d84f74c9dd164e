"""How often one person may ask, so that a program gone wild does not slow everybody."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.throttling import BaseThrottle

WINDOW = 60


class PerPerson(BaseThrottle):
    """So many requests of one person in each minute; a cache that is away counts none."""

    def allow_request(self, request: Any, view: Any) -> bool:
        """Return whether this request is still within the minute's number."""
        if request.user is None:
            return True
        key = f"api-requests:{request.user.pk}:{int(time.time()) // WINDOW}"
        cache.add(key, 0, timeout=2 * WINDOW)
        try:
            asked = cache.incr(key)
        except ValueError:
            asked = 1
        return bool(asked <= settings.API_REQUESTS_PER_MINUTE)

    def wait(self) -> float:
        """Return the seconds until the next minute begins."""
        return WINDOW - time.time() % WINDOW
