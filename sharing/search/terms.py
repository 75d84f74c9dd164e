"""What was typed into a search box, taken apart, and what a search document must meet for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from sharing.normalize import (
    NATIONAL_DIGITS,
    misspellings,
    normalize_phone,
    normalize_vin,
    squash,
    words_of,
)

LONGEST_TEXT = 200
LONGEST_WORD = 100
MOST_WORDS = 12
LONGEST_RUN = 3
"""Neighboring words that may be one identifier, as in a plate or a telephone number."""

SHORTEST_KEY = 4
SHORTEST_NAME = 3
VIN_LENGTH = 17
LONGEST_PLATE = 8
SAYS_PLATE = {"plate", "plates", "tag", "tags", "licence", "license", "registration"}
"""Words by which a searcher says that a plate is meant, which may then be misread."""

MISREAD = {"0": "0O", "O": "O0", "1": "1I", "I": "I1"}
MOST_READINGS = 64
DAY_FIRST_YEAR = re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})\b")
DAY_LAST_YEAR = re.compile(r"\b(?P<month>\d{1,2})[/.-](?P<day>\d{1,2})[/.-](?P<year>\d{4})\b")
"""A day as ISO 8601 and as it is written in the United States."""

BY_KEY = "d.keys && %(keys)s::varchar[]"
BY_WORDS = "d.vector @@ %(words)s::tsquery"
BY_DATE = "d.vector @@ %(dates)s::tsquery"
BY_NAME = "(d.keys && %(near{0})s::varchar[] OR UPPER(d.names) %%> %(name{0})s)"
BY_WHOLE_NAME = (
    "(cardinality(%(called)s::text[]) > 0 AND d.names <> ''"
    " AND ' ' || replace(d.names, chr(10), ' ') || ' ' LIKE ALL (%(called)s::text[]))"
)


@dataclass(frozen=True)
class Terms:
    """Words that must all be there, identifiers of which one must, names that may be misspelled.

    ``keys`` are the identifiers, each with what was typed for it; ``dates`` the words of days,
    which a misspelled name must have beside it.
    """

    words: tuple[str, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words)

    @property
    def parameters(self) -> dict[str, Any]:
        """Return what the fragments are run with; the last word may be unfinished."""
        lexemes = " & ".join(f"'{word}'" for word in self.words)
        return {
            "words": f"{lexemes}:*" if lexemes else "",
            "dates": " & ".join(f"'{word}'" for word in self.dates),
            "keys": list(self.keys),
            "said": list(self.words),
            "called": self._called,
            **{f"name{place}": name for place, name in enumerate(self.names)},
            **{f"near{place}": list(misspellings(name)) for place, name in enumerate(self.names)},
        }

    @property
    def _called(self) -> list[str]:
        """Return the patterns of words that must all be in a name, the last perhaps unfinished."""
        spoken = [word.upper() for word in self.words if word not in self.dates]
        if not self.names:
            return []
        return [f"% {word} %" for word in spoken[:-1]] + [f"% {spoken[-1]}%"]

    @property
    def exactly(self) -> str:
        """Return the condition on a document ``d`` by words and identifiers."""
        return f"({BY_KEY} OR {BY_WORDS})"

    @property
    def nearly(self) -> str:
        """Return the condition on a document ``d`` that also forgives the spelling of names."""
        if not self.names:
            return self.exactly
        alike = [BY_NAME.format(place) for place in range(len(self.names))]
        born = [BY_DATE] if self.dates else []
        return f"({BY_KEY} OR {BY_WORDS} OR {' AND '.join([*alike, *born])})"


def terms_of(text: str) -> Terms:
    """Return the terms of *text*; false where it holds no letter and no digit."""
    plain, dates = _days(text[:LONGEST_TEXT])
    words = tuple(word[:LONGEST_WORD] for word in words_of(plain)[:MOST_WORDS])
    kept = tuple(word for word in dates if word in words)
    return Terms(words=words, keys=_keys(plain), names=_names(words, kept), dates=kept)


def _days(text: str) -> tuple[str, tuple[str, ...]]:
    """Return *text* with its days as records keep them, and the words of these days."""
    found: list[str] = []

    def iso(day: re.Match[str]) -> str:
        parts = (day["year"], f"{int(day['month']):02}", f"{int(day['day']):02}")
        found.extend(parts)
        return "-".join(parts)

    return DAY_LAST_YEAR.sub(iso, DAY_FIRST_YEAR.sub(iso, text)), tuple(dict.fromkeys(found))


def _names(words: tuple[str, ...], dates: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words to look for among names; none where a number was typed that is no day."""
    spoken = [word for word in words if word not in dates]
    if any(letter.isdigit() for word in spoken for letter in word):
        return ()
    return tuple(word.upper() for word in spoken if len(word) >= SHORTEST_NAME)


def _keys(text: str) -> dict[str, str]:
    """Return every identifier that *text*, or some neighboring words of it, may be, as typed."""
    tokens = text.replace(",", " ").split()[:MOST_WORDS]
    runs = [
        " ".join(tokens[start : start + length])
        for length in range(1, LONGEST_RUN + 1)
        for start in range(len(tokens) - length + 1)
    ]
    is_plate = not SAYS_PLATE.isdisjoint(words_of(text))
    found = {key: text.strip() for key in _readings(text) if key}
    for run in runs:
        misread = _misreadings(squash(run)) if is_plate else ()
        for key in (*_readings(run), *misread):
            if len(key) >= SHORTEST_KEY:
                found.setdefault(key, run)
    return found


def _readings(text: str) -> list[str]:
    """Return the identifiers that *text* as a whole may be."""
    plain = squash(text)
    if not any(letter.isdigit() for letter in plain):
        return [plain] if " " not in text.strip() else []
    readings = [plain]
    if len(plain) == VIN_LENGTH:
        readings.append(normalize_vin(text))
    phone = normalize_phone(text)
    if len(phone) >= NATIONAL_DIGITS - 3:
        readings.append(phone)
    return readings


def _misreadings(plate: str) -> Iterator[str]:
    """Yield a plate with every 0 that may be an O, every 1 that may be an I, and so on."""
    if not SHORTEST_KEY <= len(plate) <= LONGEST_PLATE:
        return
    ways = [MISREAD.get(letter, letter) for letter in plate]
    for count, letters in enumerate(product(*ways)):
        if count == MOST_READINGS:
            return
        yield "".join(letters)
