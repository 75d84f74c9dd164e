"""What an act on an agency's page is, and the same as it is offered now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from agencies.codes import AgencyStatus
from agencies.onboarding.forms import ActForm


@dataclass(frozen=True)
class Act:
    """One thing done: from which statuses, by which form and service, and what is said after."""

    name: str
    button: str
    said: str
    service: Callable[..., object]
    form: type[ActForm]
    statuses: tuple[AgencyStatus, ...]
    ends: str = ""
    """What ends at once, before the button of an act that restricts."""
    heading: str = ""
    """What stands over a step that is taken by one form."""


@dataclass(frozen=True)
class Offered:
    """An act that can be done now, with its form: new, or as it was sent."""

    act: Act
    form: ActForm
