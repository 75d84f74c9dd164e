"""What was typed into a search box, taken apart, and what a search document must meet for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sharing.normalise import (
    NATIONAL_DIGITS,
    misspellings,
    normalise_phone,
    normalise_vin,
    squash,
    words_of,
)

LONGEST_TEXT = 200
LONGEST_WORD = 100
MOST_WORDS = 12
LONGEST_RUN = 3
"""Neighbouring words that may be one identifier, as in a plate or a telephone number."""

SHORTEST_KEY = 4
SHORTEST_NAME = 3
VIN_LENGTH = 17

BY_KEY = "d.keys && %(keys)s::varchar[]"
BY_WORDS = "d.vector @@ %(words)s::tsquery"
BY_NAME = "(d.keys && %(near{0})s::varchar[] OR UPPER(d.names) %%> %(name{0})s)"


@dataclass(frozen=True)
class Terms:
    """Words that must all be there, identifiers of which one must, names that may be misspelt."""

    words: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words)

    @property
    def parameters(self) -> dict[str, Any]:
        """Return what the fragments are run with; the last word may be unfinished."""
        lexemes = " & ".join(f"'{word}'" for word in self.words)
        return {
            "words": f"{lexemes}:*" if lexemes else "",
            "keys": list(self.keys),
            **{f"name{place}": name for place, name in enumerate(self.names)},
            **{f"near{place}": list(misspellings(name)) for place, name in enumerate(self.names)},
        }

    @property
    def exactly(self) -> str:
        """Return the condition on a document ``d`` by words and identifiers."""
        return f"({BY_KEY} OR {BY_WORDS})"

    @property
    def nearly(self) -> str:
        """Return the condition on a document ``d`` that also forgives the spelling of names."""
        if not self.names:
            return self.exactly
        alike = " AND ".join(BY_NAME.format(place) for place in range(len(self.names)))
        return f"({BY_KEY} OR {BY_WORDS} OR {alike})"


def terms_of(text: str) -> Terms:
    """Return the terms of *text*; false where it holds no letter and no digit."""
    text = text[:LONGEST_TEXT]
    words = tuple(word[:LONGEST_WORD] for word in words_of(text)[:MOST_WORDS])
    return Terms(words=words, keys=tuple(_keys(text)), names=_names(words))


def _names(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words to look for among names; none where a number was typed."""
    if any(letter.isdigit() for word in words for letter in word):
        return ()
    return tuple(word.upper() for word in words if len(word) >= SHORTEST_NAME)


def _keys(text: str) -> list[str]:
    """Return every identifier that *text*, or some neighbouring words of it, may be."""
    tokens = text.replace(",", " ").split()[:MOST_WORDS]
    runs = [
        " ".join(tokens[start : start + length])
        for length in range(1, LONGEST_RUN + 1)
        for start in range(len(tokens) - length + 1)
    ]
    found = [key for run in runs for key in _readings(run) if len(key) >= SHORTEST_KEY]
    return list(dict.fromkeys(key for key in [*_readings(text), *found] if key))


def _readings(text: str) -> list[str]:
    """Return the identifiers that *text* as a whole may be."""
    plain = squash(text)
    if not any(letter.isdigit() for letter in plain):
        return [plain] if " " not in text.strip() else []
    readings = [plain]
    if len(plain) == VIN_LENGTH:
        readings.append(normalise_vin(text))
    phone = normalise_phone(text)
    if len(phone) >= NATIONAL_DIGITS - 3:
        readings.append(phone)
    return readings
