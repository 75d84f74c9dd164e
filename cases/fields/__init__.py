"""What an item says, by kind: known names only, each value checked and written one way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agencies.refusals import Invalid
from cases.fields.checks import moment_of
from cases.fields.identifiers import phone, vin_is_doubtful
from cases.fields.kinds import ALSO_KNOWN_AS, EVERY, FIELDS

FIRST_CHECKED = 1981
"""Model year from which a VIN has a check digit (49 CFR 565)."""

DERIVED = ("warnings", "number_as_received")
"""Fields that are worked out here; sent back by a program, they are worked out anew."""


def clean_fields(kind: str, sent: object) -> dict[str, Any]:
    """Return the fields of an item of *kind* as they are kept; Invalid names each field in error.

    Blank and null values are left out.  What is doubtful but not wrong is listed in ``warnings``.
    """
    if not isinstance(sent, Mapping):
        raise Invalid({"fields": "This must be an object of fields."})
    checks = {**EVERY, **FIELDS[kind]}
    kept: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, value in named(kind, sent).items():
        if name not in checks:
            errors[f"fields.{str(name)[:80]!a}".replace("'", "")] = f"A {kind} has no such field."
        elif value is not None:
            try:
                kept[name] = checks[name](value)
            except ValueError as error:
                errors[f"fields.{name}"] = str(error)
    kept = {name: value for name, value in kept.items() if value not in ("", [])}
    errors |= _disagreeing(kept) if not errors else {}
    if errors:
        raise Invalid(errors)
    return kept | _derived(kind, kept, sent)


def named(kind: str, sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was sent under the names that this table uses, without what is worked out."""
    aliases = ALSO_KNOWN_AS.get(kind, {})
    return {aliases.get(name, name): value for name, value in sent.items() if name not in DERIVED}


def _disagreeing(kept: Mapping[str, Any]) -> dict[str, str]:
    """Return the errors of fields that are right alone and wrong together."""
    errors = {}
    for first, last in (("from", "to"), ("used_from", "used_to")):
        if first in kept and last in kept and moment_of(kept[first]) > moment_of(kept[last]):
            errors[f"fields.{last}"] = "The end lies before the beginning."
    if "age_from" in kept and kept.get("age_to", kept["age_from"]) < kept["age_from"]:
        errors["fields.age_to"] = "This is less than the lowest age."
    if ("lat" in kept) != ("lon" in kept):
        errors["fields.lat" if "lon" in kept else "fields.lon"] = "Give both or neither."
    if kept.get("lat") == 0 and kept.get("lon") == 0:
        errors["fields.lat"] = "0, 0 stands for a place that is not known; leave both out."
    return errors


def _derived(kind: str, kept: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    derived: dict[str, Any] = {}
    numbered = kept.get("year", FIRST_CHECKED) >= FIRST_CHECKED
    if kind == "vehicle" and numbered and vin_is_doubtful(kept.get("vin", "")):
        derived["warnings"] = ["vin_check_digit"]
    if kind == "phone" and "number" in kept:
        earlier = str(sent.get("number_as_received", ""))[:40]
        same = bool(earlier) and phone(earlier) == kept["number"]
        received = earlier if same else str(named(kind, sent)["number"])
        if received.strip() != kept["number"]:
            derived["number_as_received"] = received.strip()
        if not kept["number"].startswith("+"):
            derived["warnings"] = ["number_incomplete"]
    return derived
