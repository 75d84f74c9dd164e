"""What a case said before: who saved each version, and what they changed in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from agencies.actors import Actor
from agencies.codes import Sensitivity
from agencies.codetable import label
from sharing.models import Revision
from sharing.revisions import revisions_of

MOST = 20
ORDER = (
    *("title", "status", "disposition", "type", "own_number", "summary", "opened_on"),
    *("findability", "grouping", "category", "sensitivity", "handling"),
    *("restrictions", "offences"),
)
WORDS = {
    "own_number": "Own number",
    "opened_on": "Opened on",
    "grouping": "Class",
    "category": "Data category",
    "findability": "Who can find this",
    "sensitivity": "How closely held",
    "offences": "Offenses",
    "restrictions": "Legal restrictions",
}
TABLES = {
    "type": "case_types",
    "status": "case_statuses",
    "grouping": "case_classes",
    "category": "categories",
    "findability": "findabilities",
    "disposition": "dispositions",
}


@dataclass(frozen=True)
class Change:
    """One field of a case, before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Version:
    """A version of a case: when and by whom it was saved, and what it changed of the one before."""

    number: int
    at: datetime
    who: str
    changes: list[Change]


def versions_of(actor: Actor, case_id: UUID) -> list[Version]:
    """Return the newest versions of a case of the actor's own agency, the newest first.

    A case's version moves on with its items too; only what changed the case itself is here.
    """
    found = list(revisions_of(actor, case_id)[: MOST + 1])
    pairs = zip(found, [*found[1:], None], strict=True)
    return [_version(newer, older) for newer, older in pairs][:MOST]


def _version(newer: Revision, older: Revision | None) -> Version:
    return Version(
        number=newer.version,
        at=newer.saved_at,
        who=newer.saved_by.person.name if newer.saved_by else "Import",
        changes=_changes(newer.content, older.content) if older else [],
    )


def _changes(newer: Mapping[str, Any], older: Mapping[str, Any]) -> list[Change]:
    """Return what differs in fields that both versions kept."""
    return [
        Change(
            WORDS.get(name, name.capitalize()), _words(name, older[name]), _words(name, newer[name])
        )
        for name in ORDER
        if name in newer and name in older and newer[name] != older[name]
    ]


def _words(name: str, value: Any) -> str:
    """Return a value of a version as a person reads it."""
    if value in ("", None, []):
        return "—"
    if name in TABLES:
        return label(TABLES[name], str(value))
    if name == "sensitivity":
        return str(Sensitivity(value).label)
    if name == "offences":
        return "; ".join(str(one.get("nibrs", "")) for one in value)
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)
