"""The main job: ask, offer, decide, acknowledge, narrow, revoke.  Each service is one
transaction.
"""

from sharing.services.acknowledging import acknowledge_grant
from sharing.services.approving import approve_request
from sharing.services.asking import ask_by_number, ask_for_record
from sharing.services.calling import announce_call, identify_caller
from sharing.services.conversing import (
    answer_question,
    ask_question,
    attach_record,
    withdraw_request,
)
from sharing.services.denying import deny_request
from sharing.services.handing_over import log_hand_over
from sharing.services.narrowing import narrow_grant
from sharing.services.noting import write_incident_note
from sharing.services.offering import offer_record, offer_standing
from sharing.services.recalling import answer_recall, send_recall
from sharing.services.releasing import release_item
from sharing.services.renewing import renew_grant
from sharing.services.revoking import revoke_grant
from sharing.services.together import approve_together
from sharing.services.undoing import undo_approval

__all__ = [
    "acknowledge_grant",
    "announce_call",
    "answer_question",
    "answer_recall",
    "approve_request",
    "approve_together",
    "ask_by_number",
    "ask_for_record",
    "ask_question",
    "attach_record",
    "deny_request",
    "identify_caller",
    "log_hand_over",
    "narrow_grant",
    "offer_record",
    "offer_standing",
    "release_item",
    "renew_grant",
    "revoke_grant",
    "send_recall",
    "undo_approval",
    "withdraw_request",
    "write_incident_note",
]
