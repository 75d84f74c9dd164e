"""Reasons that say nothing: counted for the auditor, never hidden."""

from __future__ import annotations

from sharing.normalize import fold

LISTED = "record.listed"
SHORTEST = 4
"""Letters and digits, beside empty words, below which nothing is said."""

EMPTY_WORDS = frozenset(
    word
    for line in (
        "a an and assigned case cases check checking crime data file for general in info",
        "information inquiry investigate investigation investigations investigative invest",
        "misc my na need no none number of official on ongoing only open other our please",
        "police public purpose purposes query reason research review routine safety search",
        "see tbd test testing the to unknown use work xxxx asdf",
    )
    for word in line.split()
)
"""Words that audits of such systems find in place of a reason."""


def says_nothing(reason: str) -> bool:
    """Return whether a reason, or the case it names, is empty, too short, or empty words alone."""
    words = "".join(letter if letter.isalnum() else " " for letter in fold(reason)).split()
    telling = sum(len(word) for word in words if word not in EMPTY_WORDS)
    return telling < SHORTEST


def is_weak(kind: str, *, for_case: str, reason: str) -> bool:
    """Return whether a reading by another agency names no case, or gives a reason, that says why.

    A list that names no case is left out: it shows many records for none of them.
    """
    if kind == LISTED and not for_case:
        return False
    return says_nothing(for_case) or (bool(reason) and says_nothing(reason))
