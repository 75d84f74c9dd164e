"""One-line texts and codes as they come in: names, contacts, short names, ORIs."""

from __future__ import annotations

import re
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from agencies.refusals import Invalid

SHORT_NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", re.IGNORECASE)
ORI = re.compile(r"[A-Z0-9]{9}")


def line(field: str, text: str, *, longest: int, may_be_empty: bool = False) -> str:
    """Return *text* with single spaces; Invalid when empty, too long, or not printable."""
    text = " ".join(text.split())
    if not text and not may_be_empty:
        raise Invalid({field: "This is needed."})
    if len(text) > longest:
        raise Invalid({field: f"At most {longest} characters."})
    if not text.isprintable():
        raise Invalid({field: "There are characters in it that cannot be shown."})
    return text


def passage(field: str, text: str, *, longest: int = 4000, may_be_empty: bool = False) -> str:
    """Return *text* of several lines without blanks around it; Invalid as for ``line``."""
    text = text.replace("\r\n", "\n").strip()
    if not text and not may_be_empty:
        raise Invalid({field: "This is needed."})
    if len(text) > longest:
        raise Invalid({field: f"At most {longest} characters."})
    if not text.replace("\n", "").replace("\t", "").isprintable():
        raise Invalid({field: "There are characters in it that cannot be shown."})
    return text


def short_name(text: str) -> str:
    """Return a short name as it is kept; Invalid unless made of letters, digits and hyphens."""
    text = line("short_name", text, longest=40)
    if not SHORT_NAME.fullmatch(text) or not text.isascii():
        raise Invalid({"short_name": "Letters, digits and hyphens only."})
    return text


def ori_number(text: str) -> str:
    """Return an ORI in capitals; Invalid unless it has nine letters and digits."""
    text = line("ori", text, longest=20).upper()
    if not ORI.fullmatch(text):
        raise Invalid({"ori": "An ORI has nine letters and digits."})
    return text


def email_address(text: str) -> str:
    """Return an e-mail address in small letters; Invalid for what is none."""
    text = line("email", text, longest=254).lower()
    try:
        validate_email(text)
    except ValidationError as error:
        raise Invalid({"email": [str(one) for one in error.messages]}) from error
    return text


def one_of(field: str, value: str, known: Collection[str]) -> str:
    """Return *value* if it is one of those known, else raise Invalid."""
    if value not in known:
        raise Invalid({field: f"“{value}” is not one of: {', '.join(sorted(known))}."})
    return value
