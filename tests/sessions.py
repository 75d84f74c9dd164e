"""``Client.force_login`` stands for a whole sign-in: it also leaves allauth's record of one.

Tests run as a demonstration, which forces nobody to have a second factor; those of the second
factor switch ``SECOND_FACTOR_REQUIRED`` on and sign in by the pages.
"""

from __future__ import annotations

from time import time
from typing import Any

import pytest
from django.test import Client

RECORDS, WHOSE = "account_authentication_methods", "account_authentication_methods_user"


def signed_in_at(client: Client, person: Any, moment: float) -> None:
    """Have the session of *client* say that *person* showed who they are at that moment."""
    session = client.session
    session[RECORDS] = [{"method": "password", "at": moment}]
    session[WHOSE] = str(person.pk)
    session.save()


@pytest.fixture(autouse=True, scope="session")
def force_login_is_a_sign_in() -> Any:
    """Add the record to every forced sign-in."""
    force = Client.force_login

    def force_login(client: Client, user: Any, backend: str | None = None) -> None:
        force(client, user, backend)
        signed_in_at(client, user, time())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "force_login", force_login)
        yield
