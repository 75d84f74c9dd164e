"""Drafts that a browser keeps: whose they are, what locks them, and which are saved by now.

What is typed is kept in the browser, locked with a key that only pages for the same post carry, so
that the next person at a shared machine finds nothing to read.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from django.http import HttpRequest

    from agencies.actors import Actor

SAVED = "saved_drafts"
"""Key of the session: addresses of forms that were saved and are to be forgotten."""

MOST = 20


def draft_owner(actor: Actor) -> str:
    """Return what a person's drafts are filed under: nothing that tells who it is."""
    return salted_hmac("liaison.drafts.owner", str(actor.person_id), algorithm="sha256").hexdigest()


def draft_key(actor: Actor) -> str:
    """Return the key, 256 bits in base64, of the drafts that a person makes under one post."""
    digest = salted_hmac("liaison.drafts.key", str(actor.membership_id), algorithm="sha256")
    return b64encode(digest.digest()).decode()


def keep_no_draft(request: HttpRequest) -> None:
    """Say that the form at this address was saved, so that the browser forgets what it kept."""
    saved = request.session.get(SAVED, [])
    request.session[SAVED] = [*saved, request.get_full_path()][-MOST:]


def saved_drafts(request: HttpRequest) -> list[str]:
    """Return the addresses of forms that were saved since last asked, once."""
    saved: list[str] = request.session.pop(SAVED, [])
    return saved
