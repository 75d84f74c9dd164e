"""The cast, for every test of the app."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from tests.agencies.cast import Cast, a_cast


@pytest.fixture
def cast(db: None) -> Cast:
    """Give the test its people."""
    return a_cast()


@pytest.fixture(autouse=True)
def no_limits_from_before() -> None:
    """Forget how often others signed in."""
    cache.clear()


@pytest.fixture(autouse=True)
def files_of_its_own(settings: Any, tmp_path: Path) -> None:
    """Keep files that a test sends where nobody else looks."""
    settings.MEDIA_ROOT = tmp_path
