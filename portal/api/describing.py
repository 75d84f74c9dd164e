"""How a call is described: its headers, its answer, and every problem it can end in."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers

JSON, PROBLEM = "application/json", "application/problem+json"

Answer = type[serializers.Serializer[Any]]


class Problem(serializers.Serializer[Any]):
    """Why a request was not answered as asked (RFC 9457)."""

    type = serializers.CharField(help_text="Always `about:blank`: the status says the kind.")
    title = serializers.CharField(help_text="The words of the status.")
    status = serializers.IntegerField(help_text="The HTTP status.")
    detail = serializers.CharField(help_text="A sentence for a person.")
    reason = serializers.CharField(
        required=False, help_text="403 and 409: why this is refused, in words to show."
    )
    code = serializers.CharField(
        required=False, help_text="403 and 409: the same as a code, where there is one."
    )
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="400: what is wrong, by field; a nested field is named with dots.",
    )
    current_version = serializers.IntegerField(
        required=False, help_text="412: the version that is there now."
    )


MEANINGS: Final[dict[int, tuple[str, str, dict[str, Any]]]] = {
    400: (
        "Bad Request",
        "What was sent does not make sense: malformed, or fields or parameters unknown or wrong.",
        {"errors": {"title": ["This field is required."]}, "detail": "title: required"},
    ),
    401: ("Unauthorized", "No token or session, or one that has ended.", {}),
    403: (
        "Forbidden",
        "Visible to you, but refused; `reason` says why. Also where a token's scopes fall short.",
        {
            "reason": "Only a supervisor of the owner releases this.",
            "detail": "Only a supervisor of the owner releases this.",
        },
    ),
    404: (
        "Not Found",
        "Absent, or not visible to you: the same bytes in both cases.",
        {"detail": "There is nothing here that you can open."},
    ),
    409: (
        "Conflict",
        "Not in a state for this, or no agreement covers it; also an idempotency key that was used "
        "for another body.",
        {
            "reason": "This request has been decided.",
            "detail": "This request has been decided.",
            "code": "wrong_state",
        },
    ),
    412: (
        "Precondition Failed",
        "`If-Match` names a version that is no longer there.",
        {
            "detail": "This was changed by somebody else; the version now is 4.",
            "current_version": 4,
        },
    ),
    413: ("Content Too Large", "The body is larger than 1 MiB.", {}),
    415: ("Unsupported Media Type", "The body is not `application/json`.", {}),
    428: ("Precondition Required", 'The change does not say `If-Match: "3"`.', {}),
    429: ("Too Many Requests", "Too many requests of one person; see `Retry-After`.", {}),
    503: (
        "Service Unavailable",
        "The database or the ledger is away.  Nothing was shown or changed.",
        {},
    ),
}
ALWAYS = (400, 401, 403, 429, 503)
ON_CHANGE = (409, 413, 415)


def problems_of(*, changes: bool, patch: bool, refuses: tuple[int, ...]) -> list[int]:
    """Return the statuses of the problems that a call can end in."""
    found = {*ALWAYS, *refuses}
    if changes:
        found |= set(ON_CHANGE)
    if patch:
        found |= {412, 428}
    return sorted(found)


def answers(
    answer: Answer,
    status: int,
    refuses: tuple[int, ...],
    *,
    changes: bool,
    patch: bool,
    example: Any,
) -> dict[tuple[int, str], OpenApiResponse]:
    """Return the description of every answer of a call."""
    shown = [OpenApiExample("example", value=example)] if example is not None else []
    found = {(status, JSON): OpenApiResponse(answer, description="The answer.", examples=shown)}
    for code in problems_of(changes=changes, patch=patch, refuses=refuses):
        found[code, PROBLEM] = problem_answer(code)
    return found


def problem_answer(status: int) -> OpenApiResponse:
    """Return the description of one problem, with an example of it."""
    title, meaning, particular = MEANINGS[status]
    document = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": meaning,
        **particular,
    }
    return OpenApiResponse(
        Problem,
        description=meaning,
        examples=[OpenApiExample(title, value=document, status_codes=[str(status)])],
    )


def header(name: str, meaning: str, *, required: bool = False) -> OpenApiParameter:
    """Return the description of a request's header."""
    return OpenApiParameter(
        name, OpenApiTypes.STR, OpenApiParameter.HEADER, required=required, description=meaning
    )


def headers(*, changes: bool, patch: bool, versioned: bool, tagged: bool) -> list[OpenApiParameter]:
    """Return the headers that a call takes and gives."""
    found = [
        header("X-Purpose", "The purpose of this access, a code of the table `purposes`."),
        header("X-Case", "Your own case or number that this access is for, at most 80 characters."),
        OpenApiParameter(
            "X-Request-ID",
            OpenApiTypes.UUID,
            OpenApiParameter.HEADER,
            response=True,
            description="The id under which the log of requests keeps this one.",
        ),
    ]
    if patch:
        found.append(header("If-Match", 'The version you change, e.g. `"3"`.', required=True))
    elif versioned:
        found.append(header("If-Match", 'The version you decide on, e.g. `"3"`; optional.'))
    if changes and not patch:
        found.append(
            header(
                "Idempotency-Key",
                "A key of your choice, at most 200 characters. Sent again within 24 hours with "
                "the same body, it answers for what was done the first time and does nothing.",
            )
        )
    if tagged:
        found.append(
            OpenApiParameter(
                "ETag",
                OpenApiTypes.STR,
                OpenApiParameter.HEADER,
                response=[200, 201],
                description="The version, for `If-Match`.",
            )
        )
    return found
