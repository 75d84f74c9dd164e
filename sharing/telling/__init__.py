"""Telling people: the outbox becomes notifications and mail, for whoever may know of it."""

from sharing.telling.inbox import mark_read, notifications_for
from sharing.telling.wording import Told, describe, describe_all

__all__ = ["Told", "describe", "describe_all", "mark_read", "notifications_for"]
