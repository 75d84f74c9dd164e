"""The share dialog beside its form: what they will see, under what, or why not and what to do."""

from __future__ import annotations

import pytest

from agencies.codes import Level
from agencies.services import end_agreement
from ledger.models import Event
from sharing.models import Grant, ShareRequest
from tests.cast import PORTAL, Cast
from tests.web.conftest import Browser, Burglary, text_of
from tests.web.markup import faults_of
from tests.web.test_main_job import a_day, offer, shared


def panel(browse: Browser, cast: Cast, burglary: Burglary, **changes: object) -> str:
    said = offer(cast, was="open", **changes)
    response = browse("ana").post(f"{burglary.url}share/panel/", said)
    assert response.status_code == 200
    return text_of(response)


def test_it_says_who_sees_how_much_and_what_is_held_back_and_why(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    said = panel(browse, cast, burglary, reason="")
    assert "Covered by <strong>Agreement M1" in said
    assert "<strong>Bravo Police will see 1 of 3 items.</strong>" in said
    assert 'Victim 1 <span class="quiet">(held back by us)</span>' in said
    assert 'Witness 1 <span class="quiet">(witness)</span>' in said
    assert "2 people there can open it." in said
    assert not ShareRequest.objects.exists()


def test_it_says_who_is_shown_without_a_name_and_what_is_not_chosen(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    said = panel(browse, cast, burglary, which="chosen", items=[str(burglary.witness.pk)])
    assert 'Without their names: Witness 1 <span class="quiet">(witness)</span>' in said
    assert "(not chosen)" in said
    assert "(not given at this level)" in panel(browse, cast, burglary, level="pointer")


def test_it_waits_for_what_is_not_chosen_or_wrong(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    assert "Choose who gets it" in panel(browse, cast, burglary, who="")
    assert "Mend “until” first" in panel(browse, cast, burglary, until="soon")


def test_a_longer_wish_is_shortened_and_said(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    assert "when the agreement ends" in panel(browse, cast, burglary, until=a_day(500))
    assert "when the agreement ends" not in panel(browse, cast, burglary)


def test_where_no_agreement_is_it_says_so_and_whom_to_ask(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    said = panel(browse, cast, burglary, who=str(cast.id("charlie")))
    assert "your agency has no agreement with Charlie Police" in said
    assert "Ask Cora" in said
    assert 'hx-swap-oob="true"' in said
    assert "disabled" in said


def test_what_an_agreement_lacks_is_named_with_the_way_out(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    cast.agree("M2", "alpha", "charlie", level=Level.SUMMARY)
    charlie = str(cast.id("charlie"))
    said = panel(browse, cast, burglary, who=charlie)
    assert "goes no further than “summary”" in said
    assert 'value="less:summary"' in said
    less = browse("ana").post(
        f"{burglary.url}share/", offer(cast, who=charlie, step="less:summary")
    )
    page = text_of(less)
    assert faults_of(less.content.decode()) == []
    assert "Charlie Police will see 1 of 3 items." in page
    use = panel(browse, cast, burglary, who=charlie, level="summary", purpose="public_safety")
    assert "is not for public safety" in use
    assert "It is for criminal justice" in use


def test_an_ended_agreement_is_named_as_ended(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    end_agreement(PORTAL, cast.agreements["M1"])
    assert "has been terminated" in panel(browse, cast, burglary)


def test_the_buttons_stay_where_nothing_about_them_changed(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    assert "offer-acts" not in panel(browse, cast, burglary)


def test_a_task_force_is_covered_by_its_lead(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    cast.agree("river", "alpha", "bravo", level=Level.SUMMARY)
    force = cast.task_force("river", "bravo", "river", "bo")
    said = panel(browse, cast, burglary, who=str(force.pk))
    assert "<strong>River Task Force will see 1 of 3 items.</strong>" in said


def test_the_button_says_to_whom_it_goes(browse: Browser, cast: Cast, burglary: Burglary) -> None:
    page = text_of(browse("ana").get(f"{burglary.url}share/"))
    assert "Send to Sam for approval" in page
    assert "nobody could approve it yet" in text_of(browse("sam").get(f"{burglary.url}share/"))


def test_it_is_shown_as_they_will_see_it_and_logged_for_the_owner_alone(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    response = browse("ana").post(f"{burglary.url}share/seen/", offer(cast, reason="Why not"))
    page = text_of(response)
    assert faults_of(response.content.decode()) == []
    assert "as Bravo Police would see it on the terms you chose." in page
    assert "Blue Civic" in page
    for hidden in ("Vera Holm", "Will Tarn"):
        assert hidden not in page
    assert 'value="Why not"' in page
    opened = Event.objects.filter(kind__in=["record.opened", "record.listed"])
    assert set(opened.values_list("agency", flat=True)) == {cast.id("alpha")}
    wrong = browse("ana").post(f"{burglary.url}share/seen/", offer(cast, who=""))
    assert wrong.status_code == 422


@pytest.mark.parametrize(
    ("level", "words"), [("pointer", "Whom to call"), ("summary", "Not shown")]
)
def test_less_is_shown_as_less(
    browse: Browser, cast: Cast, burglary: Burglary, level: str, words: str
) -> None:
    response = browse("ana").post(f"{burglary.url}share/seen/", offer(cast, level=level))
    assert faults_of(response.content.decode()) == []
    page = text_of(response)
    assert words in page
    assert "Side doors pried" not in page


def test_an_access_is_looked_through_from_the_sharing_tab(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    request = shared(browse, cast, burglary)
    grant = Grant.objects.get(decision=request)
    address = f"{burglary.url}seen/{grant.pk}/"
    client = browse("ana")
    assert address in text_of(client.get(f"{burglary.url}sharing/"))
    assert "as Bravo Police sees it now." in text_of(client.get(address))
    assert address not in text_of(browse("bo").get(f"{burglary.url}sharing/"))
    assert browse("bo").get(address).status_code == 403
    client.post(f"/grants/{grant.pk}/revoke/", {"reason_code": "need_ended"})
    assert "<h1>Nothing</h1>" in text_of(client.get(address))


def test_what_is_received_is_not_looked_through(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    shared(browse, cast, burglary, level="contribute")
    grant = Grant.objects.get()
    browse("stella").post(f"/grants/{grant.pk}/acknowledge/", {"contributions": "direct"})
    received = Grant.objects.get(owner=cast.id("bravo"))
    assert browse("ana").get(f"{burglary.url}seen/{received.pk}/").status_code == 404
