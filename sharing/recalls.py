"""Recalls as the two sides see them: the owner all of its own, a holder what it is asked.

A holder sees the notice though the record is no longer there for it: the number, where it knew it,
and its own copies; never a title or a word of what it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from agencies.actors import Actor
from agencies.codes import READING_ROLES, Role
from agencies.models import Membership
from agencies.refusals import NotVisible
from sharing.actions import Action
from sharing.models import IncidentNote, Recall, RecallReceipt, Record
from sharing.planned import planned
from sharing.policy import permits

INCIDENT_ROLES = (Role.SUPERVISOR, Role.COORDINATOR, Role.AUDITOR)
"""Who of the owner reads what is written for its privacy officer."""


def _acting(actor: Actor, *roles: str) -> QuerySet[Membership]:
    posts = Membership.objects.acting().filter(pk=actor.seat, agency=actor.agency_id)
    return posts.holding(*roles)


def given_recalls(actor: Actor) -> QuerySet[Recall]:
    """Return the recalls of records that *actor* may manage, newest first."""
    managed = Record.objects.unrestricted("narrowed by the rule in the same statement").filter(
        permits(actor, Action.RESTRICT), pk=OuterRef("record_id")
    )
    own = Recall.objects.filter(Exists(managed), owner=actor.agency_id)
    return planned(own.select_related(*RELATED).order_by("-stopped_at", "pk"))


def receipts_for(actor: Actor) -> QuerySet[RecallReceipt]:
    """Return what *actor* is asked to answer, or its agency answered, newest first."""
    if actor.agency_id is None:
        return RecallReceipt.objects.none()
    readers = _acting(actor, *READING_ROLES)
    ceiling = Subquery(readers.values("ceiling")[:1])
    held = Q(holders__isnull=True) | Q(holders__contains=[actor.seat])
    senior = Exists(_acting(actor, Role.SUPERVISOR))
    asked = RecallReceipt.objects.filter(
        Exists(readers),
        held | Q(senior),
        agency=actor.agency_id,
        recall__sent_at__isnull=False,
        recall__sensitivity__lte=ceiling,
    )
    related = (f"recall__{name}" for name in RELATED)
    return planned(
        asked.select_related(*related, "answered_by__person").order_by("-recall__sent_at", "copy")
    )


RELATED = ("owner", "stopped_by__person", "sent_by__person")


def open_recall(actor: Actor, pk: UUID) -> Recall:
    """Return a recall of the actor's own agency; NotVisible otherwise."""
    found = given_recalls(actor).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def open_notice(actor: Actor, pk: UUID) -> list[RecallReceipt]:
    """Return what the actor's agency is asked about a recall; NotVisible for nothing."""
    found = list(receipts_for(actor).filter(recall=pk))
    if not found:
        raise NotVisible
    return found


def knows_recall(actor: Actor, pk: UUID) -> bool:
    """Return whether *actor* may know of a recall, from either side."""
    return (
        given_recalls(actor).filter(pk=pk).exists()
        or receipts_for(actor).filter(recall=pk).exists()
    )


def incident_notes_for(actor: Actor) -> QuerySet[IncidentNote]:
    """Return the incident notes of the actor's agency that it may read, newest first.

    Its release authority, coordinators and auditors read all; whoever wrote one reads it.
    """
    senior = Exists(_acting(actor, *INCIDENT_ROLES))
    wrote = Q(written_by=actor.seat) & Exists(_acting(actor, *READING_ROLES))
    notes = IncidentNote.objects.filter(Q(senior) | wrote, recall__owner=actor.agency_id)
    return planned(
        notes.select_related(
            "recall__owner", "recall__stopped_by__person", "written_by__person"
        ).order_by("-written_at", "pk")
    )


def knows_incident(actor: Actor, pk: UUID) -> bool:
    """Return whether *actor* may read an incident note."""
    return incident_notes_for(actor).filter(pk=pk).exists()


def waiting_for(receipts: Iterable[RecallReceipt]) -> int:
    """Return how many of *receipts* have no answer yet."""
    return sum(not one.answer for one in receipts)
