"""What can be done to agencies, people and agreements: one transaction each, with its history."""

from agencies.services.agency import list_agency, register_agency, set_agency_status
from agencies.services.agreement import (
    conclude_agreement,
    end_agreement,
    resume_agreement,
    suspend_agreement,
)
from agencies.services.hat import take_up
from agencies.services.membership import add_membership, end_membership
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
from agencies.services.secondment import end_secondment, second
from agencies.services.task_force import form_task_force
from agencies.services.token import issue_token, revoke_token

__all__ = [
    "add_membership",
    "admit_person",
    "conclude_agreement",
    "conclude_participation",
    "disable_person",
    "draw_secret",
    "end_agreement",
    "end_membership",
    "end_secondment",
    "form_task_force",
    "hand_program_over",
    "issue_token",
    "join_agreement",
    "leave_agreement",
    "list_agency",
    "register_agency",
    "register_program",
    "resume_agreement",
    "revoke_program",
    "revoke_token",
    "second",
    "set_agency_status",
    "set_preferences",
    "suspend_agreement",
    "take_up",
]
