"""What an arrangement lets one agency's people do in another: posts of some roles, and answers.

The agency that is helped nominates, the person accepts, their own agency consents, a second
validates: an arrangement takes away none of these.  It bounds what such a post may do and when it
ends, which the view of who acts derives at each statement.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from agencies.authority import By, has_post
from agencies.codes import OPERATING, AgencyStatus, Role
from agencies.models import Arrangement, Membership, Person
from agencies.posts import unended
from agencies.refusals import Conflict, Invalid

Duty = Arrangement.Duty
COVERS: dict[Duty, tuple[Role, ...]] = {
    Duty.RELEASE: (Role.SUPERVISOR, Role.LIAISON),
    Duty.ENTRY: (Role.ANALYST,),
    Duty.COMPLIANCE: (),
}
"""The roles that posts under an arrangement may have, by what it covers.  Evidence takes no post:
a coordinator gives it from their own agency.
"""

HELPED_NO_MORE = (AgencyStatus.DIRECTORY, AgencyStatus.SUSPENDED, AgencyStatus.CLOSED)


def in_effect() -> QuerySet[Arrangement]:
    """Return the arrangements that hold at this statement: confirmed, not ended, neither agency
    suspended.
    """
    return Arrangement.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=Now()),
        confirmed_at__lte=Now(),
        provider__status__in=OPERATING,
    ).exclude(agency__status__in=HELPED_NO_MORE)


def roles_covered(arrangement: Arrangement) -> list[Role]:
    """Return the roles that a post under it may have."""
    return [role for duty in Duty if duty in arrangement.duties for role in COVERS[duty]]


def covers_posts(agency: UUID) -> list[Arrangement]:
    """Return the arrangements under which *agency* may give posts now, by the other's name."""
    found = in_effect().filter(agency=agency).select_related("provider")
    return [one for one in found.order_by("provider__name") if roles_covered(one)]


def answers_for(by: By, agency: UUID) -> bool:
    """Return whether *by* coordinates an agency that shows compliance for *agency*, now."""
    if by.agency_id is None or not has_post(by, by.agency_id, Role.COORDINATOR):
        return False
    return shown_by_another(agency).filter(provider=by.agency_id).exists()


def shown_by_another(agency: UUID) -> QuerySet[Arrangement]:
    """Return the arrangements under which another agency shows compliance for *agency* now."""
    return in_effect().filter(agency=agency, duties__contains=[Duty.COMPLIANCE])


def require_arranged(
    arrangement: Arrangement, agency: UUID, person: Person | None, roles: Iterable[str]
) -> None:
    """Raise unless a post of these roles may be given to *person* under it at this statement."""
    found = in_effect().filter(pk=arrangement.pk, agency=agency).select_related("provider").first()
    if found is None:
        raise Conflict("This arrangement is not in effect.", code="arrangement")
    require_covered(found, roles)
    theirs = Membership.objects.filter(unended(), agency=found.provider_id, person=person)
    if person is None or not theirs.people().exists():
        raise Invalid({"email": f"Nobody with a post at {found.provider.name} has this address."})


def require_covered(arrangement: Arrangement, roles: Iterable[str]) -> None:
    """Raise Invalid for a role that the arrangement does not cover."""
    covered = roles_covered(arrangement)
    if not set(roles) <= set(covered):
        names = " or ".join(role.label.lower() for role in covered) or "no post"
        raise Invalid({"roles": f"The arrangement covers {names}, and nothing else."})
