"""The briefing copy in the browser: asked for on a form, handed over as a PDF, listed after."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ledger.models import Event
from sharing.models import BriefingCopy, Record
from sharing.paper import NotPrinted
from tests.cast import Cast, shared
from tests.web.conftest import Browser, Burglary, text_of
from tests.web.markup import faults_of

SENT = {"recipient": "Chief Lee", "purpose": "criminal_justice", "for_case": "BR-77"}


def record_of(burglary: Burglary) -> Record:
    return Record.objects.unrestricted("a test").get(pk=burglary.case.pk)


@pytest.fixture
def given(cast: Cast, burglary: Burglary) -> Burglary:
    shared(cast, record_of(burglary))
    return burglary


def test_the_form_offers_what_may_be_read_and_knows_the_purpose(
    browse: Browser, given: Burglary
) -> None:
    answer = browse("bo").get(f"{given.url}briefing/")
    page = text_of(answer)
    assert answer.status_code == 200
    assert faults_of(answer.content.decode()) == []
    assert "Vehicle: Blue Civic" in page
    assert "Vera Holm" not in page
    assert "Will Tarn" not in page
    own = text_of(browse("ana").get(f"{given.url}briefing/"))
    assert "Person: Vera Holm (held back from everyone outside)" in own
    assert 'value="24-1832"' in own


def test_a_copy_comes_as_a_tagged_pdf_that_nobody_keeps(browse: Browser, given: Burglary) -> None:
    answer = browse("bo").post(f"{given.url}briefing/", SENT | {"items": [str(given.car.pk)]})
    copy = BriefingCopy.objects.get()
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{copy.number}.pdf"'
    assert answer["Cache-Control"] == "no-store"
    assert answer.content.startswith(b"%PDF-")
    assert b"/MarkInfo" in answer.content
    assert b"pdfuaid" in answer.content


def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(
    browse: Browser, given: Burglary
) -> None:
    answer = browse("bo").post(f"{given.url}briefing/", SENT | {"recipient": "", "for_case": "X-9"})
    assert answer.status_code == 422
    assert 'value="X-9"' in text_of(answer)
    assert not BriefingCopy.objects.exists()


def test_an_item_of_another_case_is_no_choice(browse: Browser, given: Burglary) -> None:
    answer = browse("bo").post(f"{given.url}briefing/", SENT | {"items": [str(given.victim.pk)]})
    assert answer.status_code == 422
    assert not BriefingCopy.objects.exists()


def test_below_full_the_page_says_why_not_and_a_stranger_finds_nothing(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    address = f"{burglary.url}briefing/"
    shared(cast, record_of(burglary), level=2)
    assert "Briefing copy" not in text_of(browse("bo").get(burglary.url)).split("<main")[1]
    for method in ("get", "post"):
        assert getattr(browse("bo"), method)(address, SENT).status_code == 403
        assert getattr(browse("ash"), method)(address, SENT).status_code == 404
    assert not BriefingCopy.objects.exists()


def test_copies_are_listed_to_whoever_holds_them_and_to_the_owner(
    browse: Browser, cast: Cast, given: Burglary
) -> None:
    browse("bo").post(f"{given.url}briefing/", SENT)
    number = BriefingCopy.objects.get().number
    theirs = text_of(browse("bo").get(f"{given.url}sharing/"))
    assert "Copies we hold" in theirs
    assert number in theirs
    owners = text_of(browse("ana").get(f"{given.url}sharing/"))
    assert "Copies made by partners" in owners
    assert number in owners
    assert "Copies we hold" not in owners


def test_what_is_typed_is_never_markup(
    browse: Browser, given: Burglary, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = SENT | {"recipient": '#panic("x") *Lee* $a$ \\'}
    answer = browse("bo").post(f"{given.url}briefing/", typed)
    assert answer.status_code == 200
    kept: list[Any] = []

    def keep(template: str, data: dict[str, Any]) -> bytes:
        kept.append(json.loads(json.dumps(data)))
        return b"%PDF-"

    monkeypatch.setattr("cases.views.briefing.typeset", keep)
    browse("bo").post(f"{given.url}briefing/", typed)
    assert typed["recipient"] in kept[0]["marks"]["copy"]


def test_paper_that_cannot_be_made_voids_its_copy(
    browse: Browser, given: Burglary, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(template: str, data: dict[str, Any]) -> bytes:
        raise NotPrinted("no")

    monkeypatch.setattr("cases.views.briefing.typeset", broken)
    answer = browse("bo").post(f"{given.url}briefing/", SENT)
    copy = BriefingCopy.objects.get()
    assert answer.status_code == 500
    assert f"Copy {copy.number} could not be made and is void." in text_of(answer)
    assert copy.voided_at is not None
    assert Event.objects.filter(kind="copy.voided", target=copy.pk).count() == 1


def test_pages_print_one_line_that_leads_to_the_briefing_copy(
    browse: Browser, given: Burglary
) -> None:
    page = browse("bo").get(given.url).content.decode()
    body = page[page.index("<body") :]
    first = body[body.index(">") + 1 :].lstrip()
    assert first.startswith('<p class="print-line">')
    assert "Briefing copy" in first[: first.index("</p>")]
