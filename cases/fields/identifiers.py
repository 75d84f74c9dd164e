"""Numbers that identify vehicles and telephones, written one way so that equal things are equal."""

from __future__ import annotations

import re

import phonenumbers

from cases.wording import one_line

VIN_VALUES = dict(
    zip(
        "0123456789ABCDEFGHJKLMNPRSTUVWXYZ",
        [*range(10), *range(1, 9), *range(1, 6), 7, 9, *range(2, 10)],
        strict=True,
    )
)
VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
HOME = "US"
"""Where a telephone number without a country is taken to be."""


def vin(value: object) -> str:
    """Return a vehicle's number in capitals without blanks; before 1981 it may be short."""
    text = re.sub(r"[\s-]", "", one_line(value)).upper()
    if text and not re.fullmatch(r"[0-9A-Z]{5,17}", text):
        raise ValueError("A VIN has 17 letters and digits, 5 to 17 before 1981.")
    return text


def vin_is_doubtful(text: str) -> bool:
    """Return whether a 17-character VIN fails its check digit (49 CFR 565.15)."""
    if len(text) != len(VIN_WEIGHTS):
        return False
    if not set(text) <= set(VIN_VALUES):
        return True
    total = sum(VIN_VALUES[c] * weight for c, weight in zip(text, VIN_WEIGHTS, strict=True))
    return text[8] != "0123456789X"[total % 11]


def plate(value: object) -> str:
    """Return a plate in capitals without blanks; ``*`` and ``?`` stand for what was not seen."""
    text = re.sub(r"[\s\-.·]", "", one_line(value, longest=20)).upper()
    if text and not re.fullmatch(r"[\w*?]{1,12}", text):
        raise ValueError("A plate has letters and digits, with * for what was not seen.")
    return text


def region(value: object) -> str:
    """Return a state, province or country code in capitals."""
    text = one_line(value, longest=20).upper()
    if text and not re.fullmatch(r"[A-Z]{2,3}", text):
        raise ValueError("Give the two-letter code of the state.")
    return text


def serial(value: object) -> str:
    """Return a serial or owner-applied number in capitals with single blanks."""
    return one_line(value, longest=80).upper()


def phone(value: object) -> str:
    """Return a telephone number in E.164 where it can be one, else as it was written."""
    text = one_line(value, longest=40)
    if not text:
        return ""
    if sum(character.isdigit() for character in text) < 3:
        raise ValueError("This is not a telephone number.")
    try:
        parsed = phonenumbers.parse(text, HOME)
    except phonenumbers.NumberParseException:
        return text
    if not phonenumbers.is_possible_number(parsed):
        return text
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
