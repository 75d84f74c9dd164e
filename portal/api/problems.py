"""Problems: every answer that is not the one asked for, as RFC 9457 says.

What cannot be seen and what never existed answer with the same bytes, so nothing in a problem tells
of the address: ``instance`` is left out and the request's id is only in a header.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, JsonResponse, UnreadablePostError
from rest_framework import exceptions
from rest_framework.response import Response

from agencies.refusals import (
    Conflict,
    Invalid,
    NotAllowed,
    NotVisible,
    Refusal,
    Stale,
    Unconfirmed,
)
from portal.api.authentication import REALM
from portal.api.parsing import TooLarge

log = structlog.get_logger(__name__)

CONTENT_TYPE = "application/problem+json"


class Unavailable(Refusal):
    """Something the answer depends on is away: the database, or the ledger; 503."""

    status = 503

    def __init__(self) -> None:
        super().__init__("This cannot be answered just now. Nothing was shown or changed.")


class PreconditionRequired(Refusal):
    """A change that does not say which version it changes; 428 (RFC 6585)."""

    status = 428

    def __init__(self) -> None:
        super().__init__('Say which version you change: If-Match: "3".')


def answer_problem(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """Return the problem that *exc* is, or None where it is a fault of ours."""
    if isinstance(exc, exceptions.APIException):
        return of_framework(exc, context)
    refusal = as_refusal(exc)
    return problem(refusal) if refusal else None


def as_refusal(exc: Exception) -> Refusal | None:
    """Return what was refused, whatever layer it was that refused."""
    if isinstance(exc, Refusal):
        return exc
    if isinstance(exc, Http404):
        return NotVisible()
    if isinstance(exc, PermissionDenied):
        return NotAllowed(str(exc) or "You may not do this.")
    if isinstance(exc, RequestDataTooBig):
        return TooLarge()
    if isinstance(exc, SuspiciousOperation | UnreadablePostError):
        return Invalid({"body": "The body cannot be read."})
    return of_database(exc)


def of_database(exc: Exception) -> Refusal | None:
    """Return what the database refused: out of reach, out of range, or changed meanwhile."""
    refusal: Refusal | None = None
    if isinstance(exc, OperationalError | InterfaceError):
        refusal = Unavailable()
    elif isinstance(exc, DataError):
        refusal = Invalid({"body": "A value is out of range."})
    elif isinstance(exc, IntegrityError):
        refusal = Conflict("This does not fit what is there now. Read it again.")
    if refusal:
        log.warning("database_refused", exc_info=exc)
    return refusal


def problem(refusal: Refusal) -> Response:
    """Return *refusal* as an answer."""
    return respond(refusal.status, refusal.reason, **particulars(refusal))


def particulars(refusal: Refusal) -> dict[str, Any]:
    """Return what a program needs of *refusal* beside its sentence."""
    if isinstance(refusal, Invalid):
        return {"errors": refusal.errors}
    if isinstance(refusal, Stale):
        return {"current_version": refusal.current}
    if isinstance(refusal, Unconfirmed):
        return {"reason": refusal.code, "code": refusal.code}
    if isinstance(refusal, NotAllowed | Conflict):
        return {"reason": refusal.reason, **({"code": refusal.code} if refusal.code else {})}
    return {}


def of_framework(exc: exceptions.APIException, context: Mapping[str, Any]) -> Response:
    """Return what the framework refused before any view was asked."""
    if isinstance(exc, exceptions.ValidationError):
        return problem(Invalid(dict(flattened(exc.detail))))
    if isinstance(exc, exceptions.ParseError):
        return problem(Invalid({"body": str(exc.detail)}))
    if isinstance(exc, exceptions.NotFound):
        return problem(NotVisible())
    if isinstance(exc, exceptions.PermissionDenied):
        return problem(NotAllowed(str(exc.detail)))
    response = respond(exc.status_code, str(exc.detail))
    if isinstance(exc, exceptions.Throttled):
        response["Retry-After"] = str(int(getattr(exc, "wait", None) or 1) or 1)
    if isinstance(exc, exceptions.MethodNotAllowed):
        response["Allow"] = ", ".join(context["view"].allowed_methods)
    if response.status_code == HTTPStatus.UNAUTHORIZED:
        bad = isinstance(exc, exceptions.AuthenticationFailed)
        response["WWW-Authenticate"] = REALM + (', error="invalid_token"' if bad else "")
    return response


def fault() -> JsonResponse:
    """Return a failure of ours outside every view as a problem; 503 without the database."""
    failure = sys.exc_info()[1]
    refusal = of_database(failure) if isinstance(failure, Exception) else None
    status = refusal.status if refusal else HTTPStatus.INTERNAL_SERVER_ERROR
    detail = refusal.reason if refusal else "This failed, and the failure is on our log."
    return JsonResponse(document_of(status, detail), status=status, content_type=CONTENT_TYPE)


def respond(status: int, detail: str, **particular: Any) -> Response:
    """Return a problem document."""
    body = {**document_of(status, detail), **particular}
    return Response(body, status=status, content_type=CONTENT_TYPE)


def document_of(status: int, detail: str) -> dict[str, Any]:
    """Return what every problem says."""
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": int(status), "detail": detail}


def flattened(detail: Any, field: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield (field, errors), with the path of a nested field joined by dots."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            own = field if name == "non_field_errors" else f"{field}.{name}" if field else str(name)
            yield from flattened(inner, own)
    elif isinstance(detail, list) and any(isinstance(one, Mapping) for one in detail):
        for place, inner in enumerate(detail):
            yield from flattened(inner, f"{field}.{place}")
    else:
        texts = detail if isinstance(detail, list) else [detail]
        if texts:
            yield field or "body", [str(text) for text in texts]
