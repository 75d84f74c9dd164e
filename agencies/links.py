"""Signed links that lead a person to what was sent to their address."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from agencies.figures import ADDRESS_OPEN_FOR, NOMINATION_OPEN_FOR

NOMINATION, ADDRESS = "nomination", "address"
ROUTES = {NOMINATION: "nomination_link", ADDRESS: "address_link"}
LASTS = {NOMINATION: NOMINATION_OPEN_FOR, ADDRESS: ADDRESS_OPEN_FOR}
SPARE = timedelta(days=1)
"""Mail is late; what a link leads to says for itself when it was not answered in time."""


def link_for(what: str, key: UUID) -> str:
    """Return the whole address to mail; opening it changes nothing."""
    return settings.PORTAL_URL + reverse(ROUTES[what], args=[token_for(what, key)])


def token_for(what: str, key: UUID) -> str:
    """Return what the link carries: which row, of which sort, signed and dated."""
    return signing.dumps(str(key), salt=f"agencies.{what}")


def key_in(what: str, token: str) -> UUID | None:
    """Return which row a link leads to; None for one that is forged, too old or of another sort."""
    try:
        text = signing.loads(token, salt=f"agencies.{what}", max_age=LASTS[what] + SPARE)
    except signing.BadSignature:
        return None
    return UUID(text)
