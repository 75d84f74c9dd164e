"""How screens say things: times in the agency's zone, coded values by their label."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agencies.codes import Level, Role
from agencies.codetable import NoSuchCode, coded, label
from agencies.models import Roster
from agencies.recipients import roster_name
from agencies.text_direction import turns, untangled
from portal.event_words import AGENCIES, PEOPLE

register = template.Library()

MOMENT = "%-d %b %Y, %H:%M"
DAY = "%-d %b %Y"


@register.filter
def when(value: datetime | None) -> SafeString | str:
    """Return a moment in the zone in force, machine-readable beside it; a dash for none."""
    if value is None:
        return "—"
    local = timezone.localtime(value)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), local.strftime(MOMENT))


@register.filter
def day(value: date | datetime | None) -> SafeString | str:
    """Return a day, in the zone in force where it is a moment; a dash for none."""
    if value is None:
        return "—"
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), local.strftime(DAY))


@register.filter
def level_name(value: Any) -> str:
    """Return the screen's word for a level, given as its number or its code."""
    level = Level[value.upper()] if isinstance(value, str) else Level(value)
    return str(level.label)


@register.filter
def role_names(roles: Iterable[str]) -> str:
    """Return roles as a line of words."""
    return ", ".join(str(Role(role).label) for role in roles)


@register.filter
def in_words(code: str) -> str:
    """Return a code as plain words where no table names it."""
    return str(code).replace("_", " ").replace(".", " ").capitalize()


@register.filter
def time_zone_name(name: str) -> str:
    """Return a time zone as people call it: ``Los Angeles (PST)``."""
    place = name.rpartition("/")[2].replace("_", " ")
    now = timezone.localtime(timezone.now(), ZoneInfo(name))
    return f"{place} ({now.tzname()})" if place != now.tzname() else place


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """Return what *mapping* holds under *key*, or nothing."""
    return mapping.get(key, "") if mapping else ""


@register.filter
def code_label(code: str, table: str) -> str:
    """Return what screens say for a code of a table."""
    return label(table, str(code)) if code else ""


@register.filter
def code_meaning(code: str, table: str) -> str:
    """Return what a code of a table means, as a sentence."""
    try:
        return str(coded(table, str(code)).get("meaning", ""))
    except NoSuchCode:
        return ""


@register.filter
def is_past(value: datetime | None) -> bool:
    """Return whether a moment lies behind; for marks on screen, never for a decision."""
    return value is not None and value < timezone.now()


@register.filter
def due_words(value: datetime | None) -> str:
    """Return when something is due, from now: ``due in 5 h``, ``overdue by 2 days``."""
    if value is None:
        return ""
    left = int((value - timezone.now()).total_seconds() // 60)
    words = _span(abs(left))
    return f"due in {words}" if left >= 0 else f"overdue by {words}"


def _span(minutes: int) -> str:
    """Return minutes in the largest unit of which there are two or more."""
    if minutes < 120:
        return f"{minutes} min"
    hours = minutes // 60
    return f"{hours} h" if hours < 48 else f"{hours // 24} days"


@register.filter
def span(value: timedelta) -> str:
    """Return a length of time in its largest unit: ``6 h``."""
    return _span(int(value.total_seconds() // 60))


@register.filter
def seconds_left(value: datetime | None) -> int:
    """Return how many whole seconds are left until a moment, for a countdown on screen."""
    return max(0, int((value - timezone.now()).total_seconds())) if value else 0


@register.filter
def who(roster: Roster) -> str:
    """Return whom a roster lists."""
    return roster_name(roster)


@register.filter
def isolated(value: Any) -> Any:
    """Return what people typed, or each of a list, apart from its line where it would turn it."""
    if isinstance(value, list | tuple):
        return [isolated(one) for one in value]
    text = str(value)
    return format_html("<bdi>{}</bdi>", untangled(text)) if turns(text) else value


@register.filter
def count_of(number: int, noun: str) -> str:
    """Return a number with its noun in the right form: ``1 item``, ``2 people``."""
    one, _, many = noun.partition(",")
    return f"{number} {one if number == 1 else many or one + 's'}"


@register.simple_tag
def query(values: Mapping[str, str], name: str = "", value: str = "") -> str:
    """Return an address's query made of *values* with *name* set to *value*; empty values go."""
    kept = {key: text for key, text in {**values, name: value}.items() if key and text}
    return urlencode(kept)


EVENT_WORDS = {
    **PEOPLE,
    **AGENCIES,
    "record.opened": "Opened",
    "record.listed": "Saw it in a list",
    "record.exported": "Took it out in a file",
    "record.printed": "Printed a briefing copy",
    "record.refused": "Tried to open it",
    "copy.voided": "Voided a briefing copy",
    "log.exported": "Took out who saw it",
    "record.told": "Told it outside the portal",
    "recall.begun": "Stopped what was shared by mistake",
    "recall.sent": "Sent a recall",
    "recall.answered": "Answered a recall",
    "incident.noted": "Wrote an incident note",
    "record.contributed": "Contributed",
    "request.submitted": "Sent a sharing request",
    "request.approved": "Approved a sharing request",
    "request.approval_undone": "Took an approval back before it was live",
    "request.denied": "Denied a sharing request",
    "request.question": "Asked a question",
    "request.answered": "Answered a question",
    "request.withdrawn": "Withdrew a sharing request",
    "request.lapsed": "The sharing request lapsed",
    "request.attached": "Attached the case to a request",
    "grant.issued": "Shared it",
    "grant.narrowed": "Shared less",
    "grant.revoked": "Stopped sharing",
    "grant.acknowledged": "Acknowledged access",
    "call.announced": "Announced a telephone call",
    "call.identified": "Learned who was calling",
    "call.refused": "Typed a code of no call",
    "case.opened": "Opened the case",
    "case.amended": "Changed the case",
    "series.extended": "Added cases to the series",
    "series.reduced": "Took a case out of the series",
    "item.added": "Added an item",
    "item.amended": "Changed an item",
    "item.withheld": "Held an item back",
    "item.released": "Put an item in",
}


@register.filter
def event_words(kind: str) -> str:
    """Return what a kind of event is called on screen."""
    return EVENT_WORDS.get(kind) or in_words(kind)
