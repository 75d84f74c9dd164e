"""What can be done to agencies, people and agreements: one transaction each, with its history."""

from agencies.services.address import confirm_address, propose_address
from agencies.services.agency import list_agency, register_agency, set_agency_status
from agencies.services.agreement import (
    conclude_agreement,
    end_agreement,
    resume_agreement,
    suspend_agreement,
)
from agencies.services.auditor import invite_auditor
from agencies.services.changing import change_post
from agencies.services.credential import (
    record_credential,
    require_credential,
    revoke_credential,
    waive_credential,
)
from agencies.services.hat import take_up
from agencies.services.membership import add_membership, end_membership
from agencies.services.nomination import (
    accept_as_new,
    accept_nomination,
    consent_to_nomination,
    nominate,
    refuse_nomination,
    validate_nomination,
    withdraw_nomination,
)
from agencies.services.participation import conclude_participation
from agencies.services.party import join_agreement, leave_agreement
from agencies.services.person import admit_person, disable_person
from agencies.services.preferences import set_preferences
from agencies.services.program import (
    draw_secret,
    hand_program_over,
    register_program,
    revoke_program,
)
from agencies.services.review import answer_review, begin_review, close_review, take_out_review
from agencies.services.secondment import end_secondment, second
from agencies.services.task_force import form_task_force
from agencies.services.token import issue_token, revoke_token
from agencies.services.waking import wake_person

__all__ = [
    "accept_as_new",
    "accept_nomination",
    "add_membership",
    "admit_person",
    "answer_review",
    "begin_review",
    "change_post",
    "close_review",
    "conclude_agreement",
    "conclude_participation",
    "confirm_address",
    "consent_to_nomination",
    "disable_person",
    "draw_secret",
    "end_agreement",
    "end_membership",
    "end_secondment",
    "form_task_force",
    "hand_program_over",
    "invite_auditor",
    "issue_token",
    "join_agreement",
    "leave_agreement",
    "list_agency",
    "nominate",
    "propose_address",
    "record_credential",
    "refuse_nomination",
    "register_agency",
    "register_program",
    "require_credential",
    "resume_agreement",
    "revoke_credential",
    "revoke_program",
    "revoke_token",
    "second",
    "set_agency_status",
    "set_preferences",
    "suspend_agreement",
    "take_out_review",
    "take_up",
    "validate_nomination",
    "waive_credential",
    "wake_person",
    "withdraw_nomination",
]
