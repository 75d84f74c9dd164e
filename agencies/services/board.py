"""The board decides on an agency: two different people, neither of them the applicant."""

from __future__ import annotations

from django.db import transaction

from agencies.actors import NOBODY
from agencies.authority import By, require_administrator
from agencies.codes import AgencyStatus
from agencies.lines import passage
from agencies.models import Agency, BoardVote, Onboarding, Person
from agencies.onboarding.telling import news_for
from agencies.refusals import Conflict, NotAllowed
from agencies.services.step import current_onboarding, held_agency, take_step
from agencies.services.vetting import give_up
from ledger.services import record_event

NEEDED = 2
"""How many must agree, either way."""


@transaction.atomic
def vote_on_agency(by: By, agency: Agency, *, admits: bool, note: str = "") -> BoardVote:
    """Say yes or no for the board; the second who says the same decides.

    Whoever voted may change their mind until then.  The applicant has no vote.
    """
    require_administrator(by)
    agency = held_agency(agency)
    if agency.status != AgencyStatus.BOARD_DECISION:
        raise Conflict("The board does not decide on this agency now.", code="agency_status")
    onboarding = current_onboarding(agency)
    voter = _voter(by, onboarding)
    vote, _ = BoardVote.objects.update_or_create(
        onboarding=onboarding,
        person=voter,
        defaults={"admits": admits, "note": passage("note", note, may_be_empty=True)},
    )
    record_event(by, "board.voted", agency, concerns=[agency.pk], admits=admits)
    alike = onboarding.votes.filter(admits=admits).count()
    if alike >= NEEDED:
        _decide(by, agency, admits=admits)
    return vote


def _decide(by: By, agency: Agency, *, admits: bool) -> None:
    if admits:
        application = current_onboarding(agency).application
        take_step(by, agency, "admit", tell=news_for(application))
    else:
        give_up(by, agency, reason_code="not_met")


def _voter(by: By, onboarding: Onboarding) -> Person:
    """Return the person who votes; NotAllowed for a command, and for the applicant."""
    voter = Person.objects.filter(pk=by.person_id or NOBODY).first()
    if voter is None:
        raise NotAllowed("People decide on an agency, no command does.", code="person")
    application = onboarding.application
    if application is not None and application.email == voter.email.lower():
        raise NotAllowed("Nobody decides on their own application.", code="self")
    return voter
