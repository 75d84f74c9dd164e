"""Under which key the tries of a name are counted, whether or not anybody has that name."""

from __future__ import annotations

import hashlib
import unicodedata

IGNORED = ("Mn", "Me", "Cf")
"""Categories of characters that change how a name is written and not whose it is: accents, marks
around a letter, and what cannot be seen."""


def folded(name: str) -> str:
    """Return *name* without case, accents, compatibility forms and surrounding spaces."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    plain = "".join(one for one in apart if unicodedata.category(one) not in IGNORED)
    return unicodedata.normalize("NFKC", plain).strip()


def key_of(name: str) -> str:
    """Return the key of a name; only its hash is kept, for people type passwords into it too."""
    return hashlib.sha256(folded(name).encode("utf-8", "surrogatepass")).hexdigest()
