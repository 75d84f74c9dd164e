"""Nominations as the tests make them: to Alpha, by Kim, unless said."""

from __future__ import annotations

from typing import Any

from agencies.codes import Sensitivity
from agencies.models import Membership, Nomination, Person
from agencies.services import accept_nomination, nominate
from tests.agencies.cast import Cast, known

State = Nomination.State


def nominated(cast: Cast, name: str = "new", by: str = "kim", **changes: Any) -> Nomination:
    """Return a nomination of somebody by somebody, to Alpha unless said."""
    values = {"roles": ["analyst"], "ceiling": Sensitivity.SENSITIVE, **changes}
    agency = values.pop("agency", cast.alpha)
    return nominate(cast.acts(by), agency, email=f"{name}@example.org", name=name.title(), **values)


def accepted(cast: Cast, name: str = "new", **changes: Any) -> Nomination:
    """Return a nomination that a person who is known accepted."""
    return accept_nomination(nominated(cast, name, **changes), person=known(name))


def acts(person: Person, agency: Any) -> bool:
    """Return whether a person can act in an agency."""
    return Membership.objects.acting().filter(person=person, agency=agency).exists()
