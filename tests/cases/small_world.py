"""A small world: four agencies, two cases, a partner who adds, requests and grants of each kind."""

from __future__ import annotations

import copy
from typing import Any

from agencies.actors import Actor, acting_as
from agencies.models import Membership


def member(name: str, agency: str, *roles: str, ceiling: str = "confidential") -> dict[str, Any]:
    return {
        "email": f"{name}@{agency}.example",
        "name": name.title(),
        "totp_secret": "JBSWY3DPEHPK3PXP",
        "memberships": [{"agency": agency, "roles": list(roles), "ceiling": ceiling}],
    }


SMALL: dict[str, Any] = {
    "agencies": [
        {"short_name": "alpha", "name": "Alpha City Police", "ori": "ZZ0010000"},
        {"short_name": "bravo", "name": "Bravo Sheriff", "kind": "county", "status": "active"},
        {"short_name": "cairo", "name": "Cairo Police", "status": "suspended"},
        {"short_name": "dover", "name": "Dover Police", "status": "directory", "ori": "ZZ0040000"},
    ],
    "people": [
        member("ana", "alpha", "analyst"),
        member("abe", "alpha", "analyst"),
        member("sam", "alpha", "supervisor"),
        member("bo", "bravo", "analyst"),
        member("stella", "bravo", "supervisor"),
        member("cy", "cairo", "analyst"),
    ],
    "agreements": [
        {
            "key": "M1",
            "title": "Alpha and Bravo",
            "parties": ["alpha", "bravo", "cairo"],
            "categories": ["investigation", "incident_report"],
            "purposes": ["criminal_justice"],
            "level": "contribute",
            "onward": "consent",
            "effective": "-30d",
            "expires": "+365d",
        }
    ],
    "task_forces": [
        {
            "short_name": "river",
            "name": "River Task Force",
            "lead": "alpha",
            "agreement": "M1",
            "members": [{"email": "bo@bravo.example", "agency": "bravo"}],
        }
    ],
    "cases": [
        {
            "key": "K1",
            "by": "ana@alpha.example",
            "class": "investigation",
            "title": "Pry bars",
            "type": "robbery",
            "own_number": "24-1832",
            "findability": "contact_only",
            "opened_on": "-40d",
            "items": [
                {"key": "K1.v1", "kind": "vehicle", "title": "Civic", "role": "used"},
                {"key": "K1.p1", "kind": "person", "title": "Vera", "role": "victim"},
                {
                    "key": "K1.e1",
                    "kind": "event",
                    "title": "Entry",
                    "withheld": True,
                    "fields": {"from": "-41d", "to": "-41dT23:10"},
                },
                {"key": "K1.b1", "by": "bo@bravo.example", "kind": "note", "title": "Seen here"},
            ],
        },
        {
            "key": "K2",
            "by": "sam@alpha.example",
            "title": "Closed one",
            "type": "theft",
            "status": "archived",
            "disposition": "cleared_arrest",
            "sensitivity": "routine",
        },
    ],
    "requests": [
        {
            "key": "r1",
            "case": "K2",
            "by": "bo@bravo.example",
            "level": "view",
            "purpose": "criminal_justice",
            "for_case": "BR-77",
            "reason": "Same hand",
            "until": "+30d",
            "decide": None,
        },
        {
            "key": "r2",
            "case": "K1",
            "by": "ana@alpha.example",
            "direction": "offer",
            "to": "bo@bravo.example",
            "decide": {"by": "sam@alpha.example", "as": "approve", "items": ["K1.v1"]},
        },
        {
            "key": "r3",
            "case": "K2",
            "by": "bo@bravo.example",
            "decide": {
                "by": "sam@alpha.example",
                "as": "deny",
                "reason_code": "nothing_releasable",
            },
        },
    ],
    "grants": [
        {
            "key": "g1",
            "case": "K1",
            "to": "bravo",
            "by": "sam@alpha.example",
            "level": "contribute",
            "agreement": "M1",
            "until": "+30d",
            "items": "all",
            "later": "except_protected",
            "acknowledged": True,
        },
        {
            "key": "g2",
            "standing": True,
            "from": "alpha",
            "to": "river",
            "category": "incident_report",
            "level": "view",
            "until": "+90d",
            "by": "sam@alpha.example",
        },
        {
            "key": "g3",
            "case": "K2",
            "to": "cairo",
            "by": "sam@alpha.example",
            "conditions": {"unmask": True, "export": True},
        },
    ],
}


def small(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(SMALL), **changes}


def acting(email: str) -> Actor:
    return acting_as(Membership.objects.select_related("person").get(person__email=email))
