"""An item in words: what it says, line by line, as screens and paper show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from agencies.codetable import label
from cases.fields.checks import moment_of
from cases.item_fields import CODED, GRADES, MOMENTS, SHOWN, SUGGESTED, field_label, of_kind
from cases.wording import LINE


def facts_of(shown: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what an item says as lines of label and words, in the order of its kind."""
    fields = shown["fields"] or {}
    kind = shown["kind"]
    order = {name: at for at, name in enumerate((*SHOWN.get(kind, ()), *GRADES))}
    names = sorted(fields, key=lambda name: (order.get(name, len(order)), name))
    return [
        (field_label(name), _in_words(kind, name, fields[name]))
        for name in names
        if name not in ("warnings", "text")
    ]


def _in_words(kind: str, name: str, value: Any) -> str:
    table = of_kind(CODED, kind, name) or SUGGESTED.get(name, "")
    if table and isinstance(value, str):
        return label(table, value)
    if isinstance(value, list):
        return "; ".join(map(str, value))
    if name in MOMENTS:
        return moment_in_words(str(value))
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return str(value)[: LINE * 5]


def moment_in_words(text: str) -> str:
    """Return a day, or a time in the zone in force."""
    moment = moment_of(text)
    if len(text) == len("2026-01-01"):
        return f"{moment.day} {moment:%b %Y}"
    local = timezone.localtime(moment)
    return f"{local.day} {local:%b %Y, %H:%M}"
