"""What the tests of the services share."""

from __future__ import annotations

import pytest

from tests.cast import Cast, two_agencies


@pytest.fixture
def cast() -> Cast:
    """Give Alpha and Bravo with their people and one agreement."""
    return two_agencies()
