"""Whole answers through the real URL stack, beside a bare view that shows the rows."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from warnings import catch_warnings, filterwarnings

from django.test import Client, RequestFactory
from django.test.utils import override_settings

from agencies.actors import Actor
from agencies.factors import HAS_FACTOR
from agencies.models import Person
from portal.bench.bare import bare_client, table
from portal.bench.reading import OURS, Race
from portal.bench.world import World
from sharing.listing import page

BARE, ALONE = "bare view", "its function alone"
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
    """Answer requests here, without static files built ahead or a proxy in front.

    The lines that a request logs are made as ever and written nowhere.
    """
    with override_settings(**HERE), catch_warnings(), open(os.devnull, "w") as nowhere:
        filterwarnings("ignore", "No directory at")
        handlers = [one for one in logging.root.handlers if isinstance(one, logging.StreamHandler)]
        streams = [(one, one.setStream(nowhere)) for one in handlers]
        try:
            yield
        finally:
            for handler, stream in streams:
                handler.setStream(stream)


def pages(world: World) -> Iterator[Race]:
    """Yield the list of cases as a page and as data, and one case, for every reader."""
    for name, actor in world.readers.items():
        client = signed_in(actor)
        bare = partial(_get, bare_client(client), f"/{actor.seat}/")
        alone = partial(table, RequestFactory().get("/"), actor.seat)
        found = page(actor).keys
        paths = {"list page": "/cases/", "list as data": "/api/v1/cases/"}
        if found:
            paths["case page"] = f"/cases/{found[0].id}/"
        for title, path in paths.items():
            ours = partial(_get, client, path)
            yield Race(title, name, {OURS: ours, BARE: bare, ALONE: alone}, against=BARE)


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
