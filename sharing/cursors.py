"""The place in a list from which a page goes on, and the cursor as which an address carries it."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from agencies.refusals import Invalid


class Key(NamedTuple):
    """Where a row stands in a list: newest first, and by id where the clock ties."""

    touched_at: datetime
    id: UUID


def encode(key: Key, *, backwards: bool = False) -> str:
    """Return the cursor of a page behind *key*, or in front of it; opaque and without secrets."""
    plain = f"{'b' if backwards else 'a'}|{key.touched_at.isoformat()}|{key.id}"
    return urlsafe_b64encode(plain.encode()).decode()


def decode(cursor: str) -> tuple[Key | None, Key | None]:
    """Return the places *after* and *before* of a cursor, one of them None; Invalid if not ours."""
    if not cursor:
        return None, None
    try:
        way, moment, key = urlsafe_b64decode(cursor.encode()).decode().split("|")
        place = Key(datetime.fromisoformat(moment), UUID(key))
        if place.touched_at.tzinfo is None or way not in ("a", "b"):
            raise ValueError(cursor)
    except ValueError:
        raise Invalid({"cursor": "This is not a cursor of this list."}) from None
    return (place, None) if way == "a" else (None, place)
