"""One world for every reader: built and committed once for this package, each test rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from tests import databases
from tests.truth.world import World, build


@pytest.fixture(scope="package")
def world_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Build the world in a clone of its own, to which every test of the package is pointed."""
    shared = str(settings.DATABASES["default"]["NAME"])
    with django_db_blocker.unblock():
        name = databases.clone()
        databases.point_at(name)
        try:
            made = build()
            databases.close_connections()
            yield made
        finally:
            databases.point_at(shared)
            databases.drop(name)


@pytest.fixture(autouse=True)
def sessions_that_stay_fresh(settings: Any) -> None:
    """Keep the package's one sign-in fresh however long it takes: the table asks who may see."""
    settings.REAUTHENTICATION_SECONDS = settings.IDLE_LOCK_SECONDS = settings.SESSION_SECONDS


@pytest.fixture
def world(world_database: World, db: None) -> World:
    """Give the world to one test; what it changes is rolled back."""
    return world_database
