"""Pages by key: a list read on from where the last page ended, whatever was added meanwhile."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.refusals import Invalid
from portal.api.strict import Strict

M = TypeVar("M", bound=Model)
PAGE, LARGEST_PAGE = 50, 100


class Paged(Strict):
    """The parameters of every list."""

    cursor = serializers.CharField(
        required=False, max_length=600, help_text="Where to read on: from `next` or `previous`."
    )
    page_size = serializers.IntegerField(
        required=False,
        default=PAGE,
        min_value=1,
        max_value=LARGEST_PAGE,
        help_text="Rows in a page, at most 100.",
    )


@dataclass(frozen=True)
class Slice(Generic[M]):
    """One page of rows, and the cursors of the pages beside it; empty where there is none."""

    rows: list[M]
    next: str = ""
    previous: str = ""


@dataclass(frozen=True)
class Order:
    """What a list is sorted by: fields that together are unique, all in one direction."""

    fields: tuple[str, ...]
    descending: bool = True

    def sorting(self, *, backwards: bool) -> list[str]:
        """Return what to sort by."""
        sign = "-" if self.descending != backwards else ""
        return [sign + field for field in self.fields]

    def beyond(self, key: Sequence[Any], *, backwards: bool) -> Q:
        """Return the condition of rows behind *key*, or before it."""
        side = "lt" if self.descending != backwards else "gt"
        found, same = Q(), Q()
        for field, value in zip(self.fields, key, strict=True):
            found |= same & Q(**{f"{field}__{side}": value})
            same &= Q(**{field: value})
        return found

    def key(self, row: Model) -> list[str]:
        """Return where a row stands."""
        return [str(getattr(row, field)) for field in self.fields]


def encode(key: list[str], *, backwards: bool) -> str:
    """Return a cursor: a place in a list, not a secret."""
    text = json.dumps(["b" if backwards else "f", *key], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def column(model: type[Model], name: str) -> Any:
    """Return a field of *model* by its name."""
    return model._meta.get_field(name)  # noqa: SLF001  (public by its documentation)


def decode(cursor: str, order: Order, model: type[Model]) -> tuple[list[Any], bool]:
    """Return the place and the direction that *cursor* names; Invalid where it names none."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        way, *key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if way not in ("f", "b") or len(key) != len(order.fields):
            raise ValueError(way)
        values = [
            column(model, field).to_python(str(value))
            for field, value in zip(order.fields, key, strict=True)
        ]
    except (ValueError, TypeError, ValidationError, RecursionError):
        raise Invalid({"cursor": "This is not a cursor of this list."}) from None
    return values, way == "b"


def cut(rows: QuerySet[M], order: Order, *, cursor: str, size: int) -> Slice[M]:
    """Return the page of *rows* that *cursor* names, the first without one."""
    backwards = False
    if cursor:
        key, backwards = decode(cursor, order, rows.model)
        rows = rows.filter(order.beyond(key, backwards=backwards))
    found = list(rows.order_by(*order.sorting(backwards=backwards))[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Slice([])
    after = encode(order.key(found[-1]), backwards=False) if more or backwards else ""
    before = (
        encode(order.key(found[0]), backwards=True) if cursor and (more or not backwards) else ""
    )
    return Slice(found, after, before)


def paged(
    request: Request, page: Slice[M], shown: Callable[[M], dict[str, Any]], **extra: Any
) -> Response:
    """Return a page as an answer."""
    return Response(
        {
            "results": [shown(row) for row in page.rows],
            "next": link(request, page.next),
            "previous": link(request, page.previous),
            **extra,
        }
    )


def link(request: Request, cursor: str) -> str | None:
    """Return the address of the page that *cursor* names; None without one."""
    if not cursor:
        return None
    query = request.query_params.copy()
    query["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
