"""What a program may be granted a token for: the toolkit's questions, answered from our table."""

from __future__ import annotations

from base64 import b64decode
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_plus

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse, JsonResponse
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import SettingsScopes
from oauth2_provider.views import TokenView

from agencies.actors import acting_as
from agencies.allowance import seconds_to_wait, within_allowance
from agencies.models import Person, Program
from agencies.programs import program_by_secret
from ledger.doer import Portal
from ledger.models import Event
from ledger.services import record_event

ADDRESS_FACTOR = 6
"""How many programs may ask from one address before it is too much."""


class ProgramScopes(SettingsScopes):  # type: ignore[misc]
    """A program has the scopes that its coordinator gave it, and asks for all without saying so."""

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **options: Any
    ) -> list[str]:
        """Return the program's scopes."""
        return list(application.scopes)

    def get_default_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **options: Any
    ) -> list[str]:
        """Return the program's scopes."""
        return list(application.scopes)


class ProgramValidator(OAuth2Validator):  # type: ignore[misc]
    """Knows programs by their secrets and writes each token that they are given."""

    def authenticate_client(self, request: Any, *args: Any, **options: Any) -> bool:
        """Return whether a working program asks; its secret is in the header or in the body."""
        client_id, secret = credentials_of(request)
        request.client = program_by_secret(client_id, secret)
        return request.client is not None

    @transaction.atomic
    def save_bearer_token(self, token: Any, request: Any, *args: Any, **options: Any) -> None:
        """Keep the checksum of the token, that the program was seen, and the event."""
        super().save_bearer_token(token, request, *args, **options)
        program: Program = request.client
        actor = acting_as(program.membership)
        record_event(
            actor,
            "program.signed_in",
            program,
            concerns=[program.membership.agency_id],
            scopes=token["scope"].split(),
        )
        Program.objects.filter(pk=program.pk).update(used_at=Now())
        Person.objects.filter(pk=actor.person_id).update(last_seen_at=Now())


class ProgramTokenView(TokenView):  # type: ignore[misc]
    """The token endpoint: client credentials in, a token of some minutes out."""

    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        """Answer within the allowance; what is refused is written."""
        if not may_ask(request):
            return too_often()
        answer: HttpResponse = self.authorization_flow_token_response(request)
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            write_refusal(named_in(request))
        return answer


def may_ask(request: HttpRequest) -> bool:
    """Return whether neither the address nor the program named has asked too often."""
    number = settings.PROGRAM_TOKENS_PER_MINUTE
    address = get_adapter(request).get_client_ip(request)
    by_address = within_allowance("program-address", address, ADDRESS_FACTOR * number)
    return by_address and within_allowance("program-token", named_in(request), number)


def too_often() -> JsonResponse:
    """Return the answer to whoever asks too often, in the form of RFC 6749, 5.2."""
    said = {"error": "temporarily_unavailable", "error_description": "Too many requests."}
    return JsonResponse(said, status=429, headers={"Retry-After": str(seconds_to_wait())})


def write_refusal(client_id: str) -> None:
    """Write that a program was refused; of an unknown one nothing is said."""
    program = None
    if "\x00" not in client_id:
        program = Program.objects.select_related("membership").filter(client_id=client_id).first()
    concerns = [program.membership.agency_id] if program else []
    with transaction.atomic():
        record_event(
            Portal(),
            "program.sign_in_failed",
            program,
            concerns=concerns,
            outcome=Event.Outcome.REFUSED,
        )


def named_in(request: HttpRequest) -> str:
    """Return the client id that a request names, whoever sends it."""
    return basic_credentials(request.headers.get("Authorization", ""))[0] or request.POST.get(
        "client_id", ""
    )


def credentials_of(request: Any) -> tuple[str, str]:
    """Return the client id and the secret of the toolkit's request (RFC 6749, 2.3.1)."""
    client_id, secret = basic_credentials(request.headers.get("HTTP_AUTHORIZATION", ""))
    return client_id or request.client_id or "", secret or request.client_secret or ""


def basic_credentials(header: str) -> tuple[str, str]:
    """Return the client id and the secret of an ``Authorization: Basic`` header, else nothing."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        client_id, _, secret = b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return unquote_plus(client_id), unquote_plus(secret)
