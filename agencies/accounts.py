"""Signing in and out as allauth asks us to decide it: no sign-up, and written in the ledger."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from agencies.actors import actor_of
from agencies.counted_sign_in import CountedSignIn
from agencies.models import Person
from agencies.reauthentication import is_confirmed
from agencies.revouching import way_of
from agencies.second_step import keep_shown
from agencies.services.password import set_own_password
from agencies.vouched_sessions import vouched_membership, vouching_provider
from ledger.services import record_event

CONFIRMING = {
    "mfa_reauthenticate:webauthn": "Use a passkey",
    "mfa_reauthenticate": "Use a code",
    "reauthenticate": "Use your password",
}


class PortalAccounts(CountedSignIn):
    """People are admitted by their agency; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False, always."""
        return False

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **options: Any
    ) -> HttpResponse:
        """Write the sign-in before anything is answered."""
        signed_in(cast("Person", user), provider=vouching_provider(request))
        return super().post_login(request, user, **options)

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Return whether this is the person's password, within the limits of signing in."""
        from allauth.core import context

        person = cast("Person", user)
        found = self.authenticate(context.request, email=person.email, password=password)
        return found is not None and found.pk == person.pk

    def get_login_stages(self) -> list[str]:
        """Return the steps of a sign-in, with our own second one."""
        ours = {"allauth.mfa.stages.AuthenticateStage": "agencies.second_step.SecondStepStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Let in, and keep what an agency's sign-in said of a second factor."""
        super().login(request, user)
        keep_shown(request, cast("Person", user))

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Set it by the service, which ends what was open by the old one."""
        person = cast("Person", user)
        set_own_password(actor_of(person), person, password=password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return the page of how one signs in."""
        return reverse("mfa_index")

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Return whether the person must confirm first; signing in counts."""
        from allauth.core import context

        return not is_confirmed(context.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return the ways to confirm, the strongest first; last, the agency's own sign-in."""
        from allauth.core import context

        ways = {way["id"]: way for way in super().get_reauthentication_methods(user)}
        own = [
            {**ways[way], "description": words} for way, words in CONFIRMING.items() if way in ways
        ]
        return [*own, *way_of(context.request)]

    def is_safe_url(self, url: str) -> bool:
        """Return whether *url* is a page of ours: this host's alone."""
        from allauth.core import context

        return url_has_allowed_host_and_scheme(
            url,
            allowed_hosts={context.request.get_host()},
            require_https=context.request.is_secure(),
        )

    def send_notification_mail(self, *args: Any, **options: Any) -> None:
        """Send nothing: the services tell."""

    def add_message(self, *args: Any, **options: Any) -> None:
        """Say nothing: the page that follows shows what was done."""


def signed_in(person: Person, *, provider: UUID | None = None) -> None:
    """Write that a person signed in, under the post they then act under, and by whose word."""
    with transaction.atomic():
        post = vouched_membership(person.pk, provider) if provider else None
        actor = actor_of(person, post, vouched=provider is not None)
        concerns = [actor.agency_id] if actor.agency_id else []
        told: dict[str, Any] = {"provider": provider} if provider else {}
        record_event(actor, "person.signed_in", person, concerns=concerns, **told)
