"""Text that names a protected person, in what others than their agency read.

A warning to whoever writes, never a rule: what may be seen is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from agencies.actors import NOBODY, Actor
from agencies.codes import Level
from agencies.models import Membership
from agencies.text_direction import isolated
from cases.models import Case, Item
from cases.protection import NAMED_BY_ROLE
from sharing.actions import Action
from sharing.contributions import contribution_of
from sharing.models import Access
from sharing.normalize import words_of

POSSESSIVE = re.compile(r"[’']s\b", re.IGNORECASE)
LISTED_NAMES = ("aliases", "monikers")


@dataclass(frozen=True)
class Exposure:
    """That a text names somebody of whom some of its readers may not know who it is."""

    where: str
    label: str
    name: str
    agencies: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"“{self.where}” names {self.label} ({isolated(self.name)}), "
            f"who is held back from {', '.join(map(isolated, self.agencies))}."
        )


@dataclass(frozen=True)
class Texts:
    """What is about to be said, by the words of its fields; titles are read more widely.

    ``item`` is the item that says it, as it is saved; ``masked`` that its words are shown only to
    whom identities are released; ``withheld`` that no case is to bring it to anybody.
    """

    titles: Mapping[str, str]
    body: Mapping[str, str]
    item: Item | None = None
    masked: bool = False
    withheld: bool = False


def exposures(actor: Actor, case_id: UUID, texts: Texts) -> list[Exposure]:
    """Return which protected people of the actor's agency *texts* would name to whom, in order."""
    if not _could_name(texts):
        return []
    covers = _covers(actor, case_id, texts)
    people = list(_protected_people(actor, case_id, but=texts.item.pk if texts.item else None))
    found: list[Exposure] = []
    for said, least in ((texts.titles, Level.SUMMARY), (texts.body, Level.VIEW)):
        named = list(_named_in(said, people))
        if named:
            readers = _readers(actor, covers, least=least, unmasked=texts.masked)
            found += _exposed(named, readers)
    return found


def _could_name(texts: Texts) -> bool:
    return any(text.strip() for text in (*texts.titles.values(), *texts.body.values()))


def _covers(actor: Actor, case_id: UUID, texts: Texts) -> list[UUID]:
    """Return the records whose readers read the texts: the item, or what is to cover it."""
    itself = [texts.item.pk] if texts.item else []
    if texts.withheld or (texts.item and not texts.item.withheld):
        return itself
    owned = Case.objects.permitting(actor, Action.EDIT).filter(pk=case_id).exists()
    own = None if owned else contribution_of(actor.agency_id or NOBODY, case_id)
    return [*itself, own.pk if own else case_id]


def _protected_people(actor: Actor, case_id: UUID, *, but: UUID | None) -> Iterable[Item]:
    """Return the people and organizations of a case that are masked or held back."""
    items = Item.objects.permitting(actor, Action.EDIT).select_related("record")
    hidden = Q(record__protected=True) | Q(withheld=True)
    return items.filter(hidden, record__case_id=case_id, kind__in=NAMED_BY_ROLE).exclude(pk=but)


def _named_in(said: Mapping[str, str], people: Iterable[Item]) -> Iterator[tuple[str, Item, str]]:
    """Yield where one of *people* is named, and by which words."""
    folded = {where: _folded(text) for where, text in said.items() if text.strip()}
    for person in people:
        for name in names_of_person(person):
            places = [where for where, text in folded.items() if f" {_key(name)} " in text]
            if places and _key(name):
                yield from ((where, person, name) for where in places)
                break


def names_of_person(item: Item) -> list[str]:
    """Return what gives a person or an organization away: surname, name and other names."""
    fields: Mapping[str, Any] = item.fields
    own = [str(fields[part]) for part in ("surname", "name") if fields.get(part)]
    others = [str(one) for several in LISTED_NAMES for one in fields.get(several, ())]
    return [*(own or _names_in_title(item.record.title)), *others]


def _names_in_title(title: str) -> list[str]:
    """Return the names that a title is made of: all of it and, of capitalized words, the last."""
    words = title.split()
    if len(words) > 1 and all(word[:1].isupper() for word in words):
        return [title, words[-1]]
    return [title] if title[:1].isupper() else []


def _readers(
    actor: Actor, covers: Iterable[UUID], *, least: Level, unmasked: bool
) -> dict[UUID, set[str]]:
    """Return who of other agencies reads these records: memberships with their agency's name."""
    ways = Access.objects.filter(record__in=list(covers), level__gte=least)
    if unmasked:
        ways = ways.filter(unmask=True)
    posts = Membership.objects.filter(pk__in=set(ways.values_list("membership", flat=True)))
    others = posts.exclude(agency_id=actor.agency_id or NOBODY).select_related("agency")
    return {post.pk: {post.agency.name} for post in others}


def _exposed(
    named: list[tuple[str, Item, str]], readers: Mapping[UUID, set[str]]
) -> Iterator[Exposure]:
    people = {item.pk for _, item, _ in named}
    ways = Access.objects.filter(record__in=people, level__gte=Level.VIEW, unmask=True)
    knowing = set(ways.values_list("record", "membership"))
    for where, item, name in named:
        unknowing = [post for post in readers if (item.pk, post) not in knowing]
        agencies = sorted(set().union(*(readers[post] for post in unknowing)))
        if agencies:
            yield Exposure(where, item.record.label, name, tuple(agencies))


def _folded(text: str) -> str:
    """Return the words of a text, folded and between blanks, a possessive like the name itself."""
    return f" {_key(text)} "


def _key(text: str) -> str:
    return " ".join(words_of(POSSESSIVE.sub(" ", text)))
