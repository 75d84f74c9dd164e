"""Who must still say yes to a nomination, and who may."""

from __future__ import annotations

from agencies.authority import By, has_post, is_administrator, is_portal
from agencies.charge import SECONDS
from agencies.clock import database_time
from agencies.codes import Role
from agencies.models import Agency, Membership, Nomination
from agencies.posts import other_agencies_of
from agencies.refusals import NotAllowed, NotVisible

State = Nomination.State
OPEN = (State.NOMINATED, State.ACCEPTED)


def is_open(nomination: Nomination) -> bool:
    """Return whether a nomination still waits for somebody."""
    return nomination.state in OPEN and nomination.expires_at > database_time()


def takes_a_second(nomination: Nomination) -> bool:
    """Return whether somebody must validate it: not what an administrator appointed."""
    by = nomination.nominated_by
    return by is not None and not by.is_staff


def missing_consents(nomination: Nomination) -> list[Agency]:
    """Return the other agencies of the person that have not consented; asked anew at each look.

    Their own post in this agency widened is nobody else's matter, nor are outside auditors.
    """
    if nomination.widens_id is not None or nomination.from_outside:
        return []
    given = set(nomination.consents.values_list("agency", flat=True))
    others = other_agencies_of(nomination.person, nomination.agency_id)
    return [agency for agency in others if agency.pk not in given]


def has_seconds(nomination: Nomination) -> bool:
    """Return whether the agency has somebody besides nominator and nominee to validate it."""
    others = Membership.objects.acting().holding(*SECONDS).filter(agency=nomination.agency_id)
    for one in (nomination.nominated_by_id, nomination.person_id):
        others = others.exclude(person=one) if one else others
    return others.exists()


def takes_an_administrator(nomination: Nomination) -> bool:
    """Return whether only a portal administrator validates it: a coordinator's post, or nobody is
    left in the agency who could.
    """
    post = nomination.widens
    held = [*nomination.roles, *(post.roles if post else ())]
    return Role.COORDINATOR in held or not has_seconds(nomination)


def require_second(by: By, nomination: Nomination) -> None:
    """Raise unless *by* may validate: neither nominator nor nominee, whatever the hat."""
    if is_portal(by):
        return
    if by.person_id in (nomination.nominated_by_id, nomination.person_id):
        raise NotAllowed("This takes a second person.", code="second")
    if is_administrator(by):
        if not takes_an_administrator(nomination):
            raise NotAllowed("The agency's own people validate this.", code="role")
        return
    if by.agency_id != nomination.agency_id:
        raise NotVisible
    if not has_post(by, nomination.agency_id, *SECONDS):
        raise NotAllowed(
            "This takes the release authority or another coordinator of that agency.", code="role"
        )
    if takes_an_administrator(nomination):
        raise NotAllowed("A coordinator's post takes a portal administrator.", code="higher")


def require_consenter(by: By, nomination: Nomination, *, or_second: bool = False) -> list[Agency]:
    """Return the agencies that *by* may consent for; raise where there are none.

    Each agency's coordinator for it; an administrator for those that have nobody to ask.  With
    *or_second*, whoever may validate passes too.
    """
    others = other_agencies_of(nomination.person, nomination.agency_id)
    if nomination.widens_id is None and not nomination.from_outside:
        answers = [one for one in others if _answers_for(by, one)]
        if answers:
            return answers
    if not or_second:
        raise NotVisible
    require_second(by, nomination)
    return []


def _answers_for(by: By, agency: Agency) -> bool:
    if has_post(by, agency.pk, Role.COORDINATOR):
        return True
    asked = Membership.objects.acting().holding(Role.COORDINATOR).filter(agency=agency)
    return is_administrator(by) and not asked.exists()
