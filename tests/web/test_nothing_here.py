"""What cannot be opened: one page, the same bytes, whatever the reason."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.shortcuts import resolve_url
from django.test import Client

from tests.cast import Cast
from tests.web.conftest import Browser, Burglary, text_of

WORDS = (
    "The address may be wrong, the page may be gone, or it may not be available to you."
    " We show this same page in every case. If a colleague sent you here, ask them or the agency"
    " for the case number, then use <em>Ask an agency</em>."
)
TABS = ("", "items/", "sharing/", "history/", "edit/", "share/", "items/new/")


def told(response: Any) -> tuple[int, bytes, dict[str, str]]:
    """Return all that could be compared: status, bytes, headers but the request's own id."""
    own = ("X-Request-ID", "Date")
    headers = {name: value for name, value in response.headers.items() if name not in own}
    return response.status_code, response.content, headers


@pytest.mark.parametrize("tab", TABS)
def test_absent_invisible_and_malformed_addresses_give_the_same_page(
    browse: Browser, burglary: Burglary, tab: str
) -> None:
    stranger = browse("ash")
    invisible = stranger.get(f"{burglary.url}{tab}")
    assert told(invisible) == told(stranger.get(f"/cases/{uuid4()}/{tab}"))
    assert told(invisible) == told(stranger.get(f"/cases/no-such-case/{tab}"))
    assert told(invisible) == told(stranger.get("/no/such/address/"))
    assert invisible.status_code == 404


@pytest.mark.parametrize("tab", TABS[:4])
def test_the_owner_opens_what_a_stranger_is_told_is_nothing(
    browse: Browser, burglary: Burglary, tab: str
) -> None:
    assert browse("ana").get(f"{burglary.url}{tab}").status_code == 200


def test_a_slash_left_out_tells_nothing(browse: Browser, burglary: Burglary) -> None:
    stranger = browse("ash")
    invisible = stranger.get(burglary.url.rstrip("/"), follow=True)
    absent = stranger.get(f"/cases/{uuid4()}", follow=True)
    malformed = stranger.get("/cases/no-such-case", follow=True)
    assert told(invisible) == told(absent) == told(malformed)


def test_items_requests_grants_and_notifications_of_others_are_nothing_too(
    browse: Browser, burglary: Burglary
) -> None:
    stranger = browse("ash")
    expected = told(stranger.get("/no/such/address/"))
    for address in (
        f"/items/{burglary.car.pk}/edit/",
        f"/records/{burglary.case.pk}/ask/",
        f"/requests/{uuid4()}/",
        f"/grants/{uuid4()}/revoke/",
        "/r/SR-000000/",
        f"/agencies/{uuid4()}/",
        "/queues/no-such-queue/",
        "/requests/?box=no-such-box",
    ):
        assert told(stranger.get(address)) == expected, address


def test_the_page_holds_its_words_and_no_form_nonce_or_address(
    browse: Browser, burglary: Burglary
) -> None:
    stranger = browse("ash")
    stranger.get("/")
    response = stranger.get(burglary.url)
    page = text_of(response)
    assert '<h1 class="page__title">There is nothing here that you can open.</h1>' in page
    assert WORDS in page
    for absent in ("<form", "nonce", "csrf", str(burglary.case.pk), "<script"):
        assert absent not in page
    assert response.headers["Cache-Control"] == "no-store"
    assert not response.cookies


def test_whoever_is_signed_out_is_asked_to_sign_in_whatever_exists(
    cast: Cast, burglary: Burglary
) -> None:
    signed_out = Client()
    for key in (burglary.case.pk, uuid4()):
        response = signed_out.get(f"/cases/{key}/")
        assert response.status_code == 302
        assert response.url == f"{resolve_url(settings.LOGIN_URL)}?next=/cases/{key}/"
