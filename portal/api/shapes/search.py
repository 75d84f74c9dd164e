"""What a search finds, as the interface shows it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from portal.api.shapes.cases import LEVELS
from portal.api.shapes.examples import ALPHA
from portal.api.shapes.parties import AgencyName
from portal.api.shapes.rows import capped_count
from portal.api.strict import Fields
from sharing.search import Hit

CAPPED = capped_count()


class HitRow(Fields):
    """One record found; title and snippet hold only what you may see of it."""

    id = serializers.UUIDField(help_text="The id of the record.")
    kind = serializers.CharField(help_text="case, contribution, or the kind of an item.")
    case = serializers.UUIDField(allow_null=True, help_text="Of an item: the case it is in.")
    title = serializers.CharField(help_text="What it is called, or a label.")
    snippet = serializers.CharField(allow_blank=True, help_text="The words around what was found.")
    matched = serializers.CharField(
        allow_blank=True,
        help_text="By which identifier or name it was found, in words; blank where by its text.",
    )
    owner = AgencyName(help_text="The agency answerable for it.")
    level = serializers.ChoiceField(LEVELS, help_text="How much of it you have.")
    touched_at = serializers.DateTimeField(help_text="When it last changed.")


class Facets(serializers.Serializer[Any]):
    """How all that was found divides."""

    kind = serializers.DictField(child=serializers.IntegerField(), help_text="By kind.")
    owner = serializers.DictField(child=serializers.IntegerField(), help_text="By owning agency.")


class Found(serializers.Serializer[Any]):
    """What a search finds, closest first."""

    results = HitRow(many=True, help_text="The records found.")
    facets = Facets(help_text="How all that was found divides.")
    count = CAPPED["count"]
    count_capped = CAPPED["count_capped"]
    next = serializers.CharField(
        allow_null=True, help_text="The `cursor` to send for more; null at the end."
    )


FOUND = {
    "results": [
        {
            "id": "0a1f5b7e-3a55-4a9c-8f0e-0d0b7ad8c0d1",
            "kind": "case",
            "case": None,
            "title": "Garage burglaries, north side",
            "snippet": "Four entries with the same pry marks.",
            "matched": "",
            "owner": ALPHA,
            "level": "view",
            "touched_at": "2026-03-02T08:15:00Z",
        }
    ],
    "facets": {"kind": {"case": 1}, "owner": {"alpha": 1}},
    "count": 1,
    "count_capped": False,
    "next": None,
}


def hit_row(hit: Hit, matched: str) -> dict[str, Any]:
    """Return one record found."""
    return {
        "id": hit.id,
        "kind": hit.kind,
        "case": hit.case,
        "title": hit.title,
        "snippet": hit.snippet,
        "matched": matched,
        "owner": dict(hit.owner),
        "level": hit.level.code,
        "touched_at": hit.touched_at,
    }
