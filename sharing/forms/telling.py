"""By which channel one is told of what: a choice for each kind of event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from sharing.models import Telling
from sharing.telling.channels import allowed, groups, usual

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


@dataclass(frozen=True)
class Cell:
    """One channel of one kind; ``id`` is empty where it may not be chosen."""

    id: str
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Row:
    """One kind of event with a cell for each channel."""

    name: str
    label: str
    cells: list[Cell]
    errors: Any


class ChannelsForm(forms.Form):
    """The channel of every kind, and the hour of the daily mail."""

    hour = forms.TypedChoiceField(
        label="Send the daily e-mail at", coerce=int, choices=HOURS, widget=forms.Select
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for kinds in groups().values():
            for kind, label in kinds.items():
                choices = [(channel.value, channel.label) for channel in allowed(kind)]
                self.fields[kind] = forms.ChoiceField(
                    label=label, choices=choices, initial=usual(kind), widget=forms.RadioSelect
                )

    @property
    def channels(self) -> list[str]:
        """Return what heads the columns."""
        return [channel.label for channel in Telling.Channel]

    @property
    def tables(self) -> Iterator[tuple[str, list[Row]]]:
        """Yield each group of kinds with its rows."""
        for heading, kinds in groups().items():
            yield heading, [self._row(kind) for kind in kinds]

    @property
    def chosen(self) -> Mapping[str, str]:
        """Return the channel sent for each kind, once the form is valid."""
        return {kind: value for kind, value in self.cleaned_data.items() if kind != "hour"}

    def _row(self, kind: str) -> Row:
        bound = self[kind]
        possible, chosen = allowed(kind), bound.value()
        cells = [
            Cell(
                id=f"{bound.html_name}-{channel}" if channel in possible else "",
                value=channel.value,
                label=str(channel.label),
                is_chosen=channel == chosen,
            )
            for channel in Telling.Channel
        ]
        return Row(bound.html_name, str(bound.label), cells, bound.errors)
