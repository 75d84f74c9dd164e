"""One spelling of each identifier, so that what is typed meets what was stored however either
was written.
"""

from __future__ import annotations

import unicodedata

FOREIGN = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
"""Letters that Unicode does not take apart into a letter and an accent."""

NATIONAL_DIGITS = 10
"""Digits of a North American telephone number without its country code."""


def fold(text: str) -> str:
    """Return *text* without case and accents, in one form of every letter."""
    apart = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return bare.casefold().translate(FOREIGN)


def words_of(text: str) -> list[str]:
    """Return the words of *text*, folded; an apostrophe joins, every other mark parts."""
    joined = fold(text).replace("'", "").replace("’", "")
    return "".join(letter if letter.isalnum() else " " for letter in joined).split()


def squash(text: str) -> str:
    """Return the letters and digits of *text* alone, folded to capitals."""
    return "".join(words_of(text)).upper()


def normalize_name(text: str) -> str:
    """Return a name as words in capitals, "Smith, John" as JOHN SMITH; empty if there is none."""
    surname, comma, given = text.partition(",")
    return " ".join(words_of(f"{given} {surname}" if comma else text)).upper()


def misspellings(word: str) -> list[str]:
    """Return *word* whole and with each letter left out, marked so that nothing typed equals one.

    Two words that share one differ by a letter too many, too few, wrong or out of place.
    """
    shorter = (word[:place] + word[place + 1 :] for place in range(len(word)))
    return [f"~{spelling}" for spelling in dict.fromkeys([word, *shorter])]


def normalize_number(text: str) -> str:
    """Return an agency's own number without its spaces, dashes and slashes."""
    return squash(text)


def normalize_plate(text: str) -> str:
    """Return a number plate without spaces, dots and dashes."""
    return squash(text)


def normalize_vin(text: str) -> str:
    """Return a vehicle identification number, which knows no I, O or Q (49 CFR 565.13)."""
    return squash(text).translate(str.maketrans("IOQ", "100"))


def normalize_phone(text: str) -> str:
    """Return the digits of a telephone number, a North American one without its country code."""
    digits = "".join(
        letter for letter in unicodedata.normalize("NFKC", text) if letter in "0123456789"
    )
    if len(digits) == NATIONAL_DIGITS + 1 and digits.startswith("1"):
        return digits[1:]
    return digits
