"""Broker, cache and what runs by the clock; losing any of it loses nothing.

What waits to be told is in the database, and a sweep delivers it.
"""

from __future__ import annotations

from typing import Any

from environs import Env

from portal.broker import broker_settings, cache_settings
from portal.installation_settings import DATA

__all__ = [
    "CACHES",
    "CELERY_ACCEPT_CONTENT",
    "CELERY_BEAT_SCHEDULE",
    "CELERY_BEAT_SCHEDULER",
    "CELERY_BROKER_CONNECTION_MAX_RETRIES",
    "CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP",
    "CELERY_BROKER_CONNECTION_TIMEOUT",
    "CELERY_BROKER_TRANSPORT_OPTIONS",
    "CELERY_BROKER_URL",
    "CELERY_TASK_ACKS_LATE",
    "CELERY_TASK_IGNORE_RESULT",
    "CELERY_TASK_PUBLISH_RETRY",
    "CELERY_TASK_REJECT_ON_WORKER_LOST",
    "CELERY_TASK_SERIALIZER",
    "CELERY_TASK_TIME_LIMIT",
    "CELERY_TIMEZONE",
    "CELERY_WORKER_HIJACK_ROOT_LOGGER",
    "CELERY_WORKER_PREFETCH_MULTIPLIER",
    "REDIS_URL",
]

env = Env()

REDIS_URL: str = env.str("REDIS_URL", "")
CACHES = cache_settings(REDIS_URL)
CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT_OPTIONS = broker_settings(REDIS_URL, DATA / "queue")
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 100
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "portal.heartbeat:BeatingScheduler"
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    task: {"task": task, "schedule": seconds, "options": {"expires": seconds}}
    for task, seconds in {
        "ledger.tasks.deliver_messages": 5,
        "ledger.tasks.seal_events": 5,
        "sharing.tasks.sweep_grants": 60,
        "agencies.tasks.warn_of_credentials": 3600,
        "agencies.tasks.forget_sign_ins": 3600,
        "sharing.tasks.send_digests": 300,
        "cases.tasks.forget_staged_imports": 600,
        "agencies.tasks.recertify_agencies": 3600,
        "portal.tasks.forget_idempotency_keys": 3600,
        "portal.tasks.forget_program_tokens": 3600,
    }.items()
}
