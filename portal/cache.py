"""A cache that may be away: then nothing is found in it and nothing kept, and every page works."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

Answer = TypeVar("Answer")


class PatientClient(RedisCacheClient):
    """A client that gives up at once, so that a page does not wait for a cache."""

    def __init__(self, servers: list[str], **options: Any) -> None:
        quick: dict[str, Any] = {
            "socket_connect_timeout": 0.5,
            "socket_timeout": 1,
            "retry": Retry(NoBackoff(), 0),
        }
        super().__init__(servers, **quick, **options)


class PatientRedisCache(RedisCache):
    """Redis, where every failure of the connection reads as an empty cache."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = PatientClient

    def add(self, *args: Any, **kwargs: Any) -> bool:
        """Keep a value unless there is one; True where the cache is away."""
        return or_else(True, super().add, *args, **kwargs)  # noqa: FBT003

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return the value kept, or *default*."""
        return or_else(default, super().get, key, default, version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        """Keep a value."""
        or_else(None, super().set, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        """Extend the life of a value; False where there is none."""
        return or_else(False, super().touch, *args, **kwargs)  # noqa: FBT003

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        """Drop a value; False where there was none."""
        return or_else(False, super().delete, *args, **kwargs)  # noqa: FBT003

    def get_many(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        """Return the values kept, by key."""
        return or_else({}, super().get_many, *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> list[Any]:
        """Keep several values."""
        return or_else([], super().set_many, *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        """Drop several values."""
        or_else(None, super().delete_many, *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        """Tell whether a value is kept."""
        return or_else(False, super().has_key, *args, **kwargs)  # noqa: FBT003

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Add to a number; *delta* alone where the cache is away."""
        return or_else(delta, super().incr, key, delta, version)


def or_else(absent: Answer, read: Callable[..., Answer], *args: Any, **kwargs: Any) -> Answer:
    """Return what *read* answers, or *absent* where the connection fails."""
    try:
        return read(*args, **kwargs)
    except RedisError:
        return absent
