"""What every row and every list has."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from portal.api.strict import Fields


class Row(Fields):
    """What a row always carries."""

    id = serializers.UUIDField(help_text="Its id, the only one there is.")
    version = serializers.IntegerField(
        allow_null=True, help_text="Its version, for `If-Match`; null where the level hides it."
    )
    allowed_actions = serializers.ListField(
        child=serializers.CharField(),
        help_text="What you may do about it now; each is checked again when it is done.",
    )


class PageOf(serializers.Serializer[Any]):
    """A page of a list."""

    next = serializers.URLField(allow_null=True, help_text="The next page; null at the end.")
    previous = serializers.URLField(
        allow_null=True, help_text="The page before; null at the beginning."
    )


def page_of(row: type[serializers.Serializer[Any]], **more: Any) -> type[PageOf]:
    """Return the shape of a page of *row*."""
    results = row(many=True, help_text="The rows, in order.")
    members = {"__doc__": f"A page: {row.__doc__}", "results": results, **more}
    return type(f"{row.__name__}Page", (PageOf,), members)


def example_page(row: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return an example of a page of one row."""
    return {"results": [row], "next": None, "previous": None, **more}


def capped_count() -> dict[str, Any]:
    """Return the fields of a count that ends at a thousand."""
    return {
        "count": serializers.IntegerField(help_text="How many there are, counted up to 1000."),
        "count_capped": serializers.BooleanField(help_text="Whether there are more than that."),
    }
