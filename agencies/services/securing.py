"""After a change of password or factor, what was open by the old ones is closed."""

from __future__ import annotations

from django.db.models import F
from django.db.models.functions import Now

from agencies.authority import By, is_portal
from agencies.models import Person, PersonalToken
from agencies.posts import agencies_ever_of
from agencies.refusals import NotAllowed
from ledger.services import Tell, record_event

ACCOUNT_NOTICE = "account.changed"
"""The kind of message that tells a person, by mail, that their way of signing in changed."""


def own_account(by: By, person: Person) -> Person:
    """Return *person*, locked, for a change of how they sign in: their own, or the portal's."""
    if not is_portal(by) and by.person_id != person.pk:
        raise NotAllowed("People look after their own ways of signing in.")
    return Person.objects.select_for_update().get(pk=person.pk)


def close_the_rest(by: By, person: Person) -> None:
    """End every session and personal token of *person*; the session that asks signs itself again.

    In the transaction of the change that calls for it.
    """
    Person.objects.filter(pk=person.pk).update(session_round=F("session_round") + 1)
    revoke_tokens(by, person)


def revoke_tokens(by: By, person: Person) -> int:
    """End every personal token of *person*, each with its event; return how many."""
    open_tokens = PersonalToken.objects.select_for_update().filter(
        person=person, revoked_at__isnull=True
    )
    for token in open_tokens.order_by("pk"):
        record_event(by, "token.revoked", token, concerns=agencies_ever_of(person))
    return open_tokens.update(revoked_at=Now())


def note_change(by: By, person: Person, kind: str, *, factor: str) -> None:
    """Write the change, have the person told of it by mail, and close what was open before."""
    tell = [] if is_portal(by) else [Tell(ACCOUNT_NOTICE, person.pk)]
    record_event(by, kind, person, tell=tell, concerns=agencies_ever_of(person), factor=factor)
    close_the_rest(by, person)
