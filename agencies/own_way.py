"""Agencies whose people come in by the agency's own sign-in alone, as was settled with them."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from agencies.models import Agency, IdentityProvider, Onboarding

OWN, PASSWORD = "own", "password"


def vouched_alone() -> Exists:
    """Return the condition of posts under which only a session acts that their agency opened.

    It holds while the agency's sign-in may speak: before that, somebody has to set it up, and
    after it was ended nobody could come in at all.
    """
    settled = Onboarding.objects.filter(
        agency=OuterRef(OuterRef("agency")), ended_at__isnull=True, sign_in=OWN
    )
    speaking = IdentityProvider.objects.speaking().filter(agency=OuterRef("agency"))
    return Exists(speaking.filter(Exists(settled)))


def comes_in_alone(agency: Agency) -> bool | None:
    """Return whether that was settled with the agency; None where nothing ever was."""
    current = agency.onboardings.filter(ended_at__isnull=True).first()
    return None if current is None else current.sign_in == OWN
