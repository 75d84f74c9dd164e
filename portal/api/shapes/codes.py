"""Code tables as the interface shows them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class CodeValue(serializers.Serializer[Any]):
    """One value; what a table carries beyond these fields is named in its own meaning."""

    code = serializers.CharField(help_text="What is sent and kept.")
    label = serializers.CharField(  # type: ignore[assignment]
        help_text="What screens say."
    )
    meaning = serializers.CharField(help_text="What it means, with its source where it has one.")
    valid_from = serializers.DateField(allow_null=True, help_text="First day; null for always.")
    valid_to = serializers.DateField(allow_null=True, help_text="Last day; null while it is valid.")


class CodeTableShown(serializers.Serializer[Any]):
    """A code table."""

    name = serializers.CharField(help_text="The name of the table.")
    version = serializers.CharField(help_text="The version of the table.")
    values = CodeValue(many=True, help_text="The values, in their order.")


EXAMPLE = {
    "name": "later",
    "version": "1",
    "values": [
        {
            "code": "no",
            "label": "No",
            "meaning": "Only what is there at the decision.",
            "valid_from": "2026-01-01",
            "valid_to": None,
        }
    ],
}
