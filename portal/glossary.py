"""What the words on screen mean, one sentence or two each."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

WORDS = Path(__file__).with_name("glossary.json")


class NoSuchTerm(LookupError):
    """A page explains a word that the glossary does not hold."""


@cache
def glossary() -> dict[str, str]:
    """Return every term with what it means, in alphabetical order."""
    entries = json.loads(WORDS.read_text(encoding="utf-8"))
    return {entry["term"]: entry["means"] for entry in entries}


@cache
def _by_lower_case() -> dict[str, str]:
    return {term.lower(): means for term, means in glossary().items()}


def meaning(term: str) -> str:
    """Return what a term means, whatever its case; NoSuchTerm where it is unknown."""
    try:
        return _by_lower_case()[term.lower()]
    except KeyError:
        raise NoSuchTerm(term) from None


def is_term(term: str) -> bool:
    """Return whether the glossary holds a term."""
    return term.lower() in _by_lower_case()
