"""Pages by key: a list read on from where the last page ended, whatever was added meanwhile."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.refusals import Invalid
from portal.api.parsing import keepable
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

    def place(self, row: Model) -> list[Any]:
        """Return where a row stands."""
        return [attrgetter(field.replace("__", "."))(row) for field in self.fields]

    def key(self, row: Model) -> list[str]:
        """Return where a row stands, as a cursor says it."""
        return [str(value) for value in self.place(row)]


def encode(key: list[str], *, backwards: bool) -> str:
    """Return a cursor: a place in a list, not a secret."""
    text = json.dumps(["b" if backwards else "f", *key], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def column(model: Any, path: str) -> Any:
    """Return a field of *model*, or of what it points to, by its path."""
    name, _, further = path.partition("__")
    options = model._meta  # noqa: SLF001  (public by its documentation)
    found = options.pk if name == "pk" else options.get_field(name)
    return column(found.related_model, further) if further else found


def decode(cursor: str, order: Order, model: type[Model]) -> tuple[list[Any], bool]:
    """Return the place and the direction that *cursor* names; Invalid where it names none."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        way, *key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if way not in ("f", "b") or len(key) != len(order.fields):
            raise ValueError(way)
        values = [
            place_in(column(model, field), str(value))
            for field, value in zip(order.fields, key, strict=True)
        ]
    except (ValueError, TypeError, ValidationError, RecursionError):
        raise Invalid({"cursor": "This is not a cursor of this list."}) from None
    return values, way == "b"


def place_in(field: Any, text: str) -> Any:
    """Return the value of *field* that *text* spells; ValueError where a list has no such place."""
    value = field.to_python(text)
    if not keepable(text) or (isinstance(value, datetime) and value.tzinfo is None):
        raise ValueError(text)
    return value


def cut(rows: QuerySet[M], order: Order, *, cursor: str, size: int) -> Slice[M]:
    """Return the page of *rows* that *cursor* names, the first without one."""
    return cut_together([rows], order, cursor=cursor, size=size)


def cut_together(
    lists: Sequence[QuerySet[Any]], order: Order, *, cursor: str, size: int
) -> Slice[Any]:
    """Return the page that *cursor* names of several lists read as one."""
    key, backwards = decode(cursor, order, lists[0].model) if cursor else ([], False)
    found: list[Any] = []
    for rows in lists:
        beyond = rows.filter(order.beyond(key, backwards=backwards)) if cursor else rows
        found += beyond.order_by(*order.sorting(backwards=backwards))[: size + 1]
    if len(lists) > 1:
        found.sort(key=order.place, reverse=order.descending != backwards)
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Slice([])
    further = more if not backwards else True
    earlier = bool(cursor) and (more if backwards else True)
    return Slice(
        found,
        encode(order.key(found[-1]), backwards=False) if further else "",
        encode(order.key(found[0]), backwards=True) if earlier else "",
    )


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
