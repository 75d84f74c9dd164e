"""``codes``: the code tables."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.response import Response

from agencies.codetable import NoSuchTable, code_names, code_table
from agencies.refusals import NotVisible
from portal.api.calls import call
from portal.api.permissions import SignedIn
from portal.api.resource import ApiRequest, Resource
from portal.api.shapes.codes import EXAMPLE, CodeTableShown

NAME = OpenApiParameter(
    "name",
    OpenApiTypes.STR,
    OpenApiParameter.PATH,
    enum=code_names(),
    description="The name of the table.",
)


class CodeResource(Resource):
    """Coded values, as data with versions and days."""

    permission_classes = (SignedIn,)

    @call(
        "Read a code table",
        answer=CodeTableShown,
        names=(NAME,),
        refuses=(404,),
        example=EXAMPLE,
    )
    def show(self, request: ApiRequest, name: str) -> Response:
        """Return one of the code tables."""
        try:
            return Response(code_table(name))
        except NoSuchTable:
            raise NotVisible from None
