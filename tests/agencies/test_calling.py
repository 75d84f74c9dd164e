"""What is called on behalf of an agency's own sign-in: https by name, and nothing beside us."""

from __future__ import annotations

from typing import Any

import pytest
from requests.exceptions import InvalidURL

from agencies.calling import careful_session, may_be_called

REFUSED = (
    "http://id.alpha.example/",
    "https://intranet/",
    "https://169.254.169.254/latest",
    "https://[fd00::1]/",
    "https://127.1/",
    "https://user@id.alpha.example/",
    "https://:pass@id.alpha.example/",
    "https://[broken/",
    "ftp://id.alpha.example/",
    "",
)


@pytest.mark.parametrize("address", REFUSED)
def test_what_may_not_be_called(address: str) -> None:
    assert may_be_called(address) is False
    assert may_be_called("https://id.alpha.example/x?y=z") is True


@pytest.mark.parametrize(("loopback", "called"), [(True, True), (False, False)])
def test_this_machine_is_called_in_development_alone(
    settings: Any, loopback: bool, called: bool
) -> None:
    settings.SIGN_IN_ON_LOOPBACK = loopback
    assert may_be_called("http://localhost:9/") is called
    assert may_be_called("https://127.0.0.1/") is called


def test_a_session_calls_nothing_that_may_not_be_called() -> None:
    with pytest.raises(InvalidURL):
        careful_session(1).get("http://169.254.169.254/latest/meta-data")
