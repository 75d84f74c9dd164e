"""What may be seen but not done, and what happens when the log cannot be written."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from cases.models import Case
from tests.cast import Cast
from tests.web.conftest import BACKEND, Browser, Burglary, text_of


@pytest.mark.parametrize("name", ["ida", "cora"])
def test_auditors_and_coordinators_find_no_cases(
    browse: Browser, burglary: Burglary, name: str
) -> None:
    client = browse(name)
    assert "Garage burglaries" not in text_of(client.get("/cases/"))
    assert client.get(burglary.url).status_code == 404
    assert "Cases</a>" not in text_of(client.get("/"))


def test_an_auditor_reads_the_log_and_a_coordinator_is_told_why_not(
    browse: Browser, burglary: Burglary
) -> None:
    assert burglary.case.number in text_of(browse("ida").get("/ledger/"))
    response = browse("cora").get("/ledger/")
    assert response.status_code == 403
    assert "The audit log is read by an agency&#x27;s own readers and its auditors." in text_of(
        response
    )


@pytest.mark.parametrize("address", ["/requests/ask/", "/requests/standing/new/", "/calls/new/"])
def test_a_form_is_shown_to_nobody_whose_role_never_sends_it(browse: Browser, address: str) -> None:
    statuses = {name: browse(name).get(address).status_code for name in ("ana", "ida", "cora")}
    assert statuses == {"ana": 200, "ida": 403, "cora": 403}
    assert "Open a category" not in text_of(browse("ida").get("/requests/standing/"))
    assert "Open a category" in text_of(browse("ana").get("/requests/standing/"))


def test_nothing_is_shown_when_the_log_cannot_be_written(
    browse: Browser, burglary: Burglary, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: Any, **options: Any) -> None:
        raise DatabaseError("no room")

    client = browse("ana")
    assert client.get(burglary.url).status_code == 200
    monkeypatch.setattr("sharing.disclosure.record_event", fails)
    response = client.get(burglary.url)
    assert response.status_code == 503
    assert "Garage burglaries" not in text_of(response)
    assert "the log cannot be written at this moment" in text_of(response)


def test_a_form_of_another_site_is_refused_and_one_of_ours_is_not(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.posts["ana"].person, backend=BACKEND)
    said = {"title": "Pier hold-ups", "type": "robbery", "grouping": "series"}
    response = client.post("/cases/new/", said)
    assert response.status_code == 403
    assert "This form is no longer valid" in text_of(response)
    client.get("/cases/new/")
    token = client.cookies["liaison_csrf"].value
    assert client.post("/cases/new/", {**said, "csrfmiddlewaretoken": token}).status_code == 302
    assert Case.objects.unrestricted("a test").count() == 1


@pytest.mark.parametrize(
    "address",
    ["requests/{r}/approve/", "requests/{r}/deny/", "notifications/read/", "acting-as/"],
)
def test_opening_an_address_changes_nothing(browse: Browser, address: str) -> None:
    response = browse("sam").get("/" + address.format(r="0" * 8 + "-0000-0000-0000-" + "0" * 12))
    assert response.status_code in (200, 405)


def test_pages_are_never_kept_and_trust_no_other_origin(
    browse: Browser, burglary: Burglary
) -> None:
    client = browse("ana")
    for address in ("/", "/cases/", burglary.url, "/search/?q=civic", "/agencies/"):
        headers = client.get(address).headers
        assert headers["Cache-Control"] == "no-store"
        assert "script-src 'self';" in headers["Content-Security-Policy"] + ";"
        assert "unsafe" not in headers["Content-Security-Policy"]


@pytest.mark.parametrize("weird", ["\x00", "%00", "\udcff", "x" * 5000, "' OR 1=1 --", "%"])
@pytest.mark.parametrize("address", ["/cases/", "/search/", "/search/suggest/", "/agencies/"])
def test_no_text_breaks_a_search(browse: Browser, address: str, weird: str) -> None:
    client = browse("ana")
    said = weird.encode("utf-8", "surrogateescape")
    assert client.get(address, {"q": said}).status_code == 200
