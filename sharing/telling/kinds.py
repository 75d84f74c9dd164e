"""The kinds of message about sharing, and what heads the mail of each: never the outcome."""

from __future__ import annotations

MAIL = "mail.notice"
DIGEST = "mail.digest"
PRESSING_MAIL = "pressing"
"""The role of a mail about what waits for its reader or was taken back."""

HEADINGS = {
    "request.received": "1 decision waiting",
    "request.question": "1 question to answer",
    "request.answered": "1 answer to read",
    "request.approved": "1 decision made",
    "request.denied": "1 decision made",
    "request.withdrawn": "1 request closed",
    "request.lapsed": "1 request closed",
    "grant.issued": "1 release to read",
    "grant.acknowledge_needed": "1 acknowledgement waiting",
    "grant.acknowledged": "1 release acknowledged",
    "grant.narrowed": "1 access changed",
    "grant.revoked": "1 recall to read",
    "grant.expiring": "1 access ending soon",
    "grant.expired": "1 access ended",
    "record.contributed": "1 contribution to read",
    "record.recalled": "1 recall to read",
    "record.protected_waiting": "1 release waiting",
    "recall.sent": "1 recall to answer",
    "recall.answered": "1 answer to read",
    "incident.noted": "1 note to read",
}

ENDINGS = ("grant.revoked", "grant.expired", "record.recalled")
"""Kinds that go to whoever had access until then; they carry the ids of the notice alone."""

REQUEST, GRANT, STANDING = "sharerequest", "grant", "standinggrant"
RECALL, INCIDENT = "recall", "incidentnote"
"""What a message may be about beside a record."""


def register_all() -> None:
    """Have this package deliver every kind."""
    from ledger.kinds import register_message_kind
    from sharing.telling import accounts
    from sharing.telling.delivery import deliver
    from sharing.telling.digest import send_digest
    from sharing.telling.mail import send

    for kind in HEADINGS:
        register_message_kind(kind, deliver)
    register_message_kind(MAIL, send)
    register_message_kind(DIGEST, send_digest)
    accounts.register()
