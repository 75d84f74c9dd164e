"""Compliance answers: given by the applicant or the coordinator, reviewed by an administrator."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from agencies.arranged import answers_for, shown_by_another
from agencies.authority import By, has_post, is_portal, require_administrator
from agencies.clock import database_time
from agencies.codes import EXCHANGING, AgencyStatus, Role
from agencies.lines import one_of, passage
from agencies.models import Agency, ComplianceAnswer, EvidenceFile, Onboarding
from agencies.onboarding.evidence import Evidence
from agencies.onboarding.figures import EVIDENCE_FILES, RECERTIFIED_FOR
from agencies.onboarding.questions import TOPICS
from agencies.onboarding.telling import ANSWER_RETURNED, news_for
from agencies.refusals import Conflict, Invalid, NotAllowed, NotVisible
from agencies.services.changes import limit_agency
from agencies.services.step import current_onboarding, held_agency, take_step
from ledger.services import Tell, record_event

State, Says = ComplianceAnswer.State, ComplianceAnswer.Says
REVIEWS = (State.ACCEPTED, State.RETURNED, State.FAILED)


@transaction.atomic
def answer_question(
    by: By, agency: Agency, *, topic: str, says: str, text: str, evidence: Evidence | None = None
) -> ComplianceAnswer:
    """Answer one question of the round that is open, with a file that shows it if there is one.

    An answer that was accepted stands until the next round; another is reviewed anew.
    """
    _may_answer(by, agency)
    agency = held_agency(agency)
    onboarding = _open_round(agency)
    topic = one_of("topic", topic, TOPICS)
    says = _covered(agency, one_of("says", says, Says.values))
    before = onboarding.answers.filter(cycle=onboarding.cycle, topic=topic).first()
    if before is not None and before.state == State.ACCEPTED:
        raise Conflict("This answer was accepted already.", code="accepted")
    answer, _ = ComplianceAnswer.objects.update_or_create(
        onboarding=onboarding,
        cycle=onboarding.cycle,
        topic=topic,
        defaults={
            "says": says,
            "text": passage("text", text),
            "answered_by_id": by.person_id,
            "answered_at": database_time(),
            "state": State.GIVEN,
        },
    )
    record_event(by, "compliance.answered", answer, concerns=[agency.pk], topic=topic, says=says)
    if evidence is not None:
        _add(by, answer, evidence, agency)
    return answer


def _may_answer(by: By, agency: Agency) -> None:
    """Let the applicant answer, by the portal that knows their link, and a coordinator; of another
    agency too, where that shows compliance for this one by arrangement.
    """
    own = is_portal(by) or has_post(by, agency.pk, Role.COORDINATOR)
    if not own and not answers_for(by, agency.pk):
        raise NotAllowed("This takes the agency's own coordinator.", code="role")


def _open_round(agency: Agency) -> Onboarding:
    onboarding = current_onboarding(agency)
    if not onboarding.answers_are_due or agency.status == AgencyStatus.DIRECTORY:
        raise Conflict("No answers are asked for now.", code="not_due")
    return onboarding


def _covered(agency: Agency, says: str) -> str:
    """Return what was said; Invalid where another agency is said to cover it and has not agreed."""
    if says == Says.COVERED and not shown_by_another(agency.pk).exists():
        raise Invalid(
            {
                "says": "No agency has confirmed yet that it does this for you. An administrator"
                " records the arrangement, and the other agency's coordinator confirms it."
            }
        )
    return says


def _add(by: By, answer: ComplianceAnswer, evidence: Evidence, agency: Agency) -> None:
    if answer.files.count() >= EVIDENCE_FILES:
        raise Invalid({"file": f"At most {EVIDENCE_FILES} files for one answer."})
    kept = EvidenceFile(
        answer=answer,
        name=evidence.name,
        media_type=evidence.media_type,
        size=evidence.size,
        sha256=evidence.sha256,
        added_by_id=by.person_id,
    )
    kept.file.save("", evidence.content, save=False)
    kept.save(force_insert=True)
    record_event(
        by,
        "evidence.added",
        kept,
        concerns=[agency.pk],
        answer=answer.pk,
        size=kept.size,
        sha256=kept.sha256,
    )


@transaction.atomic
def open_evidence(by: By, evidence_id: UUID) -> EvidenceFile:
    """Return a file for whoever may read it, and write that they did; NotVisible for others."""
    found = EvidenceFile.objects.select_related("answer__onboarding").filter(pk=evidence_id).first()
    if found is None or not _may_read(by, found):
        raise NotVisible
    record_event(by, "evidence.opened", found, concerns=[found.agency_id])
    return found


def _may_read(by: By, evidence: EvidenceFile) -> bool:
    try:
        require_administrator(by)
    except NotAllowed:
        of = evidence.agency_id
        return has_post(by, of, Role.COORDINATOR) or answers_for(by, of)
    return True


@transaction.atomic
def review_answer(
    by: By, agency: Agency, *, topic: str, outcome: str, note: str = ""
) -> ComplianceAnswer:
    """Accept an answer, return it for more, or find that it is not met.

    The last one accepted meets the step, or recertifies the agency; at recertification what is
    not met restricts the agency to its own records at once.
    """
    require_administrator(by)
    agency = held_agency(agency)
    onboarding = _in_review(agency)
    answer = onboarding.answers.filter(cycle=onboarding.cycle, topic=topic).first()
    if answer is None:
        raise Conflict("This question has not been answered yet.", code="unanswered")
    answer.state = one_of("outcome", outcome, REVIEWS)
    answer.note = passage("note", note, may_be_empty=outcome == State.ACCEPTED)
    answer.reviewed_by_id, answer.reviewed_at = by.person_id, database_time()
    answer.save(update_fields=["state", "note", "reviewed_by", "reviewed_at"])
    again = [] if answer.state == State.ACCEPTED else _answers_again(onboarding)
    record_event(
        by,
        "compliance.reviewed",
        answer,
        concerns=[agency.pk],
        tell=again,
        topic=topic,
        result=outcome,
    )
    if answer.state == State.ACCEPTED and _all_accepted(onboarding):
        _met(by, agency, onboarding)
    elif answer.state == State.FAILED and agency.status in EXCHANGING:
        limit_agency(by, agency, reason_code="not_met")
    return answer


def _answers_again(onboarding: Onboarding) -> list[Tell]:
    """Return the message to whoever answers again: its coordinators, before them the applicant."""
    if onboarding.certified:
        return [Tell(ANSWER_RETURNED, onboarding.agency_id)]
    return news_for(onboarding.application)


def _in_review(agency: Agency) -> Onboarding:
    """Return the round under review: at its step on the way on board, or any time afterwards."""
    onboarding = _open_round(agency)
    if onboarding.certified == 0 and agency.status != AgencyStatus.COMPLIANCE:
        raise Conflict(
            "Answers are reviewed once the participation agreement is signed.", code="agency_status"
        )
    return onboarding


def _all_accepted(onboarding: Onboarding) -> bool:
    accepted = onboarding.answers.filter(cycle=onboarding.cycle, state=State.ACCEPTED)
    return accepted.count() == len(TOPICS)


def _met(by: By, agency: Agency, onboarding: Onboarding) -> None:
    onboarding.certified = onboarding.cycle
    onboarding.save(update_fields=["certified"])
    if agency.status == AgencyStatus.COMPLIANCE:
        take_step(by, agency, "meet")
        return
    onboarding.recertify_by = database_time() + RECERTIFIED_FOR
    onboarding.save(update_fields=["recertify_by"])
    record_event(
        by, "agency.recertified", agency, concerns=[agency.pk], until=onboarding.recertify_by
    )
