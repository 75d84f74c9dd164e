"""Bodies: JSON that means one thing, small enough to read and safe to keep."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import IO, Any, NoReturn

from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from agencies.refusals import Invalid, Refusal

BODY_LIMIT = 1024 * 1024
"""Bytes in a body; the longest text of a case is a hundredth of it."""

DEPTH_LIMIT = 20
LARGEST_NUMBER = 2**53
"""Beyond this, programs that read JSON numbers as floats see another number than was sent."""


class TooLarge(Refusal):
    """The body is larger than anything the portal keeps; 413."""

    status = 413

    def __init__(self) -> None:
        super().__init__(f"A body may have {BODY_LIMIT // 1024} KiB at most.")


def whole_number(digits: str) -> int:
    """Return the number that *digits* spell; ValueError beyond what every reader keeps exactly."""
    if len(digits) > 17 or abs(int(digits)) > LARGEST_NUMBER:
        raise ValueError("a number is too large")
    return int(digits)


def real_number(digits: str) -> float:
    """Return the number that *digits* spell; ValueError where it is infinite."""
    value = float(digits)
    if not isfinite(value):
        raise ValueError("a number is too large")
    return value


def no_number(name: str) -> NoReturn:
    """Refuse NaN and the infinities, which are not JSON."""
    raise ValueError(f"{name} is not JSON")


def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object of *pairs*; ValueError where a name is given twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice in one object")
    return found


def flaws(value: Any, field: str = "body", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield (field, error) for what cannot be kept: deep nesting, NUL, lone surrogates."""
    waiting = [(value, field, depth)]
    while waiting:
        one, name, level = waiting.pop()
        if level > DEPTH_LIMIT:
            yield name, "This is nested too deeply."
        elif isinstance(one, Mapping):
            waiting += [(key, name, level + 1) for key in one]
            waiting += [
                (inner, key if level == 0 and key.isidentifier() else name, level + 1)
                for key, inner in one.items()
            ]
        elif isinstance(one, list):
            waiting += [(inner, name, level + 1) for inner in one]
        elif isinstance(one, str) and not keepable(one):
            yield name, "This holds a character that cannot be kept."


def keepable(text: str) -> bool:
    """Return whether *text* is Unicode that a database can hold."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


class StrictJSONParser(BaseParser):
    """Reads one JSON object in UTF-8; whatever else comes is Invalid or TooLarge."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any] | Request,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Return the object in *stream*."""
        body = stream.read(BODY_LIMIT + 1)
        if len(body) > BODY_LIMIT:
            raise TooLarge
        found = dict(flaws(parsed := read_object(body)))
        if found:
            raise Invalid(found)
        return parsed


def read_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object that *body* spells; Invalid where it does not."""
    try:
        value = json.loads(
            body.decode("utf-8"),
            parse_int=whole_number,
            parse_float=real_number,
            parse_constant=no_number,
            object_pairs_hook=each_once,
        )
    except RecursionError:
        raise Invalid({"body": "This is nested too deeply."}) from None
    except ValueError as error:
        reason = "is not UTF-8" if isinstance(error, UnicodeError) else f"is not JSON: {error}"
        raise Invalid({"body": f"The body {reason}."}) from None
    if not isinstance(value, dict):
        raise Invalid({"body": "The body must be one JSON object."})
    return value
