"""Logging by hand what was disclosed outside the portal: by voice, paper, radio or mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from agencies.actors import Actor
from agencies.clock import database_time
from agencies.codetable import is_code
from agencies.models import Agency
from agencies.refusals import Invalid, NotAllowed, NotVisible
from agencies.text_direction import isolated
from ledger.services import record_event
from sharing.actions import Action
from sharing.inserting import insert_new
from sharing.models import HandOver, Record
from sharing.one_record import record_for
from sharing.posts import post_of
from sharing.services.offering import chosen_items

WORDS = {
    "means": "This is not one of the ways.",
    "purpose": "This is not one of the purposes.",
    "told_at": "This lies in the future.",
}
LONGEST = {"recipient": 200, "for_case": 80, "authority": 200, "text": 4_000}


@transaction.atomic
def log_hand_over(
    actor: Actor,
    record_id: UUID,
    *,
    means: str,
    told_at: datetime,
    purpose: str,
    agency_id: UUID | None = None,
    recipient: str = "",
    items: Sequence[UUID] = (),
    for_case: str = "",
    authority: str = "",
    text: str = "",
) -> HandOver:
    """Log that a case, or some of its items, was told to an agency or to somebody in no directory.

    The owner's people log what is theirs; what was received goes to nobody else without the
    originator's consent.  Raises NotVisible, NotAllowed, and Invalid by field.
    """
    post = post_of(actor)
    record = _own_case(actor, record_id)
    words = _stripped(recipient=recipient, for_case=for_case, authority=authority, text=text)
    _check(actor, agency_id, means, told_at, purpose, words)
    told = HandOver(
        record_id=record.pk,
        items=[item.pk for item in chosen_items(actor, record, items)],
        agency_id=agency_id,
        means=means,
        told_at=told_at,
        purpose=purpose,
        logged_by=post,
        **words,
    )
    insert_new([told])
    _record(actor, record, told)
    return told


def _record(actor: Actor, record: Record, told: HandOver) -> None:
    record_event(
        actor,
        "record.told",
        told,
        records=[record.pk, *told.items],
        concerns=[record.owner_id],
        purpose=told.purpose,
        for_case=told.for_case,
        means=told.means,
        agency=told.agency_id,
        told_at=told.told_at,
    )


def _stripped(**words: str) -> dict[str, str]:
    return {name: value.strip() for name, value in words.items()}


def _own_case(actor: Actor, record_id: UUID) -> Record:
    record = record_for(actor, Action.KNOW, record_id)
    if record is None or record.kind != Record.Kind.CASE:
        raise NotVisible
    for whose in (record.owner, record.originator):
        if whose.pk != actor.agency_id:
            raise NotAllowed(
                f"This is {isolated(whose.name)}'s. Passing it on takes their consent: "
                "ask their duty desk, which logs the disclosure.",
                code="onward",
            )
    return record


def _check(
    actor: Actor,
    agency_id: UUID | None,
    means: str,
    told_at: datetime,
    purpose: str,
    words: dict[str, str],
) -> None:
    """Raise Invalid, by field, for what cannot be logged."""
    wrong = {
        **{name: len(words[name]) > longest for name, longest in LONGEST.items()},
        "means": not is_code("disclosure_means", means),
        "purpose": not is_code("purposes", purpose),
        "told_at": told_at > database_time(),
    }
    errors = {name: WORDS.get(name, "This is too long.") for name, is_ in wrong.items() if is_}
    if not words["for_case"].isprintable():
        errors["for_case"] = "Give their number on one line."
    if bool(agency_id) == bool(words["recipient"]):
        errors["recipient"] = "Choose an agency, or write who it was; one of the two."
    elif agency_id and not _is_another(actor, agency_id):
        errors["agency_id"] = "This is not another agency of the directory."
    if errors:
        raise Invalid(errors)


def _is_another(actor: Actor, agency_id: UUID) -> bool:
    return agency_id != actor.agency_id and Agency.objects.filter(pk=agency_id).exists()
