"""Telling people: the outbox becomes notifications and mail, for whoever may know of it."""

from sharing.telling.channels import choose_channels
from sharing.telling.inbox import mark_read, notifications_for
from sharing.telling.muting import mute_case, muted_cases, unmute_case
from sharing.telling.wording import Told, describe, describe_all

__all__ = [
    "Told",
    "choose_channels",
    "describe",
    "describe_all",
    "mark_read",
    "mute_case",
    "muted_cases",
    "notifications_for",
    "unmute_case",
]
