"""The list of cases as its address says it: filters as chips, columns, density, saved views."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib.sessions.backends.base import SessionBase
from django.http import QueryDict

from agencies.codetable import label
from cases.exports.columns import COLUMNS, USUAL
from sharing.listing import Filters

DENSITIES = {"usual": "Usual", "dense": "Dense"}
FILTERS = ("q", "class", "status", "type", "owner", "received")
LAYOUT = "case_list"
"""Key of the session under which the columns and the density last chosen are kept."""

WHOSE = {"true": "Shared with us", "false": "Our own"}
TABLES = {"class": "case_classes", "status": "case_statuses", "type": "case_types"}
NAMES = {
    "q": "Words",
    "class": "Class",
    "status": "Status",
    "type": "Type",
    "owner": "Owner",
    "received": "Whose",
}
Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Layout:
    """Which columns the list has and how close its rows stand."""

    columns: tuple[str, ...] = USUAL
    density: str = "usual"

    @property
    def pairs(self) -> Pairs:
        """Return it as an address says it."""
        return [*(("columns", name) for name in self.columns), ("density", self.density)]

    @property
    def titles(self) -> list[tuple[str, str]]:
        """Return the columns by name and heading, in the order of the table."""
        return [(name, COLUMNS[name].title) for name in COLUMNS if name in self.columns]


@dataclass(frozen=True)
class Chip:
    """One filter in force, in words, and the query of the list without it."""

    name: str
    words: str
    without: str


@dataclass(frozen=True)
class Address:
    """What an address of the list asks for, apart from the place in it."""

    filters: Mapping[str, str] = field(default_factory=dict)
    layout: Layout = Layout()
    view: str = ""

    @property
    def query(self) -> str:
        """Return what a saved view keeps: filters, columns and density."""
        return urlencode([*self.filters.items(), *self.layout.pairs])

    def chips(self, owner: str) -> list[Chip]:
        """Return the filters in force; *owner* is the name of the agency among them."""
        return [
            Chip(NAMES[name], _said(name, value, owner), urlencode(self._without(name)))
            for name, value in self.filters.items()
        ]

    def _without(self, name: str) -> Pairs:
        kept = [(key, value) for key, value in self.filters.items() if key != name]
        return kept or [("all", "1")]


def _said(name: str, value: str, owner: str) -> str:
    if name in TABLES:
        return label(TABLES[name], value)
    return {"received": WHOSE.get(value, value), "owner": owner}.get(name, value)


def address_of(query: QueryDict, values: Mapping[str, Any], session: SessionBase) -> Address:
    """Return what *query* asks for; columns and density chosen in it are kept for the session.

    *values* are the filters in it that make sense.
    """
    filters = {name: str(values[name]) for name in FILTERS if name in values}
    return Address(filters, _layout(query, session), query.get("view", ""))


def _layout(query: QueryDict, session: SessionBase) -> Layout:
    density = query.get("density", "")
    if density in DENSITIES:
        layout = layout_of(query.getlist("columns"), density)
        said: list[object] = [list(layout.columns), layout.density]
        if session.get(LAYOUT) != said:
            session[LAYOUT] = said
        return layout
    kept = session.get(LAYOUT)
    return layout_of(kept[0], kept[1]) if kept else Layout()


def layout_of(columns: Sequence[str], density: str) -> Layout:
    """Return the layout of those *columns* that there are."""
    known = tuple(name for name in COLUMNS if name in columns)
    return Layout(known, density if density in DENSITIES else "usual")


def kept_query(query: str) -> str:
    """Return what of *query* a saved view may keep: known filters, columns and density, once."""
    pairs = parse_qsl(query)
    filters = {name: value for name, value in pairs if name in FILTERS}
    columns = [value for name, value in pairs if name == "columns"]
    density = dict(pairs).get("density", "usual")
    return urlencode([*filters.items(), *layout_of(columns, density).pairs])


def filters_of(values: dict[str, Any]) -> Filters:
    """Return the filters that the address names."""
    received = values.get("received")
    return Filters(
        grouping=values.get("class", ""),
        status=values.get("status", ""),
        type=values.get("type", ""),
        owner=values.get("owner"),
        received=None if received is None else received == "true",
        text=values.get("q", ""),
    )
