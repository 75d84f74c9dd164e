"""Shared by mistake by browser: stop, who has it, recall, the holder's answer, the note; and what
was told outside.
"""

from __future__ import annotations

from typing import Any

import pytest

from ledger.models import Event
from sharing.models import HandOver, IncidentNote, Recall, RecallReceipt
from tests.cast import Cast
from tests.web.conftest import Browser, Burglary, text_of
from tests.web.markup import faults_of
from tests.web.test_main_job import a_day, shared

TITLE = "Blue Civic"


@pytest.fixture
def given(browse: Browser, cast: Cast, burglary: Burglary) -> Burglary:
    """Return the case, in full with Bravo, whose analyst has read its items."""
    shared(browse, cast, burglary)
    assert TITLE in text_of(browse("bo").get(f"{burglary.url}items/"))
    return burglary


def mistake(given: Burglary) -> str:
    return f"/records/{given.car.pk}/mistake/"


def sound(response: Any) -> str:
    """Return the words of a page whose markup has no fault."""
    assert faults_of(response.content.decode()) == []
    return text_of(response)


def sent(browse: Browser, given: Burglary) -> Recall:
    """Stop the car and call it back as Ana."""
    client = browse("ana")
    client.post(mistake(given))
    recall = Recall.objects.get()
    client.post(f"/recalls/{recall.pk}/send/", {"due_at": a_day(3)})
    recall.refresh_from_db()
    return recall


def answered(receipt: RecallReceipt, **said: str) -> dict[str, str]:
    prefix = str(receipt.pk)[:8]
    return {f"{prefix}-{name}": value for name, value in said.items()}


def test_the_page_says_who_has_it_before_anything_is_stopped(
    browse: Browser, given: Burglary
) -> None:
    page = sound(browse("ana").get(mistake(given)))
    assert "Shared by mistake: Vehicle 1" in page
    assert "Opened by 0 people" in page
    assert "listed to 1" in page
    assert "Bravo Police" in page
    assert "Stop it first" in page
    assert TITLE in text_of(browse("bo").get(f"{given.url}items/"))


def test_stopping_takes_effect_with_the_next_page(browse: Browser, given: Burglary) -> None:
    client = browse("ana")
    response = client.post(mistake(given))
    assert response.url == mistake(given)
    page = text_of(browse("bo").get(f"{given.url}items/"))
    assert TITLE not in page
    assert "Stopped. Nobody outside can open it now." in text_of(client.get(response.url))


@pytest.mark.parametrize(("name", "status"), [("bo", 403), ("ash", 404), ("ida", 404)])
def test_nobody_but_the_owner_s_readers_has_the_page(
    browse: Browser, given: Burglary, name: str, status: int
) -> None:
    for method in ("get", "post"):
        assert getattr(browse(name), method)(mistake(given)).status_code == status
    assert not Recall.objects.exists()


def test_the_holder_is_told_and_answers_and_the_owner_sees_it(
    browse: Browser, given: Burglary
) -> None:
    recall = sent(browse, given)
    holder = browse("bo")
    page = sound(holder.get(f"/recalls/{recall.pk}/"))
    assert "Recall from Alpha Police: stop using <span" in page
    assert given.case.number in page
    assert "Released in error" in page
    assert TITLE not in page
    assert "Garage burglaries" not in page
    receipt = recall.receipts.get()
    address = f"/receipts/{receipt.pk}/answer/"
    wrong = holder.post(address, answered(receipt, answer="passed_on"))
    assert wrong.status_code == 422
    assert "Say by which law or order, in which file, or to whom." in sound(wrong)
    done = holder.post(address, answered(receipt, answer="passed_on", text="The prosecutor"))
    assert done.url == f"/recalls/{recall.pk}/"
    assert "Passed on" in sound(holder.get(done.url))
    owner = sound(browse("ana").get(mistake(given)))
    assert "Acknowledged by every holder" in owner
    assert "The prosecutor" in owner


def test_a_recall_is_listed_on_both_sides(browse: Browser, given: Burglary) -> None:
    recall = sent(browse, given)
    holder, owner = (sound(browse(name).get("/recalls/")) for name in ("bo", "ana"))
    assert recall.number in holder
    assert "Answer by" in holder
    assert mistake(given) in owner
    assert "Nothing is called back from you." in sound(browse("ash").get("/recalls/"))
    assert browse("ida").get("/recalls/").status_code == 403


def test_a_recall_is_sent_once_and_for_a_day_to_come(browse: Browser, given: Burglary) -> None:
    browse("ana").post(mistake(given))
    recall = Recall.objects.get()
    client = browse("ana")
    client.post(f"/recalls/{recall.pk}/send/", {"due_at": a_day(-3)})
    recall.refresh_from_db()
    assert recall.sent_at is None
    assert browse("bo").post(f"/recalls/{recall.pk}/send/", {}).status_code == 404
    for _ in range(2):
        client.post(f"/recalls/{recall.pk}/send/", {"due_at": a_day(3)})
    assert Event.objects.filter(kind="recall.sent").count() == 1


