"""Examples in the description of agencies and of who may be given something."""

from __future__ import annotations

ALPHA = {"short_name": "alpha", "name": "Alpha City Police"}
BRAVO = {"short_name": "bravo", "name": "Bravo County Sheriff"}
ANA = {"name": "Ana Ames", "email": "ana@alpha.example"}
BO = {"name": "Bo Banks", "email": "bo@bravo.example"}
SAM = {"name": "Sam Stone", "email": "sam@alpha.example"}

AGENCY = {
    "id": "0c4b5a6d-2fd3-4d1a-8f0f-0a8d6f7d9b01",
    **ALPHA,
    "ori": "ZZ0010000",
    "kind": "municipal",
    "tier": "full",
    "status": "active",
    "contact": "+1 555 0100",
    "state": "",
    "county": "",
    "time_zone": "UTC",
    "version": 1,
    "allowed_actions": [],
}
UNDER = {
    "id": "7c0a54f6-0f4b-4ab5-9a2e-0e7c6b3f8d02",
    "number": "MOU-2026-4418",
    "title": "Alpha and Bravo, burglary and robbery",
}
AGREEMENT = {
    **UNDER,
    "kind": "bilateral",
    "state": "in_effect",
    "categories": ["investigation", "incident_report"],
    "purposes": ["criminal_justice"],
    "level": "contribute",
    "onward": "consent",
    "effective_at": "2026-01-01T00:00:00Z",
    "expires_at": "2027-01-01T00:00:00Z",
    "parties": [{**ALPHA, "joined_at": "2026-01-01T00:00:00Z", "left_at": None}],
    "version": 1,
    "allowed_actions": [],
}
TASK_FORCE = {
    "id": "f4a8c4c6-58b5-4c55-8a2b-7b8c1f2f9a03",
    "short_name": "river",
    "name": "River Task Force",
    "lead": ALPHA,
    "agreement": UNDER,
    "people": 4,
    "version": 1,
    "allowed_actions": [],
}
TO_BRAVO = {
    "kind": "agency",
    "id": "2d7c9f0a-7a1f-4d0e-a6a1-6cf1c6d0de04",
    **BRAVO,
    "agency": None,
}
