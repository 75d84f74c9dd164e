"""What can be done to agencies, people and agreements: one transaction each, with its history."""

from agencies.services.acceptance import accept_as_new, accept_nomination
from agencies.services.address import confirm_address, propose_address
from agencies.services.agency import list_agency, register_agency, set_agency_status
from agencies.services.agreement import (
    conclude_agreement,
    end_agreement,
    resume_agreement,
    suspend_agreement,
)
from agencies.services.applying import (
    confirm_application,
    decline_application,
    send_application,
    take_up_application,
)
from agencies.services.arrangement import confirm_arrangement, end_arrangement, record_arrangement
from agencies.services.auditor import invite_auditor
from agencies.services.board import vote_on_agency
from agencies.services.changes import close_agency, limit_agency, reinstate_agency, suspend_agency
from agencies.services.changing import change_post
from agencies.services.clearing import confirm_clearing, propose_clearing, withdraw_clearing
from agencies.services.compliance import answer_question, open_evidence, review_answer
from agencies.services.credential import (
    record_credential,
    require_credential,
    revoke_credential,
    waive_credential,
)
from agencies.services.disabling import confirm_enabling, disable_person, propose_enabling
from agencies.services.hat import take_up
from agencies.services.membership import add_membership, end_membership
from agencies.services.nomination import nominate, withdraw_nomination
from agencies.services.participation import conclude_participation
from agencies.services.party import join_agreement, leave_agreement
from agencies.services.person import admit_person
from agencies.services.pilot import (
    activate_agency,
    appoint_coordinators,
    name_contact,
    settle_particulars,
    start_pilot,
)
from agencies.services.preferences import set_preferences
from agencies.services.program import (
    draw_secret,
    hand_program_over,
    register_program,
    revoke_program,
)
from agencies.services.recertification import begin_year, open_recertification
from agencies.services.releasing_accounts import release_account
from agencies.services.review import answer_review, begin_review, close_review, take_out_review
from agencies.services.secondment import end_secondment, second
from agencies.services.session import end_other_sessions, end_session, end_sessions_of
from agencies.services.signing import sign_agreement, sign_with
from agencies.services.task_force import form_task_force
from agencies.services.token import issue_token, revoke_token
from agencies.services.validation import (
    consent_to_nomination,
    refuse_nomination,
    validate_nomination,
)
from agencies.services.vetting import (
    assign_tier,
    decline_agency,
    record_signature,
    send_agreements,
    verify_authority,
)
from agencies.services.waking import wake_person

__all__ = [
    "accept_as_new",
    "accept_nomination",
    "activate_agency",
    "add_membership",
    "admit_person",
    "answer_question",
    "answer_review",
    "appoint_coordinators",
    "assign_tier",
    "begin_review",
    "begin_year",
    "change_post",
    "close_agency",
    "close_review",
    "conclude_agreement",
    "conclude_participation",
    "confirm_address",
    "confirm_application",
    "confirm_arrangement",
    "confirm_clearing",
    "confirm_enabling",
    "consent_to_nomination",
    "decline_agency",
    "decline_application",
    "disable_person",
    "draw_secret",
    "end_agreement",
    "end_arrangement",
    "end_membership",
    "end_other_sessions",
    "end_secondment",
    "end_session",
    "end_sessions_of",
    "form_task_force",
    "hand_program_over",
    "invite_auditor",
    "issue_token",
    "join_agreement",
    "leave_agreement",
    "limit_agency",
    "list_agency",
    "name_contact",
    "nominate",
    "open_evidence",
    "open_recertification",
    "propose_address",
    "propose_clearing",
    "propose_enabling",
    "record_arrangement",
    "record_credential",
    "record_signature",
    "refuse_nomination",
    "register_agency",
    "register_program",
    "reinstate_agency",
    "release_account",
    "require_credential",
    "resume_agreement",
    "review_answer",
    "revoke_credential",
    "revoke_program",
    "revoke_token",
    "second",
    "send_agreements",
    "send_application",
    "set_agency_status",
    "set_preferences",
    "settle_particulars",
    "sign_agreement",
    "sign_with",
    "start_pilot",
    "suspend_agency",
    "suspend_agreement",
    "take_out_review",
    "take_up",
    "take_up_application",
    "validate_nomination",
    "verify_authority",
    "vote_on_agency",
    "waive_credential",
    "wake_person",
    "withdraw_clearing",
    "withdraw_nomination",
]
