"""People with browsers of their own, and a case with protected and withheld items."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from cases.models import Case, Item
from cases.services import add_item, open_case
from tests.cast import Cast, two_agencies

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
Browser = Callable[[str], Client]


@pytest.fixture
def cast(db: None) -> Cast:
    """Return Alpha and Bravo with their people, and Ash of Charlie, a stranger."""
    made = two_agencies()
    made.agency("charlie")
    made.person("ash", "charlie", "analyst")
    return made


@pytest.fixture
def browse(cast: Cast) -> Browser:
    """Return a function that signs a person in and returns their browser."""

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(cast.posts[name].person, backend=BACKEND)
        return client

    return signed_in


@dataclass(frozen=True)
class Burglary:
    """A case of Alpha and what is in it."""

    case: Case
    car: Item
    victim: Item
    witness: Item

    @property
    def url(self) -> str:
        """Return the address of the case."""
        return f"/cases/{self.case.pk}/"


@pytest.fixture
def burglary(cast: Cast) -> Burglary:
    """Return a case of Ana's with a car, a victim held back and a protected witness."""
    ana = cast.actor("ana")
    case = open_case(
        ana,
        title="Garage burglaries on Fifth",
        summary="Side doors pried with a flat tool.",
        type="burglary",
        own_number="24-1832",
    )

    def add(kind: str, title: str, **more: Any) -> Item:
        return add_item(ana, case.pk, kind=kind, title=title, **more)

    return Burglary(
        case,
        add("vehicle", "Blue Civic", role="used", fields={"plate": "8KTR417", "make": "Honda"}),
        add("person", "Vera Holm", role="victim", withheld=True),
        add("person", "Will Tarn", role="witness", fields={"phone": "+1 212 555 0172"}),
    )


def text_of(response: Any) -> str:
    """Return the words of an answer, its blanks folded."""
    return " ".join(response.content.decode().split())
