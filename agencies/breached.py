"""Passwords that are known from breaches, also behind a thin disguise.

The list is the one that Django carries and keeps: the 20,000 most frequent passwords of breaches
(Royce Williams' selection).  Few of them have twelve characters, so what is asked is whether a
password is one of them once its disguise is off: case, accents, blanks, digits and signs around
it, digits for letters, the same twice.  NIST SP 800-63B, CJISSECPOL 6.0 IA-5(1).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

DISGUISES = str.maketrans("013457@$!", "oieastasi")
SIGNS = re.compile(r"[\W_]")
AROUND = re.compile(r"^[^a-z]+|[^a-z]+$")
TWICE = re.compile(r"(.+?)\1+")
NOTABLE = 4
"""Letters that must be left for a match to mean something."""


class BreachedPasswordValidator(CommonPasswordValidator):
    """Refuses what the list knows, in any of its disguises."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError for a known password."""
        if any(bare in self.passwords for bare in undisguised(password)):
            raise ValidationError(
                "This password is known from breaches, or nearly is one that is.",
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return "Your password can't be one that is known from breaches."


def undisguised(password: str) -> Iterator[str]:
    """Yield what a password may be in truth."""
    folded = unicodedata.normalize("NFKD", password).casefold()
    plain = "".join(one for one in folded if not (one.isspace() or unicodedata.combining(one)))
    for spelled in (plain, SIGNS.sub("", plain)):
        for seen in (spelled, AROUND.sub("", spelled)):
            plainer = seen.translate(DISGUISES)
            for bare in (seen, plainer, AROUND.sub("", plainer)):
                if len(bare) >= NOTABLE:
                    yield bare
                    yield TWICE.sub(r"\1", bare) if TWICE.fullmatch(bare) else bare
