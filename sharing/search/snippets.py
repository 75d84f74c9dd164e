"""The few words around a match, cut from a text that its reader may see in full."""

from __future__ import annotations

from collections.abc import Sequence

from sharing.normalize import words_of

BEFORE = 8
LENGTH = 24
LONGEST = 300
"""Characters, however long a word is."""


def snippet_of(text: str, words: Sequence[str]) -> str:
    """Return the words around the first of *words* in *text*, else its beginning; … marks a cut."""
    pieces = text.split()
    found = (place for place, piece in enumerate(pieces) if _matches(piece, words))
    start = max(next(found, 0) - BEFORE, 0)
    end = start + LENGTH
    before, after = "… " if start else "", " …" if end < len(pieces) else ""
    return f"{before}{' '.join(pieces[start:end])[:LONGEST]}{after}"


def marked(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """Return *text* in pieces, each with whether it matches one of *words*."""
    pieces: list[tuple[str, bool]] = []
    for piece in text.split():
        found = _matches(piece, words)
        if pieces and pieces[-1][1] == found:
            pieces[-1] = (f"{pieces[-1][0]} {piece}", found)
        else:
            pieces.append((piece, found))
    return pieces


def _matches(piece: str, words: Sequence[str]) -> bool:
    return any(part.startswith(word) for part in words_of(piece) for word in words)
