"""What somebody who leaves leaves behind of sharing: asks, decisions, access, copies."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar
from uuid import UUID

from django.urls import reverse

from agencies.actors import Actor
from agencies.codes import Level, Role
from agencies.handover import MOST, Line, Section, register_section
from agencies.models import Membership
from ledger.models import Event
from sharing.boxes import record_shown, visible_requests
from sharing.holdings import grants_for
from sharing.models import BriefingCopy, Grant, ShareRequest
from sharing.naming import Name, shown_names
from sharing.transitions import WAITING

T = TypeVar("T")
OUT = ("record.exported", "log.exported")


def register_all() -> None:
    """Have the page show these sections."""
    for name, maker in {
        "asked": asked,
        "decide": to_decide,
        "access": access,
        "copies": copies,
        "files": files,
    }.items():
        register_section(f"sharing.{name}", maker)


def asked(actor: Actor, post: Membership) -> Section:
    """Return the requests of the leaver that nobody has decided."""
    found = visible_requests(actor).filter(requested_by=post, state__in=WAITING)
    return Section(
        "Open requests they sent",
        "Withdraw them, or leave them: what is approved is given to the agency, not the person.",
        "None of their requests is open.",
        _of_requests(actor, found.order_by("due_at", "pk")[:MOST]),
    )


def to_decide(actor: Actor, post: Membership) -> Section:
    """Return what waits for the release authority, where the leaver has it."""
    found = visible_requests(actor).filter(owner=actor.agency_id, state__in=WAITING)
    if Role.SUPERVISOR not in post.roles:
        found = found.none()
    return Section(
        "Decisions waiting for release authority",
        "Every release authority of the agency has these; make sure that one is left.",
        "No decision waits for them.",
        _of_requests(actor, found.order_by("due_at", "pk")[:MOST]),
    )


def access(actor: Actor, post: Membership) -> Section:
    """Return the access that was given to the leaver by name, which ends with the post."""
    held = grants_for(actor, direction="received", state="active").filter(roster_id=post.pk)
    return Section(
        "Access given to the person",
        "It ends with the post. Ask for it anew for whoever takes over.",
        "Nothing was given to them by name.",
        _named(actor, held[:MOST], lambda one: one.record_id, _of_grant),
    )


def copies(actor: Actor, post: Membership) -> Section:
    """Return the marked copies that the leaver printed."""
    made = BriefingCopy.objects.filter(membership=post, voided_at__isnull=True)
    return Section(
        "Printed copies",
        "Collect or account for each: a recall asks about them by number.",
        "They printed no marked copy.",
        _named(
            actor,
            made.order_by("-issued_at", "pk")[:MOST],
            lambda one: one.record_id,
            lambda one, name: Line(
                text=f"{one.number}{f', of {name.number}' if name else ''}",
                url=name.url if name else "",
                note=f"for {one.recipient}",
                at=one.issued_at,
            ),
        ),
    )


def files(actor: Actor, post: Membership) -> Section:
    """Return the files that the leaver took out."""
    taken = Event.objects.filter(membership=post.pk, kind__in=OUT, outcome=Event.Outcome.DONE)
    return Section(
        "Files taken out",
        "Ask where they are, and have them returned or destroyed.",
        "They took out no file.",
        [
            Line(f"{len(event.records)} records" if event.records else "An audit log", at=event.at)
            for event in taken.order_by("-seq")[:MOST]
        ],
    )


def _of_requests(actor: Actor, found: Iterable[ShareRequest]) -> list[Line]:
    return _named(
        actor,
        found,
        lambda one: record_shown(actor, one),
        lambda one, name: Line(
            text=one.number,
            url=reverse("request", args=[one.pk]),
            note=name.number if name else "",
            at=one.due_at,
        ),
    )


def _of_grant(grant: Grant, name: Name | None) -> Line:
    return Line(
        text=name.number if name else "A record above what you read",
        url=name.url if name else "",
        note=Level(grant.level).label,
        at=grant.until,
    )


def _named(
    actor: Actor,
    rows: Iterable[T],
    record_of: Callable[[T], UUID | None],
    line: Callable[[T, Name | None], Line],
) -> list[Line]:
    """Return rows as lines, each with the name of its record as far as *actor* may know it."""
    found = list(rows)
    keys = {id(row): record_of(row) for row in found}
    names = shown_names(actor, keys.values())
    return [line(row, names.get(key) if (key := keys[id(row)]) else None) for row in found]
