"""What messages there are and who delivers each; upper layers register theirs at ``ready()``."""

from __future__ import annotations

from collections.abc import Callable

from ledger.models import Message

Handler = Callable[[Message], None]

_handlers: dict[str, Handler] = {}


class UnknownMessageKind(LookupError):
    """A message of a kind that no app has registered."""


def register_message_kind(kind: str, handler: Handler) -> None:
    """Have *handler* deliver messages of *kind*, inside the transaction that marks them delivered.

    A handler that raises is tried again later; what it changed in the database is undone.
    """
    if kind in _handlers and _handlers[kind] is not handler:
        raise ValueError(f"two handlers for messages of kind {kind}")
    _handlers[kind] = handler


def handler_of(kind: str) -> Handler:
    """Return who delivers *kind*; raise UnknownMessageKind if nobody does."""
    try:
        return _handlers[kind]
    except KeyError:
        raise UnknownMessageKind(kind) from None
