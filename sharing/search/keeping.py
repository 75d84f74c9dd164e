"""What somebody looked for, kept in their session under a word that means nothing.

An address that held the text would leave names, numbers and plates in logs, histories and
bookmarks; it holds the word instead, and filters.  The text goes with the session.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from secrets import token_urlsafe
from typing import Any

KEPT = "searches"
MOST = 20


def keep(session: MutableMapping[str, Any], text: str) -> str:
    """Return the word under which *session* keeps *text*, the same as long as it is kept."""
    searches: dict[str, str] = dict(session.get(KEPT, {}))
    word = next((word for word, kept in searches.items() if kept == text), token_urlsafe(6))
    searches.pop(word, None)
    searches[word] = text
    session[KEPT] = dict(list(searches.items())[-MOST:])
    return word


def kept(session: MutableMapping[str, Any], word: str) -> str | None:
    """Return the text that *session* keeps under *word*; None where it keeps none."""
    found = session.get(KEPT, {}).get(word)
    return str(found) if found is not None else None
