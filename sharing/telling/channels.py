"""By which channel each kind of event is told, and what a post may choose about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction

from agencies.actors import Actor
from agencies.models import Membership
from agencies.refusals import Invalid
from ledger.services import Ref, record_event
from sharing.models import ChannelChoice, DigestHour, Telling
from sharing.models.notice_choice import MORNING
from sharing.posts import post_of
from sharing.telling.kinds import HEADINGS

Channel = Telling.Channel

WAITING = {
    "request.received": "A request to decide",
    "request.question": "A question about your request",
    "request.answered": "An answer to your question",
    "grant.acknowledge_needed": "Access to acknowledge",
    "record.protected_waiting": "A protected item that waits for release",
}
TAKEN_BACK = {
    "grant.revoked": "Recall: access has ended",
    "record.recalled": "Recall: stop using an item",
    "recall.sent": "Recall: say what became of it",
}
RECALLED = {
    "recall.answered": "Whoever had it answered your recall",
    "incident.noted": "A note was written about a recall",
}
ASKED = {
    "request.approved": "Your request was approved",
    "request.denied": "Your request was not approved",
    "request.withdrawn": "A request was withdrawn",
    "request.lapsed": "A request lapsed undecided",
}
SHARED = {
    "grant.issued": "Something was shared with you",
    "grant.narrowed": "Access was narrowed",
    "grant.expiring": "Access ends soon",
    "grant.expired": "Access has ended",
    "grant.acknowledged": "A partner acknowledged access",
    "record.contributed": "A partner added to your case",
}
NEWS = tuple(SHARED)
"""Kinds that are news alone: they may be muted, and told not at all."""

IN_DIGEST = (
    *("request.withdrawn", "request.lapsed", "grant.narrowed", "grant.expiring", "grant.expired"),
    *("grant.acknowledged", "record.contributed"),
)
"""Kinds that go into the daily mail unless somebody wants them at once."""


def groups() -> dict[str, dict[str, str]]:
    """Return what each kind is called on screen, by what kind of kinds it belongs to."""
    known = {**WAITING, **TAKEN_BACK, **RECALLED, **ASKED, **SHARED}
    others = {
        kind: words.removeprefix("1 ").capitalize()
        for kind, words in HEADINGS.items()
        if kind not in known
    }
    named = {
        "Waiting for you": WAITING,
        "Taken back": TAKEN_BACK,
        "Your recalls": RECALLED,
        "Your requests": ASKED,
        "What is shared": SHARED,
        "Other news": others,
    }
    return {heading: kinds for heading, kinds in named.items() if kinds}


def usual(kind: str) -> Channel:
    """Return the channel of *kind* where nobody chose another."""
    return Channel.DIGEST if kind in IN_DIGEST else Channel.AT_ONCE


def allowed(kind: str) -> tuple[Channel, ...]:
    """Return the channels that may be chosen for *kind*; what waits or ends cannot be silenced."""
    told = (Channel.AT_ONCE, Channel.DIGEST, Channel.PORTAL)
    return (*told, Channel.NONE) if kind in NEWS else told


def channels_of(kind: str, posts: Iterable[Membership]) -> dict[UUID, Channel]:
    """Return by which channel each of *posts* is told of *kind*."""
    keys = [post.pk for post in posts]
    chosen = dict(
        ChannelChoice.objects.filter(membership__in=keys, kind=kind).values_list(
            "membership", "channel"
        )
    )
    return {key: Channel(chosen.get(key, usual(kind))) for key in keys}


def chosen_channels(actor: Actor) -> dict[str, Channel]:
    """Return the channel of every kind as it is for *actor*'s post."""
    own = ChannelChoice.objects.filter(membership=actor.seat).values_list("kind", "channel")
    chosen = dict(own)
    return {kind: Channel(chosen.get(kind, usual(kind))) for kind in HEADINGS}


def digest_hour(actor: Actor) -> int:
    """Return the hour of *actor*'s daily mail, in the agency's time zone."""
    hours = DigestHour.objects.filter(membership=actor.seat).values_list("hour", flat=True)
    found = hours.first()
    return MORNING if found is None else found


@transaction.atomic
def choose_channels(actor: Actor, channels: Mapping[str, str], *, hour: int) -> None:
    """Keep by which channel *actor*'s post is told of each kind, and the hour of its daily mail.

    Raises Invalid, by kind, for a channel that the kind may not have.
    """
    post = post_of(actor)
    errors = {
        kind: "This cannot be chosen here."
        for kind, channel in channels.items()
        if kind not in HEADINGS or channel not in allowed(kind)
    }
    if not 0 <= hour <= 23:
        errors["hour"] = "This is no hour of a day."
    if errors:
        raise Invalid(errors)
    for kind, channel in channels.items():
        _keep(post, kind, Channel(channel))
    DigestHour.objects.update_or_create(membership=post, defaults={"hour": hour})
    record_event(actor, "notices.chosen", Ref("membership", post.pk), hour=hour)


def _keep(post: Membership, kind: str, channel: Channel) -> None:
    """Keep a choice; the usual one needs no row."""
    if channel == usual(kind):
        ChannelChoice.objects.filter(membership=post, kind=kind).delete()
        return
    ChannelChoice.objects.update_or_create(
        membership=post, kind=kind, defaults={"channel": channel}
    )
