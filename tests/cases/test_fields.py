"""What items say, by kind: known names, checked values, one spelling."""

from __future__ import annotations

from typing import Any

import pytest

from agencies.refusals import Invalid
from cases.fields import clean_fields
from cases.fields.identifiers import vin_is_doubtful


def errors(kind: str, fields: Any) -> set[str]:
    """Return the names of the fields that are refused."""
    with pytest.raises(Invalid) as refused:
        clean_fields(kind, fields)
    return set(refused.value.errors)


@pytest.mark.parametrize(
    ("kind", "sent", "kept"),
    [
        (
            "person",
            {"given": " Ann  Lee ", "surname": "Roe"},
            {"given": "Ann Lee", "surname": "Roe"},
        ),
        (
            "person",
            {"last_name": "Roe", "date_of_birth": "1990-02-01"},
            {"surname": "Roe", "dob": "1990-02-01"},
        ),
        (
            "person",
            {"aliases": "Red", "age_from": "20", "sex": "F"},
            {"aliases": ["Red"], "age_from": 20, "sex": "F"},
        ),
        ("person", {"given": "", "aliases": [], "middle": None}, {}),
        (
            "vehicle",
            {"lic": "abc-12 3", "lis": "or", "vyr": 1999},
            {"plate": "ABC123", "plate_state": "OR", "year": 1999},
        ),
        ("vehicle", {"vin": "1hgcm82633a004352"}, {"vin": "1HGCM82633A004352"}),
        (
            "vehicle",
            {"vin": "1HGCM82634A004352"},
            {"vin": "1HGCM82634A004352", "warnings": ["vin_check_digit"]},
        ),
        ("vehicle", {"vin": "ABC12345"}, {"vin": "ABC12345"}),
        (
            "phone",
            {"number": "(212) 555-0133"},
            {"number": "+12125550133", "number_as_received": "(212) 555-0133"},
        ),
        ("phone", {"number": "+12125550133"}, {"number": "+12125550133"}),
        ("phone", {"number": "555-01"}, {"number": "555-01", "warnings": ["number_incomplete"]}),
        (
            "place",
            {"latitude": 45.5, "longitude": -122.6, "precision": "street"},
            {"lat": 45.5, "lon": -122.6, "precision": "street"},
        ),
        (
            "event",
            {"from": "2026-01-01", "to": "2026-01-01T10:00:00Z"},
            {"from": "2026-01-01", "to": "2026-01-01T10:00:00Z"},
        ),
        (
            "property",
            {"serial": "ab 12", "value": 10, "status": "stolen"},
            {"serial": "AB 12", "value": 10, "status": "stolen"},
        ),
        ("account", {"platform": "chat", "username": "nw"}, {"platform": "chat", "handle": "nw"}),
        ("phone", {"number": " "}, {}),
        (
            "phone",
            {"number": "+999 123 456"},
            {"number": "+999 123 456"},
        ),
        ("note", {"text": "One\n\nTwo"}, {"text": "One\n\nTwo"}),
        ("document", {"date": "2026-01-01", "body": "x"}, {"dated": "2026-01-01", "text": "x"}),
        (
            "organization",
            {"name": "Crew", "reliability": "B"},
            {"name": "Crew", "reliability": "B"},
        ),
    ],
)
def test_fields_are_kept_under_one_name_in_one_spelling(
    kind: str, sent: dict[str, Any], kept: dict[str, Any]
) -> None:
    assert clean_fields(kind, sent) == kept


def test_what_was_kept_is_kept_again_when_it_is_sent_back() -> None:
    once = clean_fields("phone", {"number": "(212) 555-0133"})
    assert clean_fields("phone", once) == once
    changed = clean_fields("phone", {**once, "number": "212 555 0144"})
    assert changed == {"number": "+12125550144", "number_as_received": "212 555 0144"}


@pytest.mark.parametrize(
    ("kind", "sent", "named"),
    [
        ("person", {"colour": "red"}, {"fields.colour"}),
        ("note", {"vin": "1HGCM82633A004352"}, {"fields.vin"}),
        ("person", {"dob": "2999-01-01"}, {"fields.dob"}),
        ("person", {"dob": "1800-01-01"}, {"fields.dob"}),
        ("person", {"dob": "yesterday", "sex": "Q"}, {"fields.dob", "fields.sex"}),
        ("person", {"age_from": 40, "age_to": 30}, {"fields.age_to"}),
        ("person", {"age_from": True}, {"fields.age_from"}),
        ("person", {"age_from": "9" * 12}, {"fields.age_from"}),
        ("person", {"deceased": "no"}, {"fields.deceased"}),
        ("person", {"aliases": [1]}, {"fields.aliases"}),
        ("person", {"aliases": {"a": 1}}, {"fields.aliases"}),
        ("person", {"given": "a\x00"}, {"fields.given"}),
        ("person", {"given": "\ud800"}, {"fields.given"}),
        ("person", {"given": "x" * 201}, {"fields.given"}),
        ("note", {"text": "x" * 1_000_000}, {"fields.text"}),
        ("vehicle", {"vin": "1HGCM82633A0043529"}, {"fields.vin"}),
        ("vehicle", {"plate": "!!!"}, {"fields.plate"}),
        ("vehicle", {"plate_state": "Oregon"}, {"fields.plate_state"}),
        ("phone", {"number": "none"}, {"fields.number"}),
        ("phone", {"number": 5550100}, {"fields.number"}),
        ("place", {"lat": 91, "lon": 0}, {"fields.lat"}),
        ("place", {"lat": float("nan"), "lon": 0}, {"fields.lat"}),
        ("place", {"lat": 45.5}, {"fields.lon"}),
        ("place", {"lon": 45.5}, {"fields.lat"}),
        ("place", {"lat": 0, "lon": 0}, {"fields.lat"}),
        ("place", {"precision": "about"}, {"fields.precision"}),
        ("event", {"from": "2026-01-02", "to": "2026-01-01"}, {"fields.to"}),
        ("event", {"from": "noon"}, {"fields.from"}),
        ("event", {"premises_entered": 1.5}, {"fields.premises_entered"}),
        ("person", ["given"], {"fields"}),
        ("person", "given", {"fields"}),
    ],
)
def test_what_makes_no_sense_is_refused_by_the_name_of_the_field(
    kind: str, sent: Any, named: set[str]
) -> None:
    assert errors(kind, sent) == named


@pytest.mark.parametrize(
    ("vin", "doubtful"),
    [
        ("1M8GDM9AXKP042788", False),
        ("11111111111111111", False),
        ("1M8GDM9A1KP042788", True),
        ("IM8GDM9AXKP042788", True),
        ("SHORT", False),
    ],
)
def test_the_check_digit_of_a_vin_warns(vin: str, doubtful: bool) -> None:
    assert vin_is_doubtful(vin) is doubtful
