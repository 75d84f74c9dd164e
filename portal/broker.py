"""Where tasks are queued and cached values kept, from the one address in REDIS_URL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

# A task whose worker died comes back after two minutes; the hard time limit lies below that.
REDIS_OPTIONS: dict[str, Any] = {
    "visibility_timeout": 120,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 1,
    "socket_keepalive": True,
    # Who queues a task gives up soon: a page waits for no broker, and the sweep delivers.
    "max_retries": 1,
    "interval_start": 0.1,
    "interval_step": 0,
}


def broker_settings(url: str, folder: Path) -> tuple[str, dict[str, Any]]:
    """Return Celery's broker address and transport options.

    *url* is ``redis://``, ``rediss://``, ``unix:///socket`` or ``memory://``; without one tasks are
    files in *folder*.
    """
    if url.startswith("unix://"):
        return url.replace("unix://", "redis+socket://", 1), REDIS_OPTIONS
    if url.startswith("redis"):
        return url, REDIS_OPTIONS
    if url:
        return url, {}
    paths = {
        "data_folder_in": folder / "tasks",
        "data_folder_out": folder / "tasks",
        "processed_folder": folder / "done",
        "control_folder": folder / "control",
    }
    for path in paths.values():
        path.mkdir(parents=True, exist_ok=True)
    return "filesystem://", {name: str(path) for name, path in paths.items()}


def cache_settings(url: str) -> dict[str, dict[str, Any]]:
    """Return Django's caches: Redis where there is one, else the memory of each process."""
    if url.startswith(("redis", "unix://")):
        return {
            "default": {
                "BACKEND": "portal.cache.PatientRedisCache",
                "LOCATION": url,
                "KEY_PREFIX": "liaison",
            }
        }
    return {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
