"""The Celery application: it only wakes couriers and sweeps, and carries no content."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.app.amqp import AMQP
from celery.signals import setup_logging
from kombu import Connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")


class PromptConnection(Connection):
    """A connection that knocks every two seconds; Celery's own waits up to thirty."""

    def ensure_connection(self, *args: Any, **kwargs: Any) -> Connection:
        """Connect, trying again at short and equal intervals."""
        return super().ensure_connection(*args, **{"interval_max": 2, **kwargs})


class PromptAMQP(AMQP):
    """Celery's messaging, over connections that come back soon."""

    Connection = PromptConnection


app = Celery("liaison", amqp=PromptAMQP)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_logging(**_: Any) -> None:
    """Leave logging as Django set it up: Celery stands aside where this signal is handled."""
