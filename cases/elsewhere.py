"""Where a name stands beside the item that it belongs to: other texts of its case, and versions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from agencies.actors import Actor
from agencies.text_direction import isolated
from cases.models import Case, Item
from sharing.actions import Action
from sharing.models import Record, Revision

SHORTEST = 3
"""Shorter parts of a name stand in too many words to look for them."""

MOST = 50


@dataclass(frozen=True)
class Place:
    """One text in which a name stands; what it is called, and where it is changed."""

    what: str
    url: str


def places_of_name(actor: Actor, record: Record) -> list[Place]:
    """Return the other texts of a case in which the name of one of its items stands.

    Of what the actor's agency owns and the actor may see; the last parts of the list are earlier
    versions, which only their purge takes away.
    """
    item = Item.objects.permitting(actor, Action.EDIT).select_related("record").get(pk=record.pk)
    named = name_pattern(item)
    if named is None:
        return []
    case = (
        Case.objects.permitting(actor, Action.EDIT)
        .select_related("record")
        .filter(pk=record.case_id)
        .first()
    )
    others = list(
        Item.objects.permitting(actor, Action.EDIT)
        .select_related("record")
        .filter(record__case_id=record.case_id, record__owner_id=actor.agency_id)
        .exclude(pk=item.pk)
        .order_by("record__created_at")
    )
    found = [*_in_case(case, named), *_in_items(others, named)]
    known = [*(one.record for one in others), *([case.record] if case else [])]
    return [*found, *_in_versions(known, named)][:MOST]


def name_pattern(item: Item) -> re.Pattern[str] | None:
    """Return what finds the name of an item, whole or by its parts; None where it has none."""
    said = [item.record.title, *(str(item.fields.get(part, "")) for part in ("given", "surname"))]
    words = {word for text in said for word in re.findall(r"\w+", text) if len(word) >= SHORTEST}
    words -= set(re.findall(r"\w+", item.record.label))
    if not words:
        return None
    either = "|".join(re.escape(word) for word in sorted(words))
    return re.compile(rf"\b({either})\b", re.IGNORECASE)


def _in_case(case: Case | None, named: re.Pattern[str]) -> Iterable[Place]:
    if case is None:
        return
    url = reverse("case_edit", args=[case.pk])
    if named.search(case.record.title):
        yield Place("Title of the case", url)
    if named.search(case.summary):
        yield Place("Summary of the case", url)


def _in_items(items: Iterable[Item], named: re.Pattern[str]) -> Iterable[Place]:
    for item in items:
        texts = [item.record.title, json.dumps(item.fields, ensure_ascii=False)]
        if any(named.search(text) for text in texts):
            yield Place(f"{item.get_kind_display()}: {isolated(item.record.title)}", _edit(item))


def _edit(item: Item) -> str:
    return reverse("item_edit", args=[item.pk])


def _in_versions(records: Iterable[Record], named: re.Pattern[str]) -> Iterable[Place]:
    """Yield the earlier versions of records, all but the present ones, in which it stands."""
    by_key = {record.pk: record for record in records}
    present: set[UUID] = set()
    for version in Revision.objects.filter(record_id__in=by_key).order_by("-version"):
        if version.record_id not in present:
            present.add(version.record_id)
            continue
        record = by_key[version.record_id]
        if named.search(json.dumps(version.content, ensure_ascii=False)):
            what = "the case" if record.case_id is None else record.label or record.title
            yield Place(f"Version {version.version} of {what}", "")
