"""Who may see what: the envelope of every shareable thing, what was given of it, and what was
asked.
"""

from sharing.models.access import Access
from sharing.models.briefing_copy import BriefingCopy
from sharing.models.grant import Grant
from sharing.models.hand_over import HandOver
from sharing.models.incident_note import IncidentNote
from sharing.models.notice_choice import ChannelChoice, DigestHour, Mute
from sharing.models.notification import Digest, Notification, Telling
from sharing.models.object_permission import RecordGroupPermission, RecordUserPermission
from sharing.models.phone_code import PhoneCode
from sharing.models.recall import Recall, RecallReceipt
from sharing.models.record import Record, RecordPart
from sharing.models.revision import Revision
from sharing.models.search_document import SearchDocument
from sharing.models.share_request import RequestNote, ShareRequest
from sharing.models.standing_grant import StandingGrant

__all__ = [
    "Access",
    "BriefingCopy",
    "ChannelChoice",
    "Digest",
    "DigestHour",
    "Grant",
    "HandOver",
    "IncidentNote",
    "Mute",
    "Notification",
    "PhoneCode",
    "Recall",
    "RecallReceipt",
    "Record",
    "RecordGroupPermission",
    "RecordPart",
    "RecordUserPermission",
    "RequestNote",
    "Revision",
    "SearchDocument",
    "ShareRequest",
    "StandingGrant",
    "Telling",
]
