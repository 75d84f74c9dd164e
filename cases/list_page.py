"""The list of cases as its address says it: filters as chips, columns, density, saved views."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.contrib.sessions.backends.base import SessionBase
from django.http import QueryDict

from agencies.codetable import label
from agencies.forms import values_of
from cases.exports.columns import COLUMNS, USUAL
from cases.forms import CaseFilterForm
from sharing.filters import Filters
from sharing.search.keeping import keep, kept

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
    """What an address of the list asks for, apart from the place in it.

    ``word`` stands for the words looked for in every link, so that no address holds them.
    """

    filters: Mapping[str, str] = field(default_factory=dict)
    layout: Layout = Layout()
    view: str = ""
    word: str = ""

    @property
    def carried(self) -> dict[str, str]:
        """Return the filters as links carry them."""
        said = [
            ("s", self.word) if name == "q" else (name, self.filters[name]) for name in self.filters
        ]
        return dict(said)

    @property
    def query(self) -> str:
        """Return what leads to the list as it stands: filters, columns and density."""
        return urlencode([*self.carried.items(), *self.layout.pairs])

    def chips(self, owner: str) -> list[Chip]:
        """Return the filters in force; *owner* is the name of the agency among them."""
        return [
            Chip(NAMES[name], _said(name, value, owner), urlencode(self._without(name)))
            for name, value in self.filters.items()
        ]

    def _without(self, name: str) -> Pairs:
        key = "s" if name == "q" else name
        others = [(one, value) for one, value in self.carried.items() if one != key]
        return others or [("all", "1")]


def _said(name: str, value: str, owner: str) -> str:
    if name in TABLES:
        return label(TABLES[name], value)
    return {"received": WHOSE.get(value, value), "owner": owner}.get(name, value)


def values_in(query: QueryDict, session: SessionBase) -> dict[str, Any]:
    """Return the filters in *query* that make sense, the words among them that are kept for it."""
    narrowed = any(name in query for name in CaseFilterForm.base_fields)
    values = values_of(CaseFilterForm(query)) if narrowed else {}
    text = kept(session, query.get("s", ""))
    return values | ({"q": text} if text else {})


def address_of(query: QueryDict, values: Mapping[str, Any], session: SessionBase) -> Address:
    """Return what *query* asks for; columns and density chosen in it are kept for the session.

    *values* are the filters in it, as ``values_in`` returns them.
    """
    filters = {name: str(values[name]) for name in FILTERS if name in values}
    word = keep(session, filters["q"]) if "q" in filters else ""
    return Address(filters, _layout(query, session), query.get("view", ""), word)


def _layout(query: QueryDict, session: SessionBase) -> Layout:
    density = query.get("density", "")
    if density in DENSITIES:
        layout = layout_of(query.getlist("columns"), density)
        said: list[object] = [list(layout.columns), layout.density]
        if session.get(LAYOUT) != said:
            session[LAYOUT] = said
        return layout
    last = session.get(LAYOUT)
    return layout_of(last[0], last[1]) if last else Layout()


def layout_of(columns: Sequence[str], density: str) -> Layout:
    """Return the layout of those *columns* that there are."""
    known = tuple(name for name in COLUMNS if name in columns)
    return Layout(known, density if density in DENSITIES else "usual")


def kept_query(query: QueryDict, session: SessionBase) -> str:
    """Return what of *query* a saved view may keep: filters, the words too, columns, density."""
    values = values_in(query, session)
    filters = {name: str(values[name]) for name in FILTERS if name in values}
    layout = layout_of(query.getlist("columns"), query.get("density", "usual"))
    return urlencode([*filters.items(), *layout.pairs])


@dataclass(frozen=True)
class FilterField:
    """A field of the form that narrows the list, as markup."""

    name: str
    label: str
    id: str
    hidden: bool
    markup: str


def filter_fields(values: Mapping[str, Any]) -> list[FilterField]:
    """Return the fields of the form that narrows the list, holding *values*."""
    said = {name: str(values.get(name, "")) for name in CaseFilterForm.base_fields}
    return [
        _chosen(name, text) if name in CHOSEN or not text else _typed(name, text)
        for name, text in said.items()
        if name not in PLACE
    ]


CHOSEN = ("status", "type", "received", "class")
"""Fields whose few values are known: what shows them is made once for each."""

PLACE = ("cursor",)
"""What of an address is no filter."""


@lru_cache(maxsize=512)
def _chosen(name: str, value: str) -> FilterField:
    return _typed(name, value)


def _typed(name: str, value: str) -> FilterField:
    field = CaseFilterForm(initial={name: value})[name]
    return FilterField(
        name, str(field.label), field.id_for_label or "", field.is_hidden, field.as_widget()
    )


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
