"""Whole answers through the real URL stack, beside a view that asks nobody and shows the rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, RequestFactory
from django.test.utils import override_settings

from agencies.actors import Actor
from agencies.factors import HAS_FACTOR
from agencies.models import Person
from portal.bench.reading import FIRST, OURS, Race
from portal.bench.rivals import read
from portal.bench.stopwatch import Work
from portal.bench.world import World
from sharing.listing import page

BARE = "bare view"
PLAIN = """<table>{% for row in rows %}<tr><td>{{ row.1 }}</td><td>{{ row.2 }}</td>
<td>{{ row.3 }}</td><td>{{ row.4 }}</td><td>{{ row.5 }}</td><td>{{ row.0 }}</td></tr>
{% endfor %}</table>"""
HERE: dict[str, Any] = {
    "ALLOWED_HOSTS": ["testserver"],
    "SECURE_SSL_REDIRECT": False,
    "STORAGES": {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    },
}


class NotShown(RuntimeError):
    """A page that was to be measured did not come."""

    def __init__(self, path: str, status: int) -> None:
        super().__init__(f"{path} answered {status}.")


@contextmanager
def in_this_process() -> Iterator[None]:
    """Answer requests here, without static files built ahead or a proxy in front."""
    with override_settings(**HERE):
        yield


def pages(world: World) -> Iterator[Race]:
    """Yield the list of cases as a page and as data, and one case, for every reader."""
    for name, actor in world.readers.items():
        client = signed_in(actor)
        bare: Work = partial(_bare, actor)
        found = page(actor).keys
        paths = {"list page": "/cases/", "list as data": "/api/v1/cases/"}
        if found:
            paths["case page"] = f"/cases/{found[0].id}/"
        for title, path in paths.items():
            ours = partial(_get, client, path)
            yield Race(title, name, {OURS: ours, BARE: bare}, against=BARE)


def signed_in(actor: Actor) -> Client:
    """Return a browser in which *actor*'s person has signed in, second step and all."""
    client = Client(raise_request_exception=True)
    client.force_login(
        Person.objects.get(pk=actor.person_id),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    session = client.session
    session[HAS_FACTOR] = True
    session.save()
    return client


def _get(client: Client, path: str) -> Any:
    response = client.get(path, secure=True)
    if response.status_code != 200:
        raise NotShown(path, response.status_code)
    return response


def _bare(actor: Actor) -> HttpResponse:
    return _shown(RequestFactory().get("/"), actor)


def _shown(request: HttpRequest, actor: Actor) -> HttpResponse:
    rows = read(FIRST, {"membership": actor.membership_id})[:50]
    return HttpResponse(_plain().render({"rows": rows}, request))


@lru_cache(maxsize=1)
def _plain() -> Any:
    """Return the template of the bare view, compiled once as the portal's are."""
    return engines["django"].from_string(PLAIN)
