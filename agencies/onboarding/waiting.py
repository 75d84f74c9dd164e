"""What waits for whom: applications to take up, agencies on their way, yearly answers."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from agencies.clock import database_time
from agencies.codes import OPERATING, AgencyStatus
from agencies.models import Agency, Application, ComplianceAnswer, Onboarding
from agencies.onboarding.checklist import PLANS
from agencies.onboarding.figures import RECERTIFY_AHEAD
from agencies.standing import WAY

PAGE = 50
STILL_ON_THE_WAY = WAY[: WAY.index(AgencyStatus.ACTIVE)]


@dataclass(frozen=True)
class Waiting:
    """One agency on its way: what comes next and for whom it waits."""

    agency: Agency
    title: str
    who: str


@dataclass(frozen=True)
class WaitingPage:
    """One page of agencies on their way, and the agency behind which the next one starts."""

    rows: list[Waiting]
    next: UUID | None


def applications_waiting() -> QuerySet[Application]:
    """Return the verified applications that nobody has taken up, the oldest first."""
    found = Application.objects.filter(state=Application.State.CONFIRMED)
    return found.order_by("confirmed_at", "pk")


def on_their_way(*, after: UUID | None = None) -> WaitingPage:
    """Return the agencies that are coming on board, by name."""
    given, returned = (
        Count(
            "onboardings__answers",
            filter=Q(
                onboardings__ended_at__isnull=True,
                onboardings__answers__cycle=F("onboardings__cycle"),
                onboardings__answers__state=state,
            ),
        )
        for state in (ComplianceAnswer.State.GIVEN, ComplianceAnswer.State.RETURNED)
    )
    found = Agency.objects.filter(status__in=(AgencyStatus.ENQUIRY, *STILL_ON_THE_WAY))
    last = Agency.objects.filter(pk=after).first() if after else None
    if last is not None:
        found = found.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))
    rows = list(found.annotate(given=given, returned=returned).order_by("name", "pk")[: PAGE + 1])
    more = len(rows) > PAGE
    return WaitingPage([_waiting(row) for row in rows[:PAGE]], rows[PAGE - 1].pk if more else None)


def _waiting(agency: Agency) -> Waiting:
    place = WAY.index(AgencyStatus(agency.status)) + 1 if agency.status in WAY else 0
    plan = PLANS[place]
    if agency.status == AgencyStatus.COMPLIANCE:
        given = getattr(agency, "given", 0)
        who = "A portal administrator: review the answers" if given else "The agency: answer"
        return Waiting(agency, plan.title, who)
    return Waiting(agency, plan.title, plan.who)


def to_recertify() -> QuerySet[Onboarding]:
    """Return whose yearly answers are near, due or being reviewed, the most pressing first."""
    near = database_time() + RECERTIFY_AHEAD
    found = Onboarding.objects.filter(
        Q(recertify_by__lte=near) | Q(certified__lt=F("cycle")),
        ended_at__isnull=True,
        recertify_by__isnull=False,
        agency__status__in=OPERATING,
    )
    return found.select_related("agency").order_by("recertify_by", "pk")
