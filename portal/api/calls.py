"""Calls: what each view accepts and answers, said once for the check and for the description."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.viewsets import ViewSetMixin

from portal.api.describing import Answer, answers, headers
from portal.api.strict import Nothing, Strict

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Call:
    """The parameters and the body that a view accepts; whatever else comes is refused.

    Of a session, *confirmed* asks that its person showed just now who they are.
    """

    query: type[Strict]
    body: type[Strict]
    confirmed: bool = False


def call(
    summary: str,
    *,
    answer: Answer,
    status: int = 200,
    query: type[Strict] = Nothing,
    body: type[Strict] = Nothing,
    of: str = "",
    changes: bool = False,
    patch: bool = False,
    versioned: bool = False,
    confirmed: bool = False,
    refuses: tuple[int, ...] = (),
    names: tuple[OpenApiParameter, ...] = (),
    example: Any = None,
) -> Callable[[View], View]:
    """Say what a view accepts, answers and refuses; its docstring describes it.

    *of* names the thing whose id is in the address; *changes* says that something is written,
    *patch* that ``If-Match`` must come, *versioned* that it may; *names* are other parts of the
    address.
    """
    refused = {*refuses, *([404] if of else []), *([412] if versioned else [])}
    tagged = bool(of) or status == 201
    parameters: list[Any] = [
        *headers(changes=changes, patch=patch, versioned=versioned, tagged=tagged),
        *names,
        *([identifier(of)] if of else []),
        *([query] if query is not Nothing else []),
    ]
    answered = answers(
        answer, status, tuple(refused), changes=changes or patch, patch=patch, example=example
    )
    accepted = {"application/json": body} if body is not Nothing else None
    said = {"parameters": parameters, "request": accepted, "responses": answered}
    return _declaring(Call(query, body, confirmed), summary=summary, **said)


def _declaring(kept: Call, **said: Any) -> Callable[[View], View]:
    """Return what describes a view and keeps what it accepts."""

    def declared(view: View) -> View:
        described: View = extend_schema(operation_id=None, description=view.__doc__, **said)(view)
        described.call = kept  # type: ignore[attr-defined]
        return described

    return declared


def identifier(of: str) -> OpenApiParameter:
    """Return the description of the id in an address."""
    return OpenApiParameter(
        "id",
        OpenApiTypes.UUID,
        OpenApiParameter.PATH,
        description=f"The id of {of}.  A malformed one answers as one that does not exist.",
    )


def call_of(view: ViewSetMixin) -> Call | None:
    """Return what the view now asked accepts; None where the method has no view."""
    found = getattr(view, view.action or "", None)
    return getattr(found, "call", None)
