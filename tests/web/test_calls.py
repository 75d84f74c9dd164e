"""Telephone calls on pages: the code is shown once, and the desk sees who it is."""

from __future__ import annotations

import re

from sharing import services
from tests.cast import Cast, terms
from tests.web.conftest import Browser, text_of


def test_a_caller_is_known_by_the_code_of_the_page(browse: Browser, cast: Cast) -> None:
    request = services.ask_by_number(
        cast.actor("bo"), agency_id=cast.id("alpha"), own_number="24-1", terms=terms()
    )
    assert "I am calling them" in text_of(browse("bo").get(f"/requests/{request.pk}/"))
    said = {"agency_id": str(cast.id("alpha")), "request_id": str(request.pk)}
    shown = browse("bo").post("/calls/new/", said)
    code = re.search(r'"phone-code">([A-Z2-9]{4} [A-Z2-9]{4})<', shown.content.decode())
    assert code is not None
    assert "no-store" in shown["Cache-Control"]
    page = text_of(browse("lee").post("/calls/check/", {"code": code[1]}))
    assert "<strong>Bo</strong>, investigator / analyst, Bravo Police" in page
    assert request.number in page
    again = browse("lee").post("/calls/check/", {"code": code[1]})
    assert again.status_code == 422
    assert "No call is announced to your agency by this code." in text_of(again)


def test_calls_start_from_any_agency(browse: Browser, cast: Cast) -> None:
    page = text_of(browse("bo").get(f"/calls/new/?agency={cast.id('alpha')}"))
    assert f'<option value="{cast.id("alpha")}" selected>Alpha Police</option>' in page
    assert browse("bo").post("/calls/new/", {}).status_code == 422


def test_only_the_duty_desk_is_offered_the_page_of_callers(browse: Browser, cast: Cast) -> None:
    offered = {
        name
        for name in ("ana", "lee", "sam")
        if "Who is calling?" in text_of(browse(name).get("/requests/"))
    }
    assert offered == {"lee", "sam"}
    answers = {name: browse(name).get("/calls/check/").status_code for name in ("ana", "lee")}
    assert answers == {"ana": 403, "lee": 200}
