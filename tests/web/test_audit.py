"""Who saw a case, in the browser: asked by number and days, answered on a page and as files."""

from __future__ import annotations

from uuid import uuid4

import pytest

from cases.services import open_case
from ledger.models import Event
from sharing.models import Record
from tests.cast import Cast, shared
from tests.web.conftest import Browser, Burglary, text_of
from tests.web.markup import faults_of

PAGE = "/ledger/who/"
FILE = "/ledger/who/file/"


@pytest.fixture
def read(browse: Browser, cast: Cast, burglary: Burglary) -> Burglary:
    """Return the burglary once Bo has read it and Ash has tried."""
    shared(cast, Record.objects.unrestricted("a test").get(pk=burglary.case.pk))
    browse("bo").get(burglary.url)
    browse("ash").get(burglary.url)
    return burglary


@pytest.mark.parametrize("name", ["sam", "ida"])
def test_a_case_is_asked_about_by_number_and_answered_by_name(
    browse: Browser, read: Burglary, name: str
) -> None:
    for number in ("24-1832", "24 1832", read.case.number):
        answer = browse(name).get(PAGE, {"number": number})
        page = text_of(answer)
        assert answer.status_code == 200
        assert faults_of(answer.content.decode()) == []
        assert f'Who saw <span class="number">{read.case.number}</span>, and why' in page
        assert "Bravo Police" in page
        assert "Same pry marks on four entries" in page
        assert ("Ash" in page) == (name == "ida")
    assert "Garage burglaries" not in page
    assert "Blue Civic" not in page


def test_no_content_is_on_an_auditors_page_and_the_days_narrow_it(
    browse: Browser, read: Burglary
) -> None:
    page = text_of(browse("ida").get(PAGE, {"number": "24-1832", "since": "2020-01-01", "to": ""}))
    assert "Bo " in page
    for secret in ("Garage burglaries", "Side doors", "Blue Civic", "Vera", "8KTR417"):
        assert secret not in page
    early = {"number": "24-1832", "since": "2020-01-01", "to": "2020-02-01"}
    before = text_of(browse("ida").get(PAGE, early))
    assert "Nobody of another agency read it in this time." in before
    wrong = browse("ida").get(
        PAGE, {"number": "24-1832", "since": "2020-02-01", "to": "2020-01-01"}
    )
    assert wrong.status_code == 422
    assert "The last day is before the first." in text_of(wrong)


def test_the_page_is_linked_from_the_log_and_from_the_history_of_a_case(
    browse: Browser, read: Burglary
) -> None:
    sam = browse("sam")
    link = f"{PAGE}?record={read.case.pk}"
    assert f'href="{link}"' in text_of(sam.get(f"{read.url}history/"))
    assert f'href="{PAGE}"' in text_of(sam.get("/ledger/"))
    assert "Bravo Police" in text_of(sam.get(link))
    assert f'href="{link}"' not in text_of(browse("ana").get(f"{read.url}history/"))
    assert f'href="{PAGE}"' not in text_of(browse("ana").get("/ledger/"))


@pytest.mark.parametrize("name", ["ana", "cora", "bo", "ash"])
def test_others_are_told_whose_page_it_is(browse: Browser, read: Burglary, name: str) -> None:
    answer = browse(name).get(PAGE, {"number": "24-1832"})
    assert answer.status_code == 403
    sent = {"record": str(read.case.pk), "kind": "csv"}
    assert browse(name).post(FILE, sent).status_code == 404


def test_a_partner_with_release_authority_finds_no_case_of_the_owners(
    browse: Browser, read: Burglary
) -> None:
    stella = browse("stella")
    pages = [stella.get(PAGE, {"record": key}) for key in (read.case.pk, uuid4())]
    told = [text_of(page).replace(str(read.case.pk), "") for page in pages]
    assert [page.status_code for page in pages] == [200, 200]
    assert "In short" not in told[0]
    by_number = text_of(stella.get(PAGE, {"number": read.case.number}))
    assert "No case of your agency has this number." in by_number


def test_of_several_cases_of_one_number_one_is_chosen(
    browse: Browser, cast: Cast, read: Burglary
) -> None:
    again = open_case(cast.actor("ana"), title="Again", type="robbery", own_number="24 1832")
    page = text_of(browse("ida").get(PAGE, {"number": "24-1832"}))
    assert "more than one case of this number" in page
    for case in (again, read.case):
        assert case.number in page
        assert f"?record={case.pk}" in page


@pytest.mark.parametrize(
    ("kind", "sort", "begins"),
    [("csv", "text/csv; charset=utf-8", b"section,"), ("pdf", "application/pdf", b"%PDF-")],
)
def test_the_answer_is_kept_as_a_file(
    browse: Browser, read: Burglary, kind: str, sort: str, begins: bytes
) -> None:
    sent = {"record": str(read.case.pk), "since": "", "to": "", "kind": kind}
    answer = browse("ida").post(FILE, sent)
    assert (answer.status_code, answer["Content-Type"]) == (200, sort)
    assert answer["Content-Disposition"] == (
        f'attachment; filename="who-saw-{read.case.number}.{kind}"'
    )
    assert answer["Cache-Control"] == "no-store"
    assert answer.content.startswith(begins)
    assert Event.objects.filter(kind="log.exported", facts__format=kind).count() == 1


@pytest.mark.parametrize("sent", [{}, {"kind": "csv"}, {"kind": "doc", "record": "x"}])
def test_a_file_of_nothing_is_not_there(
    browse: Browser, read: Burglary, sent: dict[str, str]
) -> None:
    assert browse("ida").post(FILE, sent).status_code == 404
    assert browse("ida").get(FILE).status_code == 405
