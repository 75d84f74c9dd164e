"""The request as pages see it, once the middleware has said who asks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from agencies.actors import Actor
from agencies.models import Person


class PortalRequest(HttpRequest):
    """A request of a signed-in person; ``frame`` is what stands around the page."""

    actor: Actor
    user: Person
    frame: Any
