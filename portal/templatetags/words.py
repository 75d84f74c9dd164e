"""How screens say things: times in the agency's zone, coded values by their label."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agencies.codes import Level, Role, Sensitivity

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
def clock(value: datetime) -> SafeString:
    """Return the time of day of a moment in the zone in force."""
    local = timezone.localtime(value)
    return format_html('<time datetime="{}">{:%H:%M}</time>', local.isoformat(), local)


@register.filter
def level_name(value: Any) -> str:
    """Return the screen's word for a level, given as its number or its code."""
    level = Level[value.upper()] if isinstance(value, str) else Level(value)
    return str(level.label)


@register.filter
def sensitivity_name(value: Any) -> str:
    """Return the screen's word for a sensitivity, given as its number or its code."""
    found = Sensitivity[value.upper()] if isinstance(value, str) else Sensitivity(value)
    return str(found.label)


@register.filter
def role_names(roles: Iterable[str]) -> str:
    """Return roles as a line of words."""
    return ", ".join(str(Role(role).label) for role in roles)


@register.filter
def in_words(code: str) -> str:
    """Return a code as plain words where no table names it."""
    return str(code).replace("_", " ").replace(".", " ").capitalize()


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """Return what *mapping* holds under *key*, or nothing."""
    return mapping.get(key, "") if mapping else ""
