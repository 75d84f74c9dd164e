"""The cases and items of a world file, opened and added by the people it names."""

from __future__ import annotations

from typing import Any

from agencies.actors import acting_as
from cases.models import Case
from cases.services import add_item, add_to_series, amend_case, open_case
from cases.world.cast import Cast
from cases.world.entries import Entry, absolute

AS_THEY_ARE = (
    "category",
    "sensitivity",
    "findability",
    "handling",
    "restrictions",
    "offences",
)
ROADS = {
    "suspended": ("suspended",),
    "prosecution": ("prosecution",),
    "closed": ("closed",),
    "archived": ("closed", "archived"),
}
"""Statuses in which no case is opened, and the way to them."""

TIMES = ("from", "to", "used_from", "used_to", "collected_on")


def load_case(cast: Cast, entry: Entry) -> None:
    """Open a case with the items of its own agency; what partners add comes when they may."""
    entry.knows(
        "key",
        "by",
        "agency",
        "class",
        "title",
        "summary",
        "type",
        "own_number",
        "status",
        "disposition",
        "opened_on",
        "items",
        "members",
        *AS_THEY_ARE,
    )
    agency = cast.agency(entry, entry.text("agency")) if "agency" in entry.values else None
    opener = cast.hat(entry, entry.text("by"), agency.pk if agency else None)
    with entry.blamed():
        case = _opened(cast, entry, opener)
    cast.remember(entry, case.pk)
    cast.at[entry.place] = case
    if entry.key:
        cast.cases[entry.key] = case
        cast.openers[entry.key] = opener
    for item in own_items(cast, entry, case):
        _add(cast, item, case, entry.text("by"))


def _opened(cast: Cast, entry: Entry, opener: Any) -> Case:
    actor = acting_as(opener)
    status = entry.text("status", "open")
    values = {name: entry.get(name) for name in AS_THEY_ARE if name in entry.values}
    case = open_case(
        actor,
        title=entry.text("title"),
        summary=entry.text("summary", ""),
        type=entry.text("type", "other_offense"),
        grouping=entry.text("class", Case.Class.INVESTIGATION),
        own_number=entry.text("own_number", ""),
        status="open" if status in ROADS else status,
        opened_on=entry.day("opened_on"),
        **values,
    )
    for step in ROADS.get(status, ()):
        why = entry.text("disposition", "")
        more = {"disposition": why} if step == "closed" and why else {}
        case = amend_case(actor, case.pk, version=case.record.version, status=step, **more)
    return case


def own_items(cast: Cast, entry: Entry, case: Case) -> list[Entry]:
    """Return the items that the case's own agency adds."""
    return [item for item in entry.entries("items") if _adder(cast, item, case) == case.agency_id]


def load_contributions(cast: Cast, entry: Entry) -> None:
    """Add the items of a case that partners contribute, now that they may."""
    case = cast.at[entry.place]
    for item in entry.entries("items"):
        if _adder(cast, item, case) != case.agency_id:
            _add(cast, item, case, item.text("by"))


def load_members(cast: Cast, entry: Entry) -> None:
    """Say of which cases of the file a series is made, those included that it was given."""
    names = entry.texts("members", [])
    if not names:
        return
    case, members = cast.at[entry.place], [cast.case(entry, name).pk for name in names]
    with entry.blamed():
        actor = cast.actor(entry, entry.text("by"), case.agency_id)
        add_to_series(actor, case.pk, members=members)


def _adder(cast: Cast, item: Entry, case: Case) -> Any:
    """Return the agency of whoever adds an item."""
    by = item.text("by", None)
    if not by:
        return case.agency_id
    hats = [hat.agency_id for hat in cast.hats.get(by, ())]
    return case.agency_id if case.agency_id in hats else cast.hat(item, by).agency_id


def _dated(item: Entry) -> object:
    """Return the fields of an item with relative times made absolute, as -40d or -40dT22:15."""
    fields = item.get("fields", None)
    if not isinstance(fields, dict):
        return fields
    return {
        name: absolute(value) if name in TIMES and isinstance(value, str) else value
        for name, value in fields.items()
    }


def _add(cast: Cast, item: Entry, case: Case, opener: str) -> None:
    item.knows(
        "key", "by", "kind", "title", "role", "fields", "withheld", "sensitivity", "restrictions"
    )
    by = item.text("by", None)
    actor = cast.actor(item, by or opener, _adder(cast, item, case))
    more = {name: item.get(name) for name in ("sensitivity", "restrictions") if name in item.values}
    with item.blamed():
        added = add_item(
            actor,
            case.pk,
            kind=item.text("kind"),
            title=item.text("title"),
            role=item.text("role", ""),
            fields=_dated(item),
            withheld=item.flag("withheld"),
            **more,
        )
    cast.remember(item, added.pk)
