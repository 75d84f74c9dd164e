"""A bare Django view: what ``startproject`` gives, who is signed in, one statement, one table.

It answers through the same handler and test client as the portal's pages do, so that what is left
between the two is what the portal adds.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template.backends.django import DjangoTemplates
from django.test import Client
from django.test.utils import override_settings
from django.urls import path

from portal.bench.rivals import FLOOR, read

STACK = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
"""The middleware of a new project, as Django 5.2's ``startproject`` writes it."""

ENGINE = DjangoTemplates(
    {
        "NAME": "bare",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
)
TABLE = ENGINE.from_string(
    """<table>{% for row in rows %}<tr><td>{{ row.1 }}</td><td>{{ row.2 }}</td>
<td>{{ row.3 }}</td><td>{{ row.4 }}</td><td>{{ row.5 }}</td><td>{{ row.0 }}</td></tr>
{% endfor %}</table>"""
)


def table(request: HttpRequest, membership: UUID) -> HttpResponse:
    """Show the floor's first fifty rows of *membership*, whoever asks."""
    rows = read(FLOOR.format(beyond=""), {"membership": membership})[:50]
    return HttpResponse(TABLE.render({"rows": rows}, request))


urlpatterns = [path("<uuid:membership>/", login_required(table, login_url="/sign-in/"))]


def bare_client(signed_in: Client) -> Client:
    """Return the browser of *signed_in* in front of a new project's stack instead of ours."""
    client = Client(raise_request_exception=True)
    client.cookies = signed_in.cookies
    with override_settings(MIDDLEWARE=["portal.bench.bare.routed_here", *STACK]):
        client.handler.load_middleware()
    return client


def routed_here(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer requests by this module's addresses."""

    def answered(request: HttpRequest) -> HttpResponse:
        request.urlconf = __name__  # type: ignore[attr-defined]
        return get_response(request)

    return answered
