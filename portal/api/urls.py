"""Addresses under ``/api/v1/``, each with and without a trailing slash."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, re_path

from portal.api.resource import Resource
from portal.api.views.codes import CodeResource
from portal.api.views.open import DocsView, NoSuchAddress, SchemaView
from portal.api.views.people import MeResource

app_name = "api"


def at(address: str, name: str, view: Any) -> URLPattern:
    """Return the pattern of *address*, in which ``<id>`` stands for a segment of any form."""
    pattern = address.replace("<pk>", "(?P<pk>[^/]+)").replace("<name>", "(?P<name>[^/]+)")
    found: URLPattern = re_path(rf"^{pattern}/?$", view, name=name)
    return found


def calls(address: str, name: str, resource: type[Resource], **views: str) -> URLPattern:
    """Return the pattern of *address*, with the name of the resource's view by method."""
    return at(address, name, resource.as_view(dict(views)))


urlpatterns = [
    calls("me", "me", MeResource, get="show"),
    calls("codes/<name>", "codes", CodeResource, get="show"),
    at("schema", "schema", SchemaView.as_view()),
    at("docs", "docs", DocsView.as_view()),
    re_path("", NoSuchAddress.as_view(), name="nowhere"),
]
