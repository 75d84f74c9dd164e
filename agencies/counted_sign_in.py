"""Signing in within limits: every try is counted before it is verified, and all look alike."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from agencies.models import Person
from agencies.services.sign_in import (
    begin_try,
    fail_try,
    forget_failures,
    is_locked,
    is_refused,
    pass_try,
)
from agencies.sessions import begin, end
from agencies.sign_in_names import folded

WRONG = (
    "That e-mail address and password do not match, or the account is locked. After "
    f"{settings.SIGN_IN_FAILURES} failures an account stays locked until the coordinator of its "
    "agency releases it."
)


class CountedSignIn(DefaultAccountAdapter):  # type: ignore[misc]
    """Has one name fail five times and no more, however many try at once."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": WRONG,
    }

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Return who it is; None for a wrong password, an unknown name and a locked one alike.

        The password is verified, or as much work is done, whatever the count says.
        """
        self.pre_authenticate(request, **credentials)
        name = str(credentials.get("email") or "")
        attempt = begin_try(name)
        AuthenticationBackend.unstash_authenticated_user()
        found = authenticate(request, **credentials)
        found = found or AuthenticationBackend.unstash_authenticated_user()
        if found is None or is_refused(attempt):
            fail_try(attempt, _written(name))
            return None
        pass_try(attempt)
        self._rollback_login_failed_rl_usage()
        return found

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Let in only whose account is not locked, whatever they showed who they are with."""
        if is_locked(cast("Person", user)):
            raise ImmediateHttpResponse(redirect("account_inactive"))
        super().login(request, user)

    def logout(self, request: HttpRequest) -> None:
        """Have the session be over before the browser forgets it."""
        end(request)
        super().logout(request)

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **options: Any
    ) -> HttpResponse:
        """Begin the session, and the count anew, once everything that it takes was shown."""
        forget_failures(cast("Person", user))
        begin(request)
        return cast("HttpResponse", super().post_login(request, user, **options))


def _written(name: str) -> Person | None:
    """Return whose address a name is, however it is written, as it is counted."""
    known = Q(email__iexact=name) | Q(email__iexact=folded(name))
    return Person.objects.filter(known).first()
