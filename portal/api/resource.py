"""A resource of the interface: what every call goes through before its own view is asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import structlog
from django.http import HttpRequest
from django.urls import reverse
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSetMixin

from agencies.actors import Actor
from agencies.codetable import is_code
from agencies.reauthentication import require_confirmed
from agencies.refusals import Invalid
from portal.api.authentication import BearerToken, PortalSession
from portal.api.calls import call_of
from portal.api.negotiation import OnlyJSON
from portal.api.parsing import StrictJSONParser
from portal.api.permissions import Nobody
from portal.api.strict import checked, plain_query
from portal.api.throttling import PerPerson

LONGEST_CASE = 80
WITH_BODY = ("POST", "PATCH")


class ApiRequest(Request):
    """A request of the interface: who asks, and what they say, already checked."""

    actor: Actor
    sought: dict[str, Any]
    said: dict[str, Any]


class ApiView(APIView):
    """What every address of the interface has in common.  Closed until a view says who may."""

    authentication_classes: Any = (BearerToken, PortalSession)
    permission_classes: Any = (Nobody,)
    throttle_classes: Any = (PerPerson,)
    parser_classes = (StrictJSONParser,)
    content_negotiation_class = OnlyJSON
    metadata_class = None
    http_method_names = ["get", "head", "post", "patch"]  # noqa: RUF012  (as Django names it)

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> ApiRequest:
        """Return the request as the views know it."""
        return ApiRequest(
            request,
            parsers=self.get_parsers(),
            authenticators=self.get_authenticators(),
            negotiator=self.get_content_negotiator(),
            parser_context=self.get_parser_context(request),
        )

    @property
    def default_response_headers(self) -> dict[str, str]:
        """Return headers that are the same for what is there and for what is not."""
        return {"Cache-Control": "no-store", "Vary": "Authorization, Cookie"}

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        """Add the id under which the log of requests keeps this one."""
        answer: Response = super().finalize_response(request, response, *args, **kwargs)
        answer["X-Request-ID"] = structlog.contextvars.get_contextvars().get("request_id", "")
        return answer


class Resource(ViewSetMixin, ApiView):  # type: ignore[misc]
    """The calls of one noun, strict in what they accept."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check who asks, then what they say, before anything is looked up."""
        super().initial(request, *args, **kwargs)
        call = call_of(self)
        if call is None:
            return
        asked: Any = request
        if call.confirmed and isinstance(asked.successful_authenticator, PortalSession):
            require_confirmed(asked._request)  # noqa: SLF001  (the framework's own way)
        asked.actor = stated(asked.user.actor, request)
        asked.sought = checked(call.query, plain_query(request.query_params))
        if request.method in WITH_BODY:
            refuse_other_types(request)
            asked.said = checked(call.body, request.data)


def refuse_other_types(request: Request) -> None:
    """Raise UnsupportedMediaType for a body that is not JSON, before anyone tries to read it."""
    kind = request.content_type.partition(";")[0].strip().lower()
    if request.META.get("CONTENT_LENGTH") not in (None, "", "0") and kind != "application/json":
        raise UnsupportedMediaType(kind or "none")


def stated(actor: Actor, request: Request) -> Actor:
    """Return *actor* with the purpose and the case that the headers state."""
    purpose = request.headers.get("X-Purpose", "").strip()
    for_case = request.headers.get("X-Case", "").strip()
    errors = {}
    if purpose and not is_code("purposes", purpose):
        errors["X-Purpose"] = "This is not a code of purposes."
    if len(for_case) > LONGEST_CASE or not for_case.isprintable():
        errors["X-Case"] = f"Give one line of at most {LONGEST_CASE} characters."
    if errors:
        raise Invalid(errors)
    return replace(actor, purpose=purpose or actor.purpose, for_case=for_case or actor.for_case)


def created(name: str, pk: UUID, response: Response) -> Response:
    """Return *response* as the answer for a thing just made, with its address."""
    response.status_code = 201
    response["Location"] = reverse(f"api:{name}", args=[pk])
    return response


def required_changes(request: ApiRequest) -> dict[str, Any]:
    """Return what a change says; Invalid where it says nothing."""
    if not request.said:
        raise Invalid({"body": "Say what changes."})
    return request.said
