"""What the search page shows: hits with what they matched, facets, what it is narrowed to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agencies.actors import Actor
from agencies.codetable import label
from agencies.models import Agency
from agencies.text_direction import isolated
from sharing.actions import Action
from sharing.models import Record
from sharing.naming import Name, names_of
from sharing.search import Hit, Narrowed, SearchPage, search, terms_of
from sharing.search.matching import matched
from sharing.search.snippets import marked

FILTERS = {
    "kind": "Kind",
    "status": "Status",
    "type": "Type",
    "owner": "Owner",
    "received": "Whose",
}
TABLES = {"kind": "item_kinds", "status": "case_statuses", "type": "case_types"}
WHOSE = {"true": "Received", "false": "Ours"}
OTHER_KINDS = {"case": "Case", "contribution": "Contribution"}


@dataclass(frozen=True)
class NamedHit:
    """A hit, and the case it is or sits in as the reader may see it named."""

    hit: Hit
    name: Name | None
    matched: str = ""
    snippet: Sequence[tuple[str, bool]] = ()

    @property
    def url(self) -> str:
        """Return where the hit is shown; an item is a place on its case's page of items."""
        if self.name is None:
            return ""
        if self.hit.case is None:
            return self.name.url
        return f"{self.name.url}items/#item-{self.hit.id}"

    @property
    def kind(self) -> str:
        """Return what it is, in a word."""
        return kind_name(self.hit.kind)


@dataclass(frozen=True)
class Choice:
    """One value of a filter, how many it would leave, and the address with or without it."""

    label: str
    count: int
    query: Mapping[str, str]


@dataclass(frozen=True)
class Facet:
    """One filter with the values that what was found has."""

    label: str
    choices: Sequence[Choice]


@dataclass(frozen=True)
class View:
    """A search as its page shows it."""

    text: str
    page: SearchPage
    hits: Sequence[NamedHit]
    facets: Sequence[Facet]
    chips: Sequence[Choice]
    query: Mapping[str, str]
    everything: bool


def found(actor: Actor, text: str, values: Mapping[str, Any], query: Mapping[str, str]) -> View:
    """Return what *actor* may see of a search; *query* is what its address carries."""
    everything = bool(values.get("all"))
    page = search(actor, text, _narrowed(values), after=values.get("cursor"), everything=everything)
    kept = {name: value for name, value in query.items() if name != "cursor"}
    owners = _owners(page)
    return View(
        text=text,
        page=page,
        hits=named_hits(actor, page.hits, text),
        facets=list(_facets(page, kept, owners)),
        chips=list(_chips(kept, owners)),
        query=kept,
        everything=everything,
    )


def named_hits(actor: Actor, hits: Sequence[Hit], text: str) -> list[NamedHit]:
    """Return *hits* with their cases named and what they matched, in one go."""
    names = names_of(actor, [hit.case or hit.id for hit in hits])
    terms = terms_of(text)
    said = matched(actor, hits, terms)
    return [
        NamedHit(
            hit,
            names.get(hit.case or hit.id),
            said.get(hit.id, ""),
            marked(hit.snippet.removeprefix(hit.title), terms.words),
        )
        for hit in hits
    ]


def records_of(actor: Actor, hits: Sequence[Hit]) -> list[Record]:
    """Return the records of *hits*, for the audit log."""
    ids = [hit.id for hit in hits]
    return list(Record.objects.permitting(actor, Action.LIST).filter(pk__in=ids)) if ids else []


def kind_name(kind: str) -> str:
    """Return what screens call a kind of record or of item."""
    return OTHER_KINDS.get(kind) or label("item_kinds", kind).capitalize()


def _narrowed(values: Mapping[str, Any]) -> Narrowed:
    kind = values.get("kind")
    return Narrowed(
        kinds=[kind] if kind else None,
        status=values.get("status", ""),
        type=values.get("type", ""),
        owner=values.get("owner", ""),
        received=values.get("received"),
    )


def _owners(page: SearchPage) -> dict[str, str]:
    """Return the names of the agencies whose records were found."""
    found = Agency.objects.filter(short_name__in=page.facets.get("owner", {}))
    return {agency.short_name or "": agency.name for agency in found}


def _facets(
    page: SearchPage, query: Mapping[str, str], owners: Mapping[str, str]
) -> Iterator[Facet]:
    """Yield the filters that would still narrow what was found."""
    for name, heading in FILTERS.items():
        counts = {value: n for value, n in page.facets.get(name, {}).items() if value}
        if name in query or sum(counts.values()) < 2 or len(counts) < 2:
            continue
        commonest = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
        choices = [
            Choice(_value_name(name, value, owners), number, {**query, name: value})
            for value, number in commonest
        ]
        yield Facet(heading, choices)


def _chips(query: Mapping[str, str], owners: Mapping[str, str]) -> Iterator[Choice]:
    """Yield what the search is narrowed to, each with the address without it."""
    for name, heading in FILTERS.items():
        if name in query:
            without = {key: value for key, value in query.items() if key != name}
            named = _value_name(name, query[name], owners)
            yield Choice(f"{heading}: {isolated(named)}", 0, without)


def _value_name(filter_name: str, value: str, owners: Mapping[str, str]) -> str:
    if filter_name == "owner":
        return owners.get(value, value)
    if filter_name == "received":
        return WHOSE[value]
    return kind_name(value) if filter_name == "kind" else label(TABLES[filter_name], value)
