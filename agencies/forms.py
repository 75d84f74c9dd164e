"""What all forms share: coded choices, days, and refusals that come back on the form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, time
from typing import Any, TypeVar

from django import forms
from django.utils import timezone
from django.utils.html import format_html

from agencies.codetable import code_table, codes, label
from agencies.refusals import Conflict, Invalid, NotAllowed

T = TypeVar("T")

LINE = 300
TEXT = 20_000


def code_choices(
    table: str, *, only: Iterable[str] | None = None, explained: bool = False
) -> list[tuple[str, str]]:
    """Return the valid codes of a table and their labels, *explained* with their meanings."""
    wanted = list(only) if only is not None else list(codes(table))
    if not explained:
        return [(code, label(table, code)) for code in wanted]
    meanings = {value["code"]: value.get("meaning", "") for value in code_table(table)["values"]}
    shown = "{} <small>{}</small>"
    return [
        (code, format_html(shown, label(table, code), meanings.get(code, ""))) for code in wanted
    ]


class CodeField(forms.ChoiceField):
    """One code of a table; *any_label* names the empty choice."""

    def __init__(
        self,
        table: str,
        *,
        any_label: str | None = None,
        only: Iterable[str] | None = None,
        explained: bool = False,
        **options: Any,
    ) -> None:
        choices = code_choices(table, only=only, explained=explained)
        if any_label is not None:
            choices.insert(0, ("", any_label))
        super().__init__(choices=choices, **options)


class DayInput(forms.DateInput):
    """A day as browsers pick it."""

    input_type = "date"

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m-%d", **options)


class UntilField(forms.DateField):
    """A day up to whose end, in the time zone in force, something lasts; cleaned to that moment."""

    widget = DayInput

    def clean(self, value: Any) -> datetime | None:
        """Return the last second of the day."""
        day = super().clean(value)
        if day is None:
            return None
        return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))

    def prepare_value(self, value: Any) -> Any:
        """Return the day of a moment, in the time zone in force."""
        return timezone.localtime(value).date() if isinstance(value, datetime) else value


class FromField(forms.DateField):
    """A day from whose beginning, in the time zone in force, something holds; cleaned to that."""

    widget = DayInput

    def clean(self, value: Any) -> datetime | None:
        """Return the first moment of the day."""
        day = super().clean(value)
        return timezone.make_aware(datetime.combine(day, time())) if day else None


def sent(form: forms.Form, act: Callable[..., T], **more: Any) -> T | None:
    """Hand a valid form to a service; None when the form or the service found something to mend.

    What the service refuses for its content or its state comes back on the form, so that nothing
    typed is lost; what may not be seen or has gone stale is raised on.
    """
    if not form.is_valid():
        return None
    try:
        return act(**form.cleaned_data, **more)
    except Invalid as refusal:
        for field, errors in refusal.errors.items():
            form.add_error(field if field in form.fields else None, errors)
    except (Conflict, NotAllowed) as refusal:
        form.add_error(None, refusal.reason)
    return None


def values_of(form: forms.Form) -> dict[str, Any]:
    """Return what a form holds of valid values, leaving out what is empty or wrong."""
    form.is_valid()
    return {key: value for key, value in form.cleaned_data.items() if value not in ("", None)}
