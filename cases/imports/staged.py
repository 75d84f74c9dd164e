"""Incidents as they wait to be imported: as JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from cases.imports.incidents import Incident


def as_row(incident: Incident) -> dict[str, Any]:
    """Return an incident as JSON."""
    return {**asdict(incident), "opened_on": incident.opened_on.isoformat()}


def as_incident(row: Mapping[str, Any]) -> Incident:
    """Return the incident that a row holds."""
    return Incident(**{**row, "opened_on": date.fromisoformat(row["opened_on"])})
