"""Things to call the interface about, made through it."""

from __future__ import annotations

from typing import Any

from rest_framework.test import APIClient

from cases.models import Case, Item
from ledger.models import Event
from sharing.models import Grant, Record, ShareRequest, StandingGrant
from tests.api.conftest import API, Caller, post
from tests.cast import in_days

CASE = {
    "title": "Garage burglaries",
    "summary": "Four entries with the same pry marks.",
    "type": "burglary",
    "own_number": "24-1832",
    "sensitivity": "sensitive",
    "findability": "contact_only",
}
PERSON = {
    "kind": "person",
    "title": "Vera Vale",
    "role": "victim",
    "fields": {"given": "Vera", "surname": "Vale"},
}
CAR = {"kind": "vehicle", "title": "Blue Civic", "role": "seen", "fields": {"plate": "7ABC123"}}
READS = ("record.opened", "record.listed", "record.refused")


def terms(**changes: Any) -> dict[str, Any]:
    """Return what every request says."""
    return {
        "level": "view",
        "purpose": "criminal_justice",
        "for_case": "BR-77",
        "reason": "Same pry marks on four entries in our county.",
        "until": in_days(30).isoformat(),
        "items": "all",
        "later": "except_protected",
        **changes,
    }


def made(answer: Any) -> dict[str, Any]:
    """Return what was made; fail with the answer otherwise."""
    assert answer.status_code in (200, 201), answer.content
    found: dict[str, Any] = answer.json()
    return found


def a_case(client: APIClient, **changes: Any) -> str:
    """Return the id of a new case."""
    return str(made(post(client, "cases", {**CASE, **changes}))["id"])


def an_item(client: APIClient, case: str, **changes: Any) -> str:
    """Return the id of a new item, a car unless said."""
    return str(made(post(client, f"cases/{case}/items", {**CAR, **changes}))["id"])


def an_offer(client: APIClient, case: str, to: Any = "bravo", **changes: Any) -> str:
    """Return the id of an offer of a case."""
    offer = {"direction": "offer", "record": case, "to": to, **terms(**changes)}
    return str(made(post(client, "share-requests", offer))["id"])


def a_grant(caller: Caller, case: str, **changes: Any) -> str:
    """Return the id of the grant of a case that Ana offers to Bravo and Sam approves."""
    request = an_offer(caller("ana"), case, **changes)
    made(post(caller("sam"), f"share-requests/{request}/approve"))
    rows = caller("ana").get(f"{API}grants?record={case}").json()["results"]
    return str(next(row["id"] for row in rows if row["request"]["id"] == request))


def state_of_things() -> dict[str, Any]:
    """Return what a refused call must leave as it was."""
    why = "a test looks at everything"
    return {
        "records": sorted(Record.objects.unrestricted(why).values_list("pk", "version")),
        "cases": Case.objects.unrestricted(why).count(),
        "items": Item.objects.unrestricted(why).count(),
        "requests": sorted(ShareRequest.objects.values_list("pk", "state", "version")),
        "grants": sorted(Grant.objects.values_list("pk", "version")),
        "standing": StandingGrant.objects.count(),
        "events": Event.objects.exclude(kind__in=READS).count(),
    }
