"""Waking the courier sooner than its sweep would; never a reason for a page to fail or wait."""

from __future__ import annotations

import logging
import threading
from functools import cached_property
from time import monotonic
from typing import Any

from ledger.tasks import deliver_messages

logger = logging.getLogger(__name__)

QUIET_AFTER_FAILURE = 5.0
IMPATIENT = {"max_retries": 0, "socket_connect_timeout": 0.5, "socket_timeout": 1.0}
"""Transport options of one try: with the client's own a write took two to six seconds longer."""


class Alarm:
    """Rings for the courier, and after a broker's failure keeps quiet for some seconds."""

    def __init__(self) -> None:
        self._quiet_until = 0.0
        self._making = threading.Lock()

    @cached_property
    def _connections(self) -> Any:
        connection = deliver_messages.app.connection_for_write(
            connect_timeout=1, transport_options=IMPATIENT
        )
        return connection.Pool(limit=8)

    def ring(self) -> bool:
        """Queue a delivery and return whether the broker took it; never raises."""
        if monotonic() < self._quiet_until:
            return False
        try:
            self._publish()
        except Exception as error:  # noqa: BLE001  (whatever a broker raises, the sweep delivers)
            logger.warning("courier.not_woken", extra={"error": type(error).__name__})
            self._quiet_until = monotonic() + QUIET_AFTER_FAILURE
            return False
        return True

    def _publish(self) -> None:
        with self._making:
            connections = self._connections
        with connections.acquire(block=True, timeout=1) as connection:
            deliver_messages.apply_async(connection=connection, retry=False, expires=60)


alarm = Alarm()


def wake_courier() -> None:
    """Ask for a delivery now; if the broker is away the sweep delivers."""
    alarm.ring()
