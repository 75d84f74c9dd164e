"""What a case is when nobody says: derived from its type and class, so that a form asks little."""

from __future__ import annotations

from agencies.codes import Sensitivity
from agencies.codetable import coded
from agencies.refusals import Invalid
from cases.models import Case
from sharing.models import Record

CLOSELY_HELD = ("criminal_intelligence", "gang")
"""Categories that nobody finds unless the owner says so (28 CFR 23)."""

HANDLING = ("LES",)
"""Law enforcement sensitive is the mark of every page unless the owner gives others."""


def default_category(*, type: str, grouping: str) -> str:  # noqa: A002  (the field's own word)
    """Return the data category of a case: its type's own where it has one, else its class's."""
    own = coded("case_types", type).get("category")
    return str(own or coded("case_classes", grouping)["category"])


def default_findability(*, type: str, grouping: str, category: str) -> str:  # noqa: A002
    """Return what others learn of a case that they may not read."""
    if category in CLOSELY_HELD or grouping == Case.Class.INTELLIGENCE:
        return Record.Findability.SILENT
    return str(coded("case_types", type)["findability"])


NARROWING = (
    Record.Findability.LISTED,
    Record.Findability.CONTACT_ONLY,
    Record.Findability.SILENT,
)
WIDEST = {
    "someone": Record.Findability.CONTACT_ONLY,
    "source": Record.Findability.SILENT,
}
"""How widely a case can be found by default when somebody protected, or a source, is in it."""


def findability_with(protected: str, usual: str) -> str:
    """Return what others learn of a case by default, given who in it is to be protected."""
    return max(usual, WIDEST.get(protected, usual), key=[str(one) for one in NARROWING].index)


def sensitivity_within(wish: int | str | None, ceiling: int) -> Sensitivity:
    """Return the sensitivity *wish* names, or the default within *ceiling*.

    Raises Invalid for one that is not known or that the person could not read afterwards.
    """
    if wish is None:
        return Sensitivity(min(Sensitivity.SENSITIVE, ceiling))
    try:
        found = Sensitivity[wish.upper()] if isinstance(wish, str) else Sensitivity(wish)
    except (KeyError, ValueError, TypeError):
        known = ", ".join(one.code for one in Sensitivity)
        raise Invalid({"sensitivity": f"Give one of {known}."}) from None
    if found > ceiling:
        raise Invalid({"sensitivity": "This is above your own ceiling: you could not read it."})
    return found
