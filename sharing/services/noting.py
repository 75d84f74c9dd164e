"""Incident notes: what the privacy officer needs to know, on a row of its own."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from agencies.actors import Actor
from agencies.codes import Role
from agencies.refusals import Invalid, Stale
from ledger.services import Tell, record_event
from sharing.models import IncidentNote, Recall
from sharing.posts import post_of
from sharing.recalls import open_recall

Notified = IncidentNote.Notified


@transaction.atomic
def write_incident_note(
    actor: Actor,
    recall_id: UUID,
    *,
    what: str,
    how: str,
    happened_on: date,
    discovered_on: date,
    victim_notified: str = Notified.NOT_YET,
    notified_on: date | None = None,
    version: int = 0,
) -> IncidentNote:
    """Write down an incident, or save its next version; *version* is the present one, 0 for none.

    Raises NotVisible, Invalid by field, and Stale where somebody else saved since.
    """
    post = post_of(actor)
    seen = open_recall(actor, recall_id)
    recall = Recall.objects.select_for_update(of=("self",)).get(pk=seen.pk)
    _check(what, how, happened_on, discovered_on, victim_notified, notified_on)
    note = IncidentNote.objects.filter(recall=recall).first()
    if version != (current := note.version if note else 0):
        raise Stale(current=current)
    note = note or IncidentNote(recall=recall)
    note.what, note.how = what.strip(), how.strip()
    note.happened_on, note.discovered_on = happened_on, discovered_on
    note.victim_notified, note.notified_on = victim_notified, notified_on
    note.written_by, note.version = post, current + 1
    note.save()
    record_event(
        actor,
        "incident.noted",
        note,
        tell=[Tell("incident.noted", recall.owner_id, role=role) for role in SENIOR],
        records=[recall.record_id],
        concerns=[recall.owner_id],
        version=note.version,
        victim_notified=victim_notified,
    )
    return note


SENIOR = (Role.SUPERVISOR, Role.COORDINATOR, Role.AUDITOR)


def _check(
    what: str,
    how: str,
    happened_on: date,
    discovered_on: date,
    victim_notified: str,
    notified_on: date | None,
) -> None:
    errors: dict[str, str] = {}
    if not what.strip():
        errors["what"] = "Say what was disclosed, without names."
    if not how.strip():
        errors["how"] = "Say how it happened."
    if discovered_on < happened_on:
        errors["discovered_on"] = "It cannot have been noticed before it happened."
    if victim_notified not in Notified.values:
        errors["victim_notified"] = "Say yes, not yet or not required."
    if (victim_notified == Notified.YES) != (notified_on is not None):
        errors["notified_on"] = "Give the day on which they were told, and only then."
    if errors:
        raise Invalid(errors)
