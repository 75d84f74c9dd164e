"""``search``: sent by POST, so that what is looked for is in no address and no log of addresses."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.response import Response

from agencies.codetable import codes
from portal.api.calls import call
from portal.api.permissions import SignedInToRead
from portal.api.resource import ApiRequest, Resource
from portal.api.shapes.search import FOUND, Found, hit_row
from portal.api.strict import Strict
from sharing.disclosure import list_records
from sharing.search import Narrowed, search
from sharing.search.matching import matched
from sharing.search.terms import terms_of
from sharing.search_page import records_of

KINDS = ["case", "item", *codes("item_kinds")]


class Sought(Strict):
    """What to look for."""

    text = serializers.CharField(
        max_length=200, help_text="Words, a name, a number, a plate, a phone, a VIN."
    )
    kinds = serializers.ListField(
        child=serializers.ChoiceField(KINDS),
        required=False,
        allow_null=True,
        default=None,
        max_length=len(KINDS),
        help_text="Only these kinds; without it, all.",
    )
    cursor = serializers.CharField(
        required=False, allow_null=True, default=None, max_length=300, help_text="From `next`."
    )


class SearchResource(Resource):
    """Records, by what the caller may see of them."""

    permission_classes = (SignedInToRead,)

    @call("Search", answer=Found, body=Sought, refuses=(413, 415), example=FOUND)
    def find(self, request: ApiRequest) -> Response:
        """Return what you may see of what the text finds, closest first.

        Where that is more than a thousand, the newest thousand are ranked and counted, and
        `count_capped` says so.

        What another agency owns is on its audit log as listed before you read it.
        """
        said = request.said
        page = search(
            request.actor,
            said["text"],
            Narrowed(kinds=said["kinds"]),
            after=said["cursor"],
            everything=False,
        )
        records = records_of(request.actor, page.hits)
        list_records(request.actor, records, channel="api")
        logged = {record.pk for record in records}
        hits = [hit for hit in page.hits if hit.id in logged]
        by = matched(request.actor, hits, terms_of(said["text"]))
        return Response(
            {
                "results": [hit_row(hit, by.get(hit.id, "")) for hit in hits],
                "facets": {
                    "kind": page.facets.get("kind", {}),
                    "owner": page.facets.get("owner", {}),
                },
                "count": page.count,
                "count_capped": page.capped,
                "next": page.next,
            }
        )
