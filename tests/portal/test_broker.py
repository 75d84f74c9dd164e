"""The broker and the cache: where they are, and that being without them stops nothing."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from kombu.exceptions import OperationalError

from portal.broker import REDIS_OPTIONS, broker_settings, cache_settings
from portal.cache import PatientRedisCache
from portal.celery import PromptAMQP, app
from portal.embedded.places import Places
from portal.embedded.valkey import Valkey

NOBODY = "unix:///nowhere/valkey.sock"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("unix:///run/v.sock", ("redis+socket:///run/v.sock", REDIS_OPTIONS)),
        ("redis://host:6379/0", ("redis://host:6379/0", REDIS_OPTIONS)),
        ("rediss://host:6379/0", ("rediss://host:6379/0", REDIS_OPTIONS)),
        ("memory://", ("memory://", {})),
    ],
)
def test_one_address_says_where_the_broker_is(url: str, expected: Any, tmp_path: Path) -> None:
    assert broker_settings(url, tmp_path) == expected


def test_without_a_broker_tasks_are_files(tmp_path: Path) -> None:
    url, options = broker_settings("", tmp_path)
    sender = Celery("files", broker=url, set_as_current=False)
    sender.conf.broker_transport_options = options
    sender.send_task("anything", args=["an id"])
    assert len(list((tmp_path / "tasks").iterdir())) == 1
    assert {Path(path).parent for path in options.values()} == {tmp_path}


def test_a_task_is_not_lost_with_its_worker_and_comes_back_after_its_time_limit() -> None:
    assert app.conf.task_acks_late is True
    assert app.conf.task_reject_on_worker_lost is True
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.task_time_limit < REDIS_OPTIONS["visibility_timeout"]
    assert app.conf.accept_content == ["json"]
    assert app.conf.result_backend is None


def test_what_wakes_regularly_does_not_pile_up_while_nobody_works() -> None:
    schedule = app.conf.beat_schedule
    assert {name: entry["schedule"] for name, entry in schedule.items()} == {
        "ledger.tasks.deliver_messages": 5,
        "ledger.tasks.seal_events": 5,
        "sharing.tasks.sweep_grants": 60,
        "sharing.tasks.send_digests": 300,
        "cases.tasks.forget_staged_imports": 600,
        "portal.tasks.forget_idempotency_keys": 3600,
        "portal.tasks.forget_program_tokens": 3600,
        "agencies.tasks.forget_sign_ins": 3600,
        "agencies.tasks.recertify_agencies": 3600,
        "agencies.tasks.warn_of_credentials": 3600,
    }
    assert [name for name, e in schedule.items() if e["options"]["expires"] > e["schedule"]] == []


def test_every_scheduled_task_exists() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} - set(app.tasks) == set()


def test_whoever_queues_a_task_without_a_broker_learns_it_at_once(tmp_path: Path) -> None:
    url, options = broker_settings(NOBODY, tmp_path)
    sender = Celery("nobody", broker=url, amqp=PromptAMQP, set_as_current=False)
    sender.conf.update(broker_transport_options=options, task_publish_retry=False)
    began = time.monotonic()
    with pytest.raises(OperationalError):
        sender.send_task("anything")
    assert time.monotonic() - began < 5


def test_a_cache_that_is_away_is_an_empty_cache() -> None:
    cache = PatientRedisCache(NOBODY, {})
    cache.set("key", "value")
    cache.set_many({"key": "value"})
    cache.delete_many(["key"])
    assert cache.get("key", "nothing") == "nothing"
    assert cache.get_many(["key"]) == {}
    assert cache.add("key", "value") is True
    assert cache.incr("key", 2) == 2
    assert (cache.touch("key"), cache.delete("key"), cache.has_key("key")) == (False, False, False)


def test_a_cache_that_is_there_keeps_what_it_is_given(short_folder: Path) -> None:
    places = Places.of(short_folder)
    places.make()
    broker = Valkey(places)
    assert broker.start() is True
    try:
        cache = PatientRedisCache(broker.url, {})
        cache.set("key", 1)
        cache.set_many({"other": "value"})
        assert cache.get_many(["key", "other"]) == {"key": 1, "other": "value"}
        assert cache.add("key", 5) is False
        assert cache.incr("key", 2) == 3
        assert (cache.touch("key"), cache.has_key("key"), cache.delete("key")) == (True, True, True)
        cache.delete_many(["other"])
        assert cache.get("other") is None
        cache.close()
        cache._cache.get_client(write=True).connection_pool.disconnect()
    finally:
        broker.stop()


def test_the_cache_follows_the_broker() -> None:
    assert cache_settings("redis://host/0")["default"]["LOCATION"] == "redis://host/0"
    assert "locmem" in cache_settings("memory://")["default"]["BACKEND"]
