"""Addresses under ``/api/v1/``, each with and without a trailing slash."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, re_path

from portal.api.resource import Resource
from portal.api.views.access import AccessResource
from portal.api.views.agencies import AgencyResource, AgreementResource, TaskForceResource
from portal.api.views.cases import CaseResource
from portal.api.views.codes import CodeResource
from portal.api.views.colleagues import CredentialResource, PersonResource, PostResource
from portal.api.views.grants import GrantResource
from portal.api.views.items import ItemResource, ItemsOfCase
from portal.api.views.ledger_events import EventResource
from portal.api.views.nominations import NominationResource
from portal.api.views.notifications import NotificationResource
from portal.api.views.open import DocsView, NoSuchAddress, SchemaView
from portal.api.views.people import MeResource
from portal.api.views.requests import RequestResource
from portal.api.views.search import SearchResource
from portal.api.views.standing import StandingResource

app_name = "api"


def at(address: str, name: str, view: Any) -> URLPattern:
    """Return the pattern of *address*, in which ``<id>`` stands for a segment of any form."""
    pattern = address.replace("<pk>", "(?P<pk>[^/]+)").replace("<name>", "(?P<name>[^/]+)")
    found: URLPattern = re_path(rf"^{pattern}/?$", view, name=name)
    return found


def calls(address: str, name: str, resource: type[Resource], **views: str) -> URLPattern:
    """Return the pattern of *address*, with the name of the resource's view by method."""
    return at(address, name, resource.as_view(dict(views)))


def acts(address: str, name: str, resource: type[Resource], *actions: str) -> list[URLPattern]:
    """Return the pattern of each action on *address*, sent by POST."""
    return [
        calls(f"{address}/{action}", f"{name}-{action}", resource, post=action.replace("-", "_"))
        for action in actions
    ]


urlpatterns = [
    calls("me", "me", MeResource, get="show"),
    calls("codes/<name>", "codes", CodeResource, get="show"),
    calls("cases", "cases", CaseResource, get="index", post="create"),
    calls("cases/<pk>", "case", CaseResource, get="show", patch="amend"),
    calls("cases/<pk>/items", "case-items", ItemsOfCase, get="index", post="create"),
    calls("items/<pk>", "item", ItemResource, get="show", patch="amend"),
    calls("records/<pk>/access", "record-access", AccessResource, get="index"),
    calls("share-requests", "share-requests", RequestResource, get="index", post="create"),
    calls("share-requests/<pk>", "share-request", RequestResource, get="show"),
    *acts(
        "share-requests/<pk>",
        "share-request",
        RequestResource,
        *("approve", "deny", "withdraw", "question", "answer", "attach"),
    ),
    calls("grants", "grants", GrantResource, get="index"),
    calls("grants/<pk>", "grant", GrantResource, get="show"),
    *acts("grants/<pk>", "grant", GrantResource, "revoke", "acknowledge", "narrow", "renew"),
    calls("agencies", "agencies", AgencyResource, get="index"),
    calls("agencies/<pk>", "agency", AgencyResource, get="show"),
    *acts(
        "agencies/<pk>",
        "agency",
        StandingResource,
        *("tier", "limit", "suspend", "reinstate", "close"),
    ),
    calls("people", "people", PersonResource, get="index"),
    calls("people/<pk>", "person", PersonResource, get="show"),
    *acts(
        "people/<pk>",
        "person",
        PersonResource,
        *("disable", "enable", "release", "sign-out", "wake", "address", "credentials"),
    ),
    *acts("posts/<pk>", "post", PostResource, "change", "end"),
    *acts("credentials/<pk>", "credential", CredentialResource, "revoke"),
    calls("nominations", "nominations", NominationResource, post="create"),
    calls("nominations/<pk>", "nomination", NominationResource, get="show"),
    *acts(
        "nominations/<pk>",
        "nomination",
        NominationResource,
        *("validate", "refuse", "withdraw", "consent"),
    ),
    calls("auditors", "auditors", NominationResource, post="invite"),
    calls("agreements", "agreements", AgreementResource, get="index"),
    calls("agreements/<pk>", "agreement", AgreementResource, get="show"),
    calls("task-forces", "task-forces", TaskForceResource, get="index"),
    calls("task-forces/<pk>", "task-force", TaskForceResource, get="show"),
    calls("notifications", "notifications", NotificationResource, get="index"),
    *acts("notifications/<pk>", "notification", NotificationResource, "read"),
    calls("ledger-events", "ledger-events", EventResource, get="index"),
    calls("search", "search", SearchResource, post="find"),
    at("schema", "schema", SchemaView.as_view()),
    at("docs", "docs", DocsView.as_view()),
    re_path("", NoSuchAddress.as_view(), name="nowhere"),
]
