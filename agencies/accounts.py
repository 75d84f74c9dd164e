"""Signing in and out as allauth asks us to decide it: no sign-up, and written in the ledger."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID


from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from agencies.actors import actor_of
from agencies.counted_sign_in import CountedSignIn
from agencies.models import Person
from agencies.vouched_sessions import vouched_membership, vouching_provider
from ledger.services import record_event


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

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return home."""
        return "/"

    def add_message(self, *args: Any, **options: Any) -> None:
        """Say nothing: the page that follows shows what was done."""


def signed_in(person: Person, *, provider: UUID | None = None) -> None:
    """Write that a person signed in, under the post they then act under, and by whose word."""
    with transaction.atomic():
        post = vouched_membership(person.pk, provider) if provider else None
        actor = actor_of(person, post)
        concerns = [actor.agency_id] if actor.agency_id else []
        told = {"provider": provider} if provider else {}
        record_event(actor, "person.signed_in", person, concerns=concerns, **told)
