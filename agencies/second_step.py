"""The step between password and session: allauth's, unless an agency's sign-in asked before."""

from __future__ import annotations

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from agencies.factors import HAS_FACTOR
from agencies.models import Person


class SecondStepStage(AuthenticateStage):  # type: ignore[misc]
    """Asks for a passkey or a code whoever has one, unless their provider says that it did."""

    def _should_handle(self, request: HttpRequest) -> bool:
        """Return whether there is anything left to ask."""
        return not shown_elsewhere(self.login.user) and bool(super()._should_handle(request))


def shown_elsewhere(person: Person | None) -> bool:
    """Return whether the provider that signs *person* in said that it asked for a second factor."""
    return bool(getattr(person, "second_factor_shown", False))


def keep_shown(request: HttpRequest, person: Person) -> None:
    """Have the session know that its person needs no factor of ours beside their provider's."""
    if shown_elsewhere(person):
        request.session[HAS_FACTOR] = True
