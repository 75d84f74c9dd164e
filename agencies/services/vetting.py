"""The first steps on board: authority verified, tier assigned, agreements sent and signed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from agencies.authority import By, require_administrator
from agencies.clock import database_time
from agencies.codes import AgencyStatus, Tier
from agencies.codetable import is_code
from agencies.lines import line, one_of, passage
from agencies.models import (
    Agency,
    Agreement,
    Application,
    AuthorityCheck,
    Onboarding,
    Party,
    Signature,
    StandingChange,
    TierAssignment,
)
from agencies.onboarding.telling import news_for
from agencies.refusals import Conflict, Invalid
from agencies.services.participation import conclude_participation
from agencies.services.signing import open_to, signed_by
from agencies.services.step import current_onboarding, held_agency, take_step
from agencies.standing import UNDECIDED
from ledger.services import record_event


@transaction.atomic
def verify_authority(
    by: By, agency: Agency, *, means: str, reached_at: str, spoke_to: str, note: str = ""
) -> AuthorityCheck:
    """Record that the agency's head, reached by other means than the application gave, confirmed
    that it applies and that the applicant speaks for it.
    """
    require_administrator(by)
    agency = held_agency(agency)
    onboarding = current_onboarding(agency)
    check = AuthorityCheck.objects.create(
        onboarding=onboarding,
        means=one_of("means", means, AuthorityCheck.Means.values),
        reached_at=_elsewhere(onboarding.application, reached_at),
        spoke_to=line("spoke_to", spoke_to, longest=120),
        note=passage("note", note, may_be_empty=True),
        checked_by_id=by.person_id,
    )
    take_step(by, agency, "verify", means=check.means, check=check.pk)
    return check


def _elsewhere(application: Application | None, reached_at: str) -> str:
    """Return where the agency was reached; Invalid if that is what the applicant gave."""
    reached_at = line("reached_at", reached_at, longest=120)
    given = (application.phone, application.email) if application else ()
    if _bare(reached_at) in {_bare(one) for one in given}:
        raise Invalid(
            {
                "reached_at": "That is from the application. Look up a number or address that the"
                " agency publishes, and use that."
            }
        )
    return reached_at


def _bare(contact: str) -> str:
    return "".join(sign for sign in contact.lower() if sign.isalnum()).lstrip("1")


@transaction.atomic
def assign_tier(by: By, agency: Agency, *, tier: str, reason: str) -> TierAssignment:
    """Give an agency its tier, as a step on its way on board or, later, as a change.

    A lower tier holds at the next statement: what lies outside it is neither given nor received.
    """
    require_administrator(by)
    agency = held_agency(agency)
    if agency.status in (AgencyStatus.DIRECTORY, AgencyStatus.CLOSED):
        raise Conflict(f"{agency.name} is not on board.", code="agency_status")
    assigned = TierAssignment.objects.create(
        agency=agency,
        was=agency.tier,
        tier=one_of("tier", tier, Tier.values),
        reason=passage("reason", reason),
        assigned_by_id=by.person_id,
    )
    agency.tier = assigned.tier
    agency.save(update_fields=["tier"])
    if agency.status == AgencyStatus.VERIFIED:
        take_step(by, agency, "assign_tier", tier=assigned.tier, tier_was=assigned.was)
    else:
        _changed(by, agency, assigned)
    return assigned


def _changed(by: By, agency: Agency, assigned: TierAssignment) -> None:
    agency.version += 1
    agency.save(update_fields=["version"])
    record_event(
        by,
        "agency.tier_changed",
        agency,
        concerns=[agency.pk],
        was=assigned.was,
        now=assigned.tier,
    )


@transaction.atomic
def send_agreements(by: By, agency: Agency, *, others: Iterable[Agreement] = ()) -> Agency:
    """Record that the participation agreement went to the agency to be signed, and which *others*
    of those that it could sign went with it.
    """
    require_administrator(by)
    agency = held_agency(agency)
    wanted = {one.pk for one in others}
    sent = [one.pk for one in open_to(agency) if one.pk in wanted]
    if len(sent) < len(wanted):
        raise Invalid({"others": "Choose among those that it could sign."})
    take_step(by, agency, "send_agreements", others=[str(one) for one in sent])
    return agency


@transaction.atomic
def record_signature(
    by: By, agency: Agency, *, signer: str, title: str, signed_on: date
) -> Signature:
    """Record who signed the participation agreement, and make the agency a party to it.

    It binds nobody yet: an agency gives and receives from its pilot on.
    """
    require_administrator(by)
    agency = held_agency(agency)
    take_step(by, agency, "sign")
    agreement = conclude_participation(by, agencies=[agency])
    return signed_by(by, agency, agreement, signer=signer, title=title, signed_on=signed_on)


@transaction.atomic
def decline_agency(by: By, agency: Agency, *, reason_code: str, text: str = "") -> Agency:
    """End an agency's way on board before the board decides; it may apply again."""
    require_administrator(by)
    if not is_code("decline_reasons", reason_code):
        raise Invalid({"reason_code": "Choose a reason."})
    agency = held_agency(agency)
    if agency.status not in UNDECIDED:
        raise Conflict("The board decides now, or has decided.", code="agency_status")
    give_up(by, agency, reason_code=reason_code, text=passage("text", text, may_be_empty=True))
    return agency


def give_up(by: By, agency: Agency, *, reason_code: str, text: str = "") -> None:
    """Put a held agency back into the directory: its way has ended, and what it signed with it."""
    now, was = database_time(), agency.status
    onboarding = current_onboarding(agency)
    Onboarding.objects.filter(pk=onboarding.pk).update(ended_at=now)
    Application.objects.filter(onboarding=onboarding).update(
        state=Application.State.DECLINED, reason_code=reason_code
    )
    Party.objects.filter(agency=agency, left_at__isnull=True).update(left_at=now)
    take_step(by, agency, "decline", reason=reason_code, tell=news_for(onboarding.application))
    StandingChange.objects.create(
        agency=agency,
        event="decline",
        was=was,
        now=agency.status,
        reason_code=reason_code,
        text=text,
        made_by_id=by.person_id,
    )
