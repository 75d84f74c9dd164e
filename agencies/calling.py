"""Which addresses the portal calls on behalf of an agency's own sign-in, and with what."""

from __future__ import annotations

from functools import partial
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.exceptions import InvalidURL

from agencies.reaching import LOOPBACK, CarefulAdapter


def may_be_called(address: str) -> bool:
    """Return whether the portal calls *address*: https and a full name, never a bare number.

    What a provider says of itself is called too, so that it could have us ask machines beside us;
    where a name leads is asked when it is called (``agencies.reaching``).
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.username or parts.password:
        return False
    if host in LOOPBACK:
        return bool(settings.SIGN_IN_ON_LOOPBACK)
    return parts.scheme == "https" and "." in host and not _is_number(host)


class CarefulSession(requests.Session):
    """Calls what may be called, and follows a redirect to nothing else."""

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Send a request; raises InvalidURL where the address may not be called."""
        if not may_be_called(request.url or ""):
            raise InvalidURL("The sign-in names an address that is not called from here.")
        return super().send(request, **options)


def careful_session(seconds: float) -> requests.Session:
    """Return a session that gives up after so many seconds."""
    session = CarefulSession()
    for scheme in ("https://", "http://"):
        session.mount(scheme, CarefulAdapter())
    session.request = partial(session.request, timeout=seconds)  # type: ignore[method-assign]
    return session


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return host.rpartition(".")[2].isdigit()
    return True
