"""The main job by browser: share, approve, read, acknowledge, add, narrow, stop; and by asking."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ledger.models import Event
from sharing.models import Grant, ShareRequest
from tests.cast import Cast
from tests.web.conftest import Browser, Burglary, text_of


def a_day(days: int = 30) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def offer(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {
        "who": str(cast.id("bravo")),
        "level": "view",
        "which": "all",
        "later": "except_protected",
        "until": a_day(),
        "purpose": "criminal_justice",
        "reason": "They have four like it",
        **changes,
    }


def ask(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {
        "agency_id": str(cast.id("alpha")),
        "own_number": "24-1832",
        "level": "view",
        "until": a_day(),
        "purpose": "criminal_justice",
        "for_case": "BR-77",
        "reason": "Same tool marks",
        **changes,
    }


def shared(browse: Browser, cast: Cast, burglary: Burglary, **changes: Any) -> ShareRequest:
    """Send an offer as Ana and approve it as Sam, by their browsers."""
    browse("ana").post(f"{burglary.url}share/", offer(cast, step="send", **changes))
    request = ShareRequest.objects.latest("created_at")
    decide(browse("sam"), request, "approve", as_asked="1")
    request.refresh_from_db()
    return request


def decide(client: Client, request: ShareRequest, act: str, **said: Any) -> Any:
    request.refresh_from_db()
    return client.post(f"/requests/{request.pk}/{act}/", {"version": request.version, **said})


def test_the_preview_counts_what_the_other_side_will_see_and_sends_nothing(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    response = browse("ana").post(f"{burglary.url}share/", offer(cast, step="preview"))
    page = text_of(response)
    assert "<strong>Bravo Police will see 1 of 3 items.</strong> Held back: Victim 1" in page
    assert "2 people there can open it." in page
    assert not ShareRequest.objects.exists()


def test_sending_goes_to_the_release_authority_and_back_to_the_request(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    response = browse("ana").post(f"{burglary.url}share/", offer(cast, step="send"))
    request = ShareRequest.objects.get()
    assert response.url == f"/requests/{request.pk}/"
    assert request.state == "submitted"
    assert (request.record_id, request.roster_id) == (burglary.case.pk, cast.id("bravo"))


def test_changing_after_the_preview_keeps_what_was_typed(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    page = text_of(browse("ana").post(f"{burglary.url}share/", offer(cast, step="change")))
    assert "They have four like it" in page
    assert not ShareRequest.objects.exists()


def test_an_offer_without_a_receiver_keeps_its_text_and_names_the_field(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    response = browse("ana").post(f"{burglary.url}share/", offer(cast, step="preview", who=""))
    page = text_of(response)
    assert response.status_code == 422
    assert (
        '<a href="#id_who">With: Choose who gets it: an agency, a task force or one person.</a>'
        in page
    )
    assert "They have four like it" in page


def test_one_person_is_found_by_name_and_offered_a_case(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    post = cast.posts["bo"]
    said = offer(cast, step="find", who="", find="bo bravo")
    page = text_of(browse("ana").post(f"{burglary.url}share/", said))
    assert f'<option value="{post.pk}">Bo, Bravo Police</option>' in page
    browse("ana").post(f"{burglary.url}share/", offer(cast, step="send", who=str(post.pk)))
    assert ShareRequest.objects.get().roster_id == post.pk


def test_a_release_opens_the_case_to_the_partner_until_it_is_stopped(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    partner = browse("bo")
    assert partner.get(burglary.url).status_code == 404
    request = shared(browse, cast, burglary)
    page = text_of(partner.get(burglary.url))
    assert "<strong>Received from Alpha Police</strong>, Full, until" in page
    assert "Side doors pried with a flat tool." in page
    grant = Grant.objects.get(decision=request)
    response = browse("ana").post(f"/grants/{grant.pk}/revoke/", {"reason_code": "need_ended"})
    assert response.url == f"{burglary.url}sharing/"
    gone = partner.get(burglary.url)
    assert gone.status_code == 404
    assert gone.content == browse("ash").get(burglary.url).content


def test_reading_a_received_case_is_on_the_owners_history_tab(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    request = shared(browse, cast, burglary)
    browse("bo").get(burglary.url)
    page = text_of(browse("ana").get(f"{burglary.url}history/"))
    opened = Event.objects.filter(kind="record.opened", agency=cast.id("bravo"))
    assert opened.count() == 1
    assert "Bo <span" in page
    assert f"{request.number} approved by Sam" in page


def test_the_approval_page_says_who_would_read_how_much(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    browse("ana").post(f"{burglary.url}share/", offer(cast, step="send"))
    request = ShareRequest.objects.get()
    page = text_of(browse("sam").get(f"/requests/{request.pk}/"))
    assert "2 people at Bravo Police can read <strong>1 of 3 items</strong> until" in page
    assert "Held back: Victim 1, Witness 1." in page


def test_approving_is_said_with_the_time(browse: Browser, cast: Cast, burglary: Burglary) -> None:
    browse("ana").post(f"{burglary.url}share/", offer(cast, step="send"))
    request = ShareRequest.objects.get()
    supervisor = browse("sam")
    response = decide(supervisor, request, "approve", as_asked="1")
    page = text_of(supervisor.get(response.url))
    assert "Approved. Bravo Police is told at" in page
    assert request.state == "submitted"
    request.refresh_from_db()
    assert request.state == "approved"


def test_approving_less_gives_less(browse: Browser, cast: Cast, burglary: Burglary) -> None:
    browse("ana").post(f"{burglary.url}share/", offer(cast, step="send"))
    request = ShareRequest.objects.get()
    less = {"level": "summary", "until": a_day(7), "which": "all", "later": "no"}
    decide(browse("sam"), request, "approve", **less)
    grant = Grant.objects.get()
    assert (grant.get_level_display(), grant.later) == ("Summary", "no")
    page = text_of(browse("bo").get(burglary.url))
    assert "You have the summary level" in page
    assert "Side doors pried" not in page


def test_chosen_items_are_what_the_partner_finds(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    shared(browse, cast, burglary, which="chosen", items=[str(burglary.car.pk)])
    page = text_of(browse("bo").get(f"{burglary.url}items/"))
    assert "Blue Civic" in page
    assert "Witness 1" not in page


@pytest.mark.parametrize(("name", "act"), [("ana", "approve"), ("bo", "approve"), ("ana", "deny")])
def test_only_the_release_authority_decides(
    browse: Browser, cast: Cast, burglary: Burglary, name: str, act: str
) -> None:
    browse("ana").post(f"{burglary.url}share/", offer(cast, step="send"))
    request = ShareRequest.objects.get()
    response = decide(browse(name), request, act, as_asked="1", reason_code="safety")
    assert response.status_code in (404, 422)
    request.refresh_from_db()
    assert request.state == "submitted"


def test_an_older_version_of_a_request_is_not_decided(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    browse("ana").post(f"{burglary.url}share/", offer(cast, step="send"))
    request = ShareRequest.objects.get()
    said = {"version": request.version - 1, "as_asked": "1"}
    response = browse("sam").post(f"/requests/{request.pk}/approve/", said)
    assert response.status_code == 412
    assert not Grant.objects.exists()


def test_an_ask_by_number_is_attached_and_released(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    response = browse("bo").post("/requests/ask/", ask(cast))
    request = ShareRequest.objects.get()
    assert response.url == f"/requests/{request.pk}/"
    decide(browse("lee"), request, "attach", number="24-1832")
    asker = text_of(browse("bo").get(response.url))
    assert burglary.case.number not in asker
    decide(browse("sam"), request, "approve", as_asked="1")
    assert burglary.case.number in text_of(browse("bo").get(response.url))
    assert browse("bo").get(burglary.url).status_code == 200


def test_an_ask_by_number_offers_one_safe_reason_to_deny_with(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    browse("bo").post("/requests/ask/", ask(cast, own_number="no such number"))
    request = ShareRequest.objects.get()
    page = text_of(browse("sam").get(f"/requests/{request.pk}/"))
    assert page.count('name="reason_code"') == 1
    assert 'value="nothing_releasable"' in page
    refused = decide(browse("sam"), request, "deny", reason_code="safety")
    assert refused.status_code == 422
    decide(browse("sam"), request, "deny", reason_code="nothing_releasable")
    asker = text_of(browse("bo").get(f"/requests/{request.pk}/"))
    assert "<strong>Not approved: Nothing releasable.</strong>" in asker


def test_a_question_waits_for_its_answer(browse: Browser, cast: Cast, burglary: Burglary) -> None:
    browse("bo").post("/requests/ask/", ask(cast))
    request = ShareRequest.objects.get()
    decide(browse("sam"), request, "question", text="Which of your cases?")
    request.refresh_from_db()
    assert request.state == "info_needed"
    assert "Which of your cases?" in text_of(browse("bo").get(f"/requests/{request.pk}/"))
    decide(browse("bo"), request, "answer", text="BR-77 and BR-78")
    request.refresh_from_db()
    assert request.state == "under_review"
    assert "BR-77 and BR-78" in text_of(browse("sam").get(f"/requests/{request.pk}/"))


def test_the_asker_withdraws(browse: Browser, cast: Cast, burglary: Burglary) -> None:
    browse("bo").post("/requests/ask/", ask(cast))
    request = ShareRequest.objects.get()
    decide(browse("bo"), request, "withdraw")
    request.refresh_from_db()
    assert request.state == "withdrawn"


def test_an_ask_without_a_number_or_description_keeps_the_rest(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    response = browse("bo").post("/requests/ask/", ask(cast, own_number=""))
    page = text_of(response)
    assert response.status_code == 422
    assert "Give a number, or say what you are looking for." in page
    assert "Same tool marks" in page
    assert not ShareRequest.objects.exists()


def test_contributing_opens_once_it_is_acknowledged(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    request = shared(browse, cast, burglary, level="contribute")
    grant = Grant.objects.get(decision=request)
    note = {"title": "Seen at our garage", "fields.text": "Same car"}
    address = f"{burglary.url}items/new/?kind=note"
    assert browse("bo").post(address, note).status_code == 422
    browse("stella").post(f"/grants/{grant.pk}/acknowledge/", {"contributions": "direct"})
    assert browse("bo").post(address, note).status_code == 302
    page = text_of(browse("ana").get(f"{burglary.url}items/"))
    assert page.index("Contributed by Bravo Police") < page.index("Seen at our garage")


def test_narrowing_takes_effect_at_once(browse: Browser, cast: Cast, burglary: Burglary) -> None:
    request = shared(browse, cast, burglary)
    grant = Grant.objects.get(decision=request)
    said = {"level": "summary", "until": a_day(7), "later": "no"}
    assert browse("ana").post(f"/grants/{grant.pk}/narrow/", said).status_code == 302
    assert "Side doors pried" not in text_of(browse("bo").get(burglary.url))


def test_asking_for_longer_is_a_new_request(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    request = shared(browse, cast, burglary)
    grant = Grant.objects.get(decision=request)
    said = {"until": a_day(60), "reason": "Trial is in two months"}
    browse("bo").post(f"/grants/{grant.pk}/renew/", said)
    newest = ShareRequest.objects.latest("created_at")
    assert (newest.pk != request.pk, newest.state) == (True, "submitted")


def test_the_number_in_a_mail_leads_to_the_request(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    browse("bo").post("/requests/ask/", ask(cast))
    request = ShareRequest.objects.get()
    assert browse("sam").get(f"/r/{request.number}/").url == f"/requests/{request.pk}/"
    assert browse("ash").get(f"/r/{request.number}/").status_code == 404


def test_a_title_in_a_list_of_requests_is_on_the_owners_log(
    browse: Browser, cast: Cast, burglary: Burglary
) -> None:
    shared(browse, cast, burglary)
    listed = Event.objects.filter(kind="record.listed", records=[burglary.case.pk])
    before = listed.count()
    browse("ana").get("/requests/?box=decided")
    assert listed.count() == before
    page = text_of(browse("bo").get("/requests/?box=decided"))
    assert "Garage burglaries on Fifth" in page
    assert listed.count() == before + 1
