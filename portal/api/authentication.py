"""Who asks: a personal token, or the session of a browser."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from rest_framework.authentication import (
    BaseAuthentication,
    SessionAuthentication,
    get_authorization_header,
)
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from agencies.actors import Actor
from agencies.enrolment import require_enrolled
from agencies.programs import actor_for_program_token
from agencies.tokens import ADMINISTER, READ, WRITE, actor_for_token

REALM = 'Bearer realm="liaison"'


@dataclass(frozen=True)
class Caller:
    """Whoever asks, under which membership, and the scopes that this way of asking has."""

    actor: Actor
    scopes: frozenset[str]
    is_authenticated: bool = True
    is_active: bool = True

    @property
    def pk(self) -> UUID:
        """Return the person's id, which the log of requests keeps."""
        return self.actor.person_id


class BearerToken(BaseAuthentication):
    """``Authorization: Bearer TOKEN``: the membership and the scopes are the token's."""

    def authenticate(self, request: Request) -> tuple[Caller, None] | None:
        """Return who holds the token; None without one, AuthenticationFailed for a bad one."""
        scheme, _, token = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        try:
            plain = token.strip().decode("ascii")
            found = actor_for_token(plain) or actor_for_program_token(plain)
        except UnicodeDecodeError:
            found = None
        if found is None:
            raise AuthenticationFailed("This token is unknown, has expired or was revoked.")
        actor, scopes = found
        return Caller(actor, frozenset(scopes)), None

    def authenticate_header(self, request: Request) -> str:
        """Return what a refusal asks for."""
        return REALM


class PortalSession(SessionAuthentication):
    """A browser signed in to the portal: the membership acted under is the session's."""

    def authenticate(self, request: Request) -> tuple[Caller, None] | None:
        """Return who is signed in, once a change has shown the page's own token (CSRF)."""
        page: HttpRequest = request._request  # noqa: SLF001  (the framework's own way)
        actor = getattr(page, "actor", None)
        if actor is None:
            return None
        self.enforce_csrf(request)
        require_enrolled(page)
        return Caller(actor, frozenset({READ, WRITE, ADMINISTER})), None
