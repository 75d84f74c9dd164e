"""What somebody who leaves leaves behind of cases: those they worked on."""

from __future__ import annotations

from uuid import UUID

from agencies.actors import Actor
from agencies.handover import MOST, Line, Section, register_section
from agencies.models import Membership
from agencies.text_direction import isolated
from cases.models import Case
from ledger.models import Event
from sharing.actions import Action
from sharing.naming import shown_names

WORKED = ("case.opened", "case.amended", "item.added", "item.amended", "series.extended")
LATEST = 500
"""Entries of the audit log that are looked through."""


def register_all() -> None:
    """Have the page show this section."""
    register_section("cases.worked", worked_on)


def worked_on(actor: Actor, post: Membership) -> Section:
    """Return the cases of the agency that the leaver opened or changed, the latest first."""
    done = Event.objects.filter(membership=post.pk, agency=post.agency_id, kind__in=WORKED)
    latest: dict[UUID, Event] = {}
    for event in done.order_by("-seq")[:LATEST]:
        for key in event.records:
            latest.setdefault(key, event)
    listed = Case.objects.permitting(actor, Action.LIST)
    own = listed.filter(pk__in=list(latest), agency=post.agency_id)
    keys = set(own.values_list("pk", flat=True))
    names = shown_names(actor, [key for key in latest if key in keys][:MOST])
    return Section(
        "Cases they worked on",
        "Give each to somebody else, and look through its open tasks.",
        "They worked on no case that you can see.",
        [
            Line(
                text=f"{name.number} {isolated(name.title)}".strip(),
                url=name.url,
                at=latest[key].at,
            )
            for key, name in names.items()
        ],
    )
