"""Inputs of which browsers have none: a day with perhaps a time, and words with suggestions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

DAY = len("2026-01-01")


class SuggestedInput(forms.TextInput):
    """A line of text that offers *suggestions*, each a value and what explains it."""

    def __init__(self, suggestions: Sequence[tuple[str, str]]) -> None:
        super().__init__(attrs={"autocomplete": "off"})
        self.suggestions = suggestions

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Return the input and the list that it names."""
        known = f"{(attrs or {}).get('id', name)}_known"
        line = super().render(name, value, {**(attrs or {}), "list": known}, renderer)
        options = format_html_join("", '<option value="{}">{}</option>', self.suggestions)
        return format_html('{}<datalist id="{}">{}</datalist>', line, known, options)


class MomentInput(forms.Widget):
    """A day and, beside it, a time that may stay empty; programs may send both as one text."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str:
        """Return the day, or the day and the time in ISO 8601."""
        if name in data:
            return str(data[name])
        day, time = (str(data.get(f"{name}_{part}", "")).strip() for part in ("day", "time"))
        return f"{day}T{time}" if time else day

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Return whether neither was sent."""
        return name not in data and f"{name}_day" not in data

    def id_for_label(self, id_: str) -> str:
        """Return the id of the day, which comes first."""
        return f"{id_}_day" if id_ else ""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Return both inputs."""
        day, _, time = str(value or "").partition("T")
        has = dict(attrs or {})
        id_, shared = has.pop("id", name), flatatt(has)
        return format_html(
            '<span class="moment" id="{1}">'
            '<input type="date" name="{0}_day" id="{1}_day" value="{2}"{4}>'
            '<input type="time" name="{0}_time" id="{1}_time" value="{3}" aria-label="{5}">'
            "</span>",
            *(name, id_, day, time, shared, "Time, may stay empty"),
        )


class MomentField(forms.CharField):
    """A day, or a time that counts in the time zone in force where it names none."""

    widget = MomentInput

    def clean(self, value: Any) -> str:
        """Return the text with its zone; what is no time is left to the service to refuse."""
        text: str = super().clean(value)
        moment = _moment(text)
        if moment is None or moment.tzinfo is not None:
            return text
        return timezone.make_aware(moment).isoformat()

    def prepare_value(self, value: Any) -> Any:
        """Return a time as the clock of the zone in force shows it, to the minute."""
        moment = _moment(str(value or ""))
        if moment is None or moment.tzinfo is None:
            return value
        return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def _moment(text: str) -> datetime | None:
    """Return the time that *text* names; None for a day or for what is no time."""
    if len(text) <= DAY:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
