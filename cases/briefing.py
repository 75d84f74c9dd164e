"""What stands on a briefing copy: the same values as on screen, and the marks of every page."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from agencies.codetable import label
from cases.item_words import facts_of
from cases.models import Item
from cases.presentation import shown_case, shown_item
from cases.services.printing import Printed

LES = "LES"


def briefing_of(printed: Printed) -> dict[str, Any]:
    """Return what the template of a briefing copy is filled with; times in the zone in force."""
    case = shown_case(printed.case)
    owner = printed.case.record.owner_id
    own = [item for item in printed.items if item.record.owner_id == owner]
    others = [item for item in printed.items if item.record.owner_id != owner]
    return {
        "marks": marks_of(printed, case),
        "title": case["title"] or case["number"],
        "facts": facts_of_case(case),
        "summary": case["summary"] or "",
        "items": [item_of(item) for item in own],
        "contributed": [item_of(item) for item in others],
        "left_out": printed.reached - len(printed.items),
    }


def marks_of(printed: Printed, case: dict[str, Any]) -> dict[str, str]:
    """Return what every page says: how it is handled, and whose copy it is."""
    copy, post = printed.copy, printed.copy.membership
    handling = " · ".join(label("handling", one) for one in case["handling"]) or LES
    consent = f" without the consent of {case['owner']['name']}" if case["received"] else ""
    return {
        "handling": handling,
        "number": copy.number,
        "case": case["number"],
        "copy": (
            f"Copy {copy.number} for {copy.recipient}"
            f" by {post.person.name}, {post.agency.name}, {moment(copy.issued_at)}."
        ),
        "purpose": f"{label('purposes', copy.purpose)}, {copy.for_case}.",
        "onward": f"Not to be passed on{consent}. Stays inside {post.agency.name}.",
    }


def facts_of_case(case: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the particulars of a case as lines of label and words, leaving out what is empty."""
    lines = [
        ("Number", case["number"]),
        ("Owner", case["owner"]["name"]),
        ("Owner's number", case["own_number"]),
        ("Duty desk", case["contact"]),
        ("Class", label("case_classes", case["class"])),
        ("Type", label("case_types", case["type"])),
        ("Status", label("case_statuses", case["status"])),
        ("Disposition", label("dispositions", case["disposition"] or "")),
        ("Sensitivity", label("sensitivities", case["sensitivity"])),
        ("Opened", day(case["opened_on"])),
        ("Last changed", moment(case["touched_at"])),
        ("Version", str(case["version"])),
    ]
    return [(name, words) for name, words in lines if words]


def item_of(item: Item) -> dict[str, Any]:
    """Return an item as its reader sees it on screen: masked, by its generated title alone."""
    shown = shown_item(item)
    fields = shown["fields"] or {}
    held = {
        "Identity held back": shown["masked"] and shown["protected"],
        "Protected": shown["protected"] and not shown["masked"],
        "Held back from everyone outside": shown["withheld"],
    }
    cautions = [str(one).replace("_", " ").capitalize() for one in fields.get("warnings", [])]
    return {
        "kind": label("item_kinds", shown["kind"]),
        "title": shown["title"],
        "role": label("item_roles", shown["role"]) if shown["role"] else "",
        "agency": shown["owner"]["name"],
        "marks": [mark for mark, holds in held.items() if holds] + cautions,
        "facts": facts_of(shown),
        "text": fields.get("text", ""),
    }


def moment(at: datetime) -> str:
    """Return a moment in the zone in force, with that zone's name."""
    local = timezone.localtime(at)
    return f"{day(local)}, {local:%H:%M %Z}"


def day(on: date) -> str:
    """Return a day as screens write it."""
    return f"{on.day} {on:%b %Y}"
