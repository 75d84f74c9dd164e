"""Names and titles that run right to left: apart from the words, numbers and marks beside them."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.test import Client

from agencies.models import Agency, Agreement, Person
from agencies.text_direction import isolated, turns, untangled
from sharing.models import Record, ShareRequest
from tests.web.conftest import BACKEND
from tests.web.direction import lines_of
from tests.web.test_axe import inhabited, shown_at

ARABIC = "ليلى عبد الرحمن — JX-77 (2)"
HEBREW = "משטרת חיפה 12:30"
TURNED_ROUND = "Smith \u202egnp.exe"
FEWEST = 30
"""Pages of a release authority that show a name at the least: its own, in the top bar."""


def turned_round(*names: str) -> tuple[list[Client], list[str]]:
    """Return browsers of people of a world that writes right to left, and what it may show."""
    cast, ids = inhabited()
    Agency.objects.update(name=HEBREW)
    Person.objects.update(name=ARABIC)
    Agreement.objects.update(title=HEBREW)
    Record.objects.unrestricted("a test").update(title=ARABIC)
    ShareRequest.objects.update(reason=ARABIC, description=HEBREW, for_case=HEBREW)
    clients = []
    for name in names:
        clients.append(Client())
        clients[-1].force_login(cast.posts[name].person, backend=BACKEND)
    return clients, shown_at(clients[0], ids)[0]


@pytest.mark.slow
def test_no_name_turns_the_line_that_it_stands_in(db: None) -> None:
    clients, addresses = turned_round("sam", "stella", "cora")
    shown, stray = 0, {}
    for client in clients:
        for address in addresses:
            answer = client.get(address)
            lines = lines_of(answer.content.decode())
            shown += bool(lines.shown)
            stray[address] = lines.stray or stray.get(address)
    assert {address: found for address, found in stray.items() if found} == {}
    assert shown > FEWEST


def test_a_name_in_a_page_stands_apart_where_it_would_turn_the_line() -> None:
    page = Template("{% load words %}{{ name|isolated }}, {{ names|isolated|join:' or ' }}")
    given = {"name": f"{HEBREW} <b>", "names": ["Ann & Co", ARABIC]}
    assert page.render(Context(given)) == (
        f"<bdi>{HEBREW} &lt;b&gt;</bdi>, Ann &amp; Co or <bdi>{ARABIC}</bdi>"
    )


def test_a_name_in_a_sentence_stands_between_marks_where_it_would_turn_it() -> None:
    assert isolated("Ann Ames") == "Ann Ames"
    assert isolated(ARABIC) == f"\u2068{ARABIC}\u2069"
    assert lines_of(f"<p>{isolated(ARABIC)} asks.</p>").stray == []
    assert lines_of(f"<p>{ARABIC} asks.</p>").stray == [f"{ARABIC} asks."]
    assert lines_of(f"<p><bdi>{ARABIC}</bdi> asks <img> {HEBREW}.</p>").stray == [f"{HEBREW}."]


def test_marks_that_turn_what_follows_do_not_leave_the_text_they_stand_in() -> None:
    assert turns(TURNED_ROUND)
    assert untangled(TURNED_ROUND) == "Smith gnp.exe"
    assert isolated(TURNED_ROUND) == "\u2068Smith gnp.exe\u2069"
    assert not turns("Årsta, 12:30 — “quoted” 東京")
