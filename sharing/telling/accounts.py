"""Telling coordinators, in the portal, of accounts of their people that wait for them.

The mail about it is of the accounts themselves; here no channel is to be chosen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from agencies.actors import NOBODY, Actor
from agencies.codes import Role
from agencies.models import FactorClearing, Membership, Person
from agencies.posts import unended
from agencies.services import clearing, sign_in
from agencies.services.releasing_accounts import locked_among
from agencies.text_direction import isolated
from ledger.kinds import register_message_kind
from ledger.models import Message
from sharing.models import Notification, Telling
from sharing.telling.delivery import audience
from sharing.telling.gathering import gather
from sharing.telling.knowing import Subject

LOCKED, CLEARING = sign_in.NOTICE, clearing.NOTICE
KINDS = (LOCKED, CLEARING)
PERSON = "person"
PAGES = {LOCKED: "person_release", CLEARING: "person_factors"}
SENTENCES = {
    (LOCKED, True): "The account of {name} is locked after failed sign-ins: release it.",
    (LOCKED, False): "The account of {name} was locked after failed sign-ins; it is released.",
    (CLEARING, True): "{name} lost every second factor: confirm that they are cleared, or not.",
    (CLEARING, False): "{name} was said to have lost every second factor; nothing waits any more.",
}
"""By the kind, and whether it still waits for somebody."""


def register() -> None:
    """Have this module deliver its kinds."""
    for kind in KINDS:
        register_message_kind(kind, deliver_account)


@transaction.atomic
def deliver_account(message: Message) -> None:
    """Notify the coordinators of an agency, each post once, but never the person themselves."""
    Message.objects.select_for_update().get(pk=message.pk)
    posts = audience(message).exclude(person=message.subject)
    channels = dict.fromkeys(posts.values_list("pk", flat=True), Telling.Channel.PORTAL)
    subject = Subject(message.kind, PERSON, message.subject)
    gather(message, subject, channels, why=message.role)


def known_accounts(actor: Actor) -> Q:
    """Return the condition of a notification about somebody whom *actor* still looks after."""
    runs = Membership.objects.acting().holding(Role.COORDINATOR)
    people = Membership.objects.people().filter(
        unended(), person=OuterRef("subject"), agency=actor.agency_id or NOBODY
    )
    mine = runs.filter(pk=actor.seat, person=actor.person_id)
    return Q(kind__in=KINDS) & Exists(mine) & Exists(people)


@dataclass(frozen=True)
class Accounts:
    """The people of some notifications, and about which of them something still waits."""

    people: Mapping[UUID, Person]
    waiting: Mapping[str, frozenset[UUID]]

    def text(self, notice: Notification) -> str:
        """Return what a notification says now."""
        waits = notice.subject in self.waiting[notice.kind]
        return SENTENCES[notice.kind, waits].format(name=isolated(self.people[notice.subject].name))


def accounts_of(notices: Sequence[Notification]) -> Accounts:
    """Return what *notices* are about of accounts; of none without asking the database."""
    keys = {notice.subject for notice in notices if notice.kind in KINDS}
    if not keys:
        return Accounts({}, {})
    people = Person.objects.in_bulk(keys)
    proposed = FactorClearing.objects.filter(person__in=keys, closed_at__isnull=True)
    waiting = {
        LOCKED: frozenset(locked_among(people.values())),
        CLEARING: frozenset(proposed.values_list("person", flat=True)),
    }
    return Accounts(people, waiting)


def account_page(notice: Notification) -> str:
    """Return the page on which something is done about it."""
    return reverse(PAGES[notice.kind], args=[notice.subject])
