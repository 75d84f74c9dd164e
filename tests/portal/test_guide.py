"""Help: every word that a page explains is in the glossary, and every key that acts is listed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory

from portal.glossary import NoSuchTerm, glossary, meaning
from portal.guide import SHORTCUTS
from tests.agencies.cast import Cast, a_cast
from tests.web.markup import faults_of

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = [
    path.read_text(encoding="utf-8")
    for folder in (ROOT / "templates", ROOT / "portal")
    for path in folder.rglob("*.html")
]
UNSAID = ("hat", "roster", "ledger", "grant", "cover", "pointer")
"""Words of the code that no screen says."""


@pytest.fixture
def ana(db: None, client: Client) -> Client:
    cast: Cast = a_cast()
    client.force_login(cast.ana.person)
    return client


def shown(source: str) -> str:
    """Return what a template that explains terms becomes."""
    context = Context({"request": RequestFactory().get("/")})
    return Template("{% load terms %}" + source).render(context)


def test_the_glossary_is_in_order_and_says_no_word_of_the_code() -> None:
    words = list(glossary())
    assert words == sorted(words, key=lambda word: word.lower().replace(",", ""))
    said = " ".join([*words, *glossary().values()]).lower()
    assert [word for word in UNSAID if re.search(rf"\b{word}s?\b", said)] == []
    assert all(means.endswith(".") for means in glossary().values())


def test_every_term_that_a_page_explains_is_known() -> None:
    used = {word for text in TEMPLATES for word in re.findall(r'{% term "([^"]+)"', text)}
    assert {word for word in used if meaning(word) == ""} == set()
    with pytest.raises(NoSuchTerm):
        meaning("Perimeter")


def test_a_term_is_named_shown_and_told_apart_from_the_next() -> None:
    html = shown('{% term "Full" %}{% term "full" "all of it" %}')
    assert re.findall(r'aria-describedby="([^"]+)">([^<]+)<', html) == [
        ("term-1", "Full"),
        ("term-2", "all of it"),
    ]
    assert re.findall(r'role="tooltip" id="([^"]+)"', html) == ["term-1", "term-2"]
    assert html.count(meaning("Full")) == 2


def test_a_word_of_a_table_is_explained_where_the_glossary_has_it() -> None:
    assert "tooltip" in shown('{% term_if_known "Silent" %}')
    assert shown('{% term_if_known "Robbery" %}') == "Robbery"


@pytest.mark.parametrize("address", ["/help/shortcuts/", "/help/terms/"])
def test_the_pages_of_help_are_sound(ana: Client, address: str) -> None:
    answer = ana.get(address)
    assert (answer.status_code, faults_of(answer.content.decode())) == (200, [])


def test_every_key_that_a_page_carries_is_listed() -> None:
    carried = {keys for text in TEMPLATES for keys in re.findall(r'data-shortcut="([^"{]+)"', text)}
    listed = {keys for group in SHORTCUTS for keys, _ in group.lines}
    assert carried - listed == set()


def test_the_places_one_can_go_by_key_are_listed(ana: Client) -> None:
    page = ana.get("/help/shortcuts/").content.decode()
    here = dict(re.findall(r'data-shortcut="([^"]+)"\s+data-shortcut-label="([^"]+)"', page))
    everywhere = dict(SHORTCUTS[0].lines)
    assert {key: here[key] for key in ("g h", "g c", "g r", "g a")} == {
        key: everywhere[key] for key in ("g h", "g c", "g r", "g a")
    }


def test_whoever_turned_the_keys_off_is_told_so(ana: Client) -> None:
    assert "They are on." in ana.get("/help/shortcuts/").content.decode()
    ana.post("/preferences/", {"theme": "system"})
    assert "You turned them off." in ana.get("/help/shortcuts/").content.decode()
