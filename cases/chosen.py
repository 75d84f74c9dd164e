"""The cases that somebody chose in a list: those ticked, or all that the list held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.http import QueryDict

from agencies.actors import Actor
from cases.list_page import filters_of, values_in
from sharing.listing import page

EVERYTHING = "every"
"""Set where not the ticked ones are meant but all that meet the filters."""


@dataclass(frozen=True)
class Chosen:
    """The keys of what was chosen, newest first where it is everything, and whether that is cut."""

    ids: Sequence[UUID]
    cut: bool = False


def chosen_in(actor: Actor, said: QueryDict, session: SessionBase, *, most: int) -> Chosen:
    """Return at most *most* of the cases that an address or a form names.

    Everything is read anew from the filters, for this reader, now: what a page showed before is no
    leave.  Ids that are ticked are only ids; whoever uses them asks the rule.
    """
    if said.get(EVERYTHING):
        found = page(actor, filters_of(values_in(said, session)), size=most)
        return Chosen([key.id for key in found.keys], cut=found.next is not None)
    ids = list(dict.fromkeys(_ids(said.getlist("case"))))
    return Chosen(ids[:most], cut=len(ids) > most)


def _ids(said: Sequence[str]) -> list[UUID]:
    found = []
    for text in said:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
