"""Callers of the interface: each person of the cast, with a token of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from agencies.services.token import issue_token
from tests.api.contract import CheckedClient
from tests.cast import Cast, two_agencies

API = "/api/v1/"
Caller = Callable[..., APIClient]


def a_caller(cast: Cast, name: str, *scopes: str) -> APIClient:
    """Return a client that holds a fresh token of a person of the cast."""
    post = cast.posts[name]
    token = issue_token(post.person, membership=post, scopes=scopes or ("read", "write"), days=1)
    client = CheckedClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


@pytest.fixture
def cast(db: None) -> Cast:
    """Alpha and Bravo, their people, and an agreement between them."""
    return two_agencies()


@pytest.fixture
def caller(cast: Cast) -> Caller:
    """Return the client of a person of the cast."""

    def of(name: str, *scopes: str) -> APIClient:
        return a_caller(cast, name, *scopes)

    return of


@pytest.fixture(autouse=True)
def nobody_asked_yet() -> Iterator[None]:
    """Count requests from nothing in each test."""
    cache.clear()
    yield
    cache.clear()


def post(client: APIClient, address: str, body: Any = None, **headers: str) -> Any:
    """Send a body as JSON."""
    return client.post(API + address, body or {}, format="json", headers=headers)


def patch(client: APIClient, address: str, body: Any, version: int | None) -> Any:
    """Change a thing at a version."""
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return client.patch(API + address, body, format="json", headers=headers)


def refused(answer: Any) -> tuple[int, Any]:
    """Return the status of a problem and what it says of itself beside its sentence."""
    assert answer["Content-Type"] == "application/problem+json", answer.content
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["type"] == "about:blank"
    return answer.status_code, body.get("errors")
