"""Waking the courier sooner than its sweep would; never a reason for a page to fail or wait."""

from __future__ import annotations

import logging
import threading
from time import monotonic

from ledger.tasks import deliver_messages

logger = logging.getLogger(__name__)

QUIET_AFTER_FAILURE = 5.0


class Alarm:
    """Rings for the courier, and after a broker's failure keeps quiet for some seconds."""

    def __init__(self) -> None:
        """Start ready to ring."""
        self._lock = threading.Lock()
        self._quiet_until = 0.0

    def ring(self) -> bool:
        """Queue a delivery and return whether the broker took it; never raises."""
        with self._lock:
            if monotonic() < self._quiet_until:
                return False
        try:
            deliver_messages.apply_async(retry=False, expires=60)
        except Exception as error:  # whatever a broker's client raises, the sweep will deliver
            logger.warning("courier.not_woken", extra={"error": type(error).__name__})
            with self._lock:
                self._quiet_until = monotonic() + QUIET_AFTER_FAILURE
            return False
        return True


alarm = Alarm()


def wake_courier() -> None:
    """Ask for a delivery now; if the broker is away the sweep delivers."""
    alarm.ring()
