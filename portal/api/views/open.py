"""What is open to anyone, because no data lies behind it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.refusals import NotVisible
from portal.api.negotiation import OnlyJSON
from portal.api.permissions import Anyone
from portal.api.resource import ApiView
from portal.api.schema import document


class SchemaView(ApiView):
    """The interface, described in OpenAPI 3.1."""

    authentication_classes = ()
    permission_classes = (Anyone,)
    throttle_classes = ()
    renderer_classes = (OpenApiJsonRenderer,)

    def get(self, request: Request) -> Response:
        """Return the document."""
        return Response(document())


class DocsView(SpectacularSwaggerSplitView):
    """The same, to read and to try in a browser."""

    authentication_classes = ()
    permission_classes = (Anyone,)
    content_negotiation_class = OnlyJSON
    url_name = "api:schema"
    template_name = "portal/api_docs.html"


class NoSuchAddress(ApiView):
    """Every address that is none: the same answer as for a thing that one may not see."""

    authentication_classes = ()
    permission_classes = (Anyone,)
    throttle_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse before the method is looked at."""
        super().initial(request, *args, **kwargs)
        raise NotVisible
