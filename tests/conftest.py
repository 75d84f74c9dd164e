"""The database harness: tests run as the application's role, on clones of one migrated template."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test.testcases import LiveServerThread
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from portal.embedded.places import Places
from tests import databases

pytest_plugins = ["tests.browsers", "tests.coverage_gate", "tests.sessions"]

# Playwright's loop runs in the test's own thread; Django would refuse the database there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
hypothesis_settings.register_profile(
    "quick", deadline=None, max_examples=50, suppress_health_check=SLOW
)
hypothesis_settings.register_profile(
    "long", deadline=None, max_examples=1000, suppress_health_check=SLOW
)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Give this process a clone of its own; each test is rolled back in it."""
    with django_db_blocker.unblock():
        name = databases.clone()
        databases.point_at(name)
    yield
    with django_db_blocker.unblock():
        databases.close_connections()
        databases.drop(name)


@pytest.fixture
def cloned_database(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[str]:
    """Give this test a database to itself, in which it may really commit, from many threads.

    Not together with ``db``: that one rolls back, this one is dropped.
    """
    if {"db", "transactional_db"} & set(request.fixturenames):
        pytest.fail("A test takes either db or cloned_database, not both.")
    shared = str(databases.settings.DATABASES["default"]["NAME"])
    with django_db_blocker.unblock():
        name = databases.clone()
        databases.point_at(name)
        try:
            yield name
        finally:
            databases.point_at(shared)
            databases.drop(name)


@pytest.fixture
def live_portal(cloned_database: str) -> Iterator[str]:
    """Serve the portal from threads of this process on a clone; the value is its address."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler

    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """Have a data folder with a short name, for sockets; remove what lies aside for it."""
    folder = Path(tempfile.mkdtemp(prefix="lt-"))
    yield folder
    places = Places.of(folder)
    for path in (places.state, places.run, folder):
        shutil.rmtree(path, ignore_errors=True)