def test_the_owner_does_not_answer_for_who_can(browse: Browser, given: Burglary) -> None:
    receipt = sent(browse, given).receipts.get()
    client = browse("ana")
    said = answered(receipt, answer="destroyed")
    response = client.post(f"/receipts/{receipt.pk}/answer/", said)
    assert "They answer this themselves, in the portal." in text_of(
        client.get(response.url, follow=True)
    )
    receipt.refresh_from_db()
    assert receipt.answer == ""
    assert browse("ash").post(f"/receipts/{receipt.pk}/answer/", said).status_code == 404


def test_the_note_is_kept_for_the_privacy_officer(browse: Browser, given: Burglary) -> None:
    recall = sent(browse, given)
    client, address = browse("ana"), f"/recalls/{recall.pk}/incident/"
    sound(client.get(address))
    note = {
        "what": "A plate of somebody who only stood by",
        "how": "Shared with the whole case",
        "happened_on": "2026-03-01",
        "discovered_on": "2026-03-02",
        "victim_notified": "yes",
        "notified_on": "",
        "version": "0",
    }
    wrong = client.post(address, note)
    assert wrong.status_code == 422
    assert "A plate of somebody" in sound(wrong)
    assert client.post(address, note | {"victim_notified": "not_yet"}).status_code == 302
    kept = IncidentNote.objects.get()
    for name in ("sam", "cora", "ida", "ana"):
        assert recall.number in sound(browse(name).get("/incidents/"))
        page = sound(browse(name).get(f"/incidents/{kept.pk}/"))
        assert "A plate of somebody" in page
        assert TITLE not in page
    for name in ("bo", "ash"):
        assert browse(name).get(f"/incidents/{kept.pk}/").status_code == 404
        assert "None that you may read" in sound(browse(name).get("/incidents/"))
    again = client.post(address, note | {"victim_notified": "not_yet", "how": "By hand"})
    assert again.status_code == 412


def test_a_case_is_stopped_and_called_back_whole(browse: Browser, given: Burglary) -> None:
    client, address = browse("ana"), f"/records/{given.case.pk}/mistake/"
    assert "Every access to this case and its items ends" in sound(client.get(address))
    client.post(address)
    assert browse("bo").get(given.url).status_code == 404
    assert "Every access to the case has ended." in sound(client.get(address))


def told(**changes: Any) -> dict[str, Any]:
    return {
        "agency_id": "",
        "recipient": "Clerk of the court",
        "means": "voice",
        "told_at": "2026-03-01T10:00",
        "purpose": "criminal_justice",
        "for_case": "CR-12",
        "authority": "Subpoena of 3 May",
        "text": "Read the plate out",
        "step": "log",
        **changes,
    }


def test_what_was_told_outside_is_logged_and_stands_on_the_sharing_tab(
    browse: Browser, given: Burglary
) -> None:
    client, address = browse("ana"), f"{given.url}told/"
    sound(client.get(address))
    response = client.post(address, told(items=[str(given.car.pk)]))
    assert response.url == f"{given.url}sharing/"
    page = sound(client.get(response.url))
    for words in ("Told outside the portal", "Clerk of the court", "By voice", "for CR-12"):
        assert words in page
    assert "Subpoena of 3 May" in page
    partner = sound(browse("bo").get(f"{given.url}sharing/"))
    assert "Clerk of the court" not in partner
    assert "Shared by mistake" not in partner
    assert "Told it outside the portal" in text_of(client.get(f"{given.url}history/"))
    found = sound(client.get(mistake(given)))
    assert "told to 1" in found


def test_an_agency_of_the_directory_is_found_by_its_name(
    browse: Browser, cast: Cast, given: Burglary
) -> None:
    delta = cast.agency("delta", status="suspended")
    client, address = browse("ana"), f"{given.url}told/"
    page = sound(client.post(address, told(step="find", find="delta", recipient="")))
    assert f'<option value="{delta.pk}">Delta Police</option>' in page
    assert "Read the plate out" in page
    client.post(address, told(agency_id=str(delta.pk), recipient=""))
    assert HandOver.objects.get().agency_id == delta.pk


def test_what_cannot_be_logged_keeps_what_was_typed(browse: Browser, given: Burglary) -> None:
    address = f"{given.url}told/"
    for wrong in ({"recipient": ""}, {"told_at": "2999-01-01T10:00"}, {"agency_id": "x"}):
        response = browse("ana").post(address, told(**wrong))
        assert response.status_code == 422
        assert "Read the plate out" in sound(response)
    assert not HandOver.objects.exists()


def test_who_received_a_case_is_told_whom_to_ask(browse: Browser, given: Burglary) -> None:
    response = browse("bo").post(f"{given.url}told/", told())
    assert response.status_code == 403
    assert "Alpha Police" in text_of(response)
