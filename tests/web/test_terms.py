"""Where a page uses a word of the field, what it means is there on hover and on focus."""

from __future__ import annotations

import re

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from sharing.services import ask_by_number, offer_record
from tests.cast import Cast, shared, terms
from tests.web.conftest import Browser, Burglary, text_of

EXPLAINED = re.compile(r'class="term__word"[^>]*>([^<]*)</button>')


def explained(browse: Browser, name: str, address: str) -> list[str]:
    """Return the words of a page that it explains, in order."""
    return [word.strip() for word in EXPLAINED.findall(text_of(browse(name).get(address)))]


def test_each_page_explains_the_words_it_is_about(
    cast: Cast, burglary: Burglary, browse: Browser
) -> None:
    asked = ask_by_number(
        cast.actor("bo"), agency_id=cast.id("alpha"), own_number="24-1832", terms=terms()
    )
    offer_record(
        cast.actor("ana"), record_id=burglary.case.pk, roster_id=cast.id("bravo"), terms=terms()
    )
    request = f"/requests/{asked.pk}/"
    assert explained(browse, "sam", "/requests/") == ["Look closer 2"]
    assert explained(browse, "sam", request) == ["Full", "held back", "Use"]
    assert explained(browse, "bo", request) == ["Full", "held back", "Use", "Duty desk"]
    assert explained(browse, "bo", "/requests/ask/") == ["duty desk"]
    assert explained(browse, "ida", "/ledger/who/") == ["recall"]
    assert explained(browse, "ana", f"{burglary.url}share/") == [
        "They will get",
        "Passing it on",
        "Protected people",
        "held back",
    ]


def test_home_explains_one_s_roles(cast: Cast, browse: Browser) -> None:
    assert explained(browse, "bo", "/") == ["Investigator / analyst", "Acting as"]
    assert explained(browse, "lee", "/") == ["Duty desk", "Acting as"]


def test_a_list_explains_a_word_once(cast: Cast, burglary: Burglary, browse: Browser) -> None:
    shared(cast, burglary.case.record)
    bo = browse("bo")
    found = bo.post("/search/", {"q": "civic"}, follow=True)
    assert [word.strip() for word in EXPLAINED.findall(text_of(found))] == ["Full"]


@pytest.mark.parametrize(
    ("said", "marked"), [("Full,full,Full", 1), ("Full,Recall", 2), ("Crowbar,Crowbar", 0)]
)
def test_a_word_is_explained_where_the_page_says_it_first(said: str, marked: int) -> None:
    shown = Template(
        "{% load terms %}{% for word in words %}{% first_term word %}{% endfor %}"
    ).render(Context({"request": RequestFactory().get("/"), "words": said.split(",")}))
    assert len(EXPLAINED.findall(shown)) == marked
    assert all(word in shown for word in said.split(","))
