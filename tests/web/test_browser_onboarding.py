"""Onboarding in a real browser: from the public form to the first case that a partner reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, expect

from agencies.actors import Actor, acting_as
from agencies.codes import Role, Sensitivity
from agencies.models import Agency, BoardVote, Membership, Person
from agencies.services import (
    add_membership,
    admit_person,
    conclude_participation,
)
from cases.services import open_case
from ledger.models import Event
from ledger.tasks import deliver_messages
from sharing.models import Grant
from sharing.services import approve_request, offer_record
from tests.cast import PORTAL, Cast, terms, two_agencies

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PDF: Any = {"name": "policy.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n"}
TOPICS = ("security", "vetting", "training", "privacy_policy", "retention")
WAIT = 20_000


class Desk:
    """One person at a browser of their own; without a name, nobody who is signed in."""

    def __init__(self, context: BrowserContext, portal: str, person: Person | None = None) -> None:
        if person is not None:
            client = Client()
            client.force_login(person, backend=BACKEND)
            kept = client.cookies["liaison_session"].value
            context.add_cookies([{"name": "liaison_session", "value": kept, "url": portal}])
        self.portal, self.page = portal, context.new_page()
        self.page.set_default_timeout(WAIT)

    def go(self, address: str) -> None:
        """Open an address of the portal."""
        self.page.goto(address if address.startswith("http") else self.portal + address)

    def fill(self, **values: str) -> None:
        """Fill fields by the ids that they have."""
        for field, value in values.items():
            self.page.locator(f"#{field}").fill(value)

    def press(self, name: str) -> None:
        """Press the button in the page that is called exactly so."""
        self.page.locator("main").get_by_role("button", name=name, exact=True).first.click()
        self.page.wait_for_load_state()

    def sees(self, words: str) -> None:
        """Wait until the page says so."""
        expect(self.page.locator("main")).to_contain_text(words, timeout=WAIT)


@pytest.fixture
def contexts(live_portal: str, browser: Browser) -> Iterator[Any]:
    """Give a function that opens browsers, closed before the portal they keep connections to."""
    opened: list[BrowserContext] = []

    def another() -> BrowserContext:
        opened.append(browser.new_context())
        return opened[-1]

    yield another
    for context in opened:
        context.close()


def world() -> Cast:
    """Return two agencies under the participation agreement, and a third in the directory."""
    cast = two_agencies()
    conclude_participation(PORTAL)
    Agency.objects.create(
        name="Lake Town Police", ori="ZZ0090000", kind="municipal", state="Oregon", county="Lake"
    )
    for name in ("root", "rita"):
        admit_person(
            PORTAL, email=f"{name}@portal.example", name=name.title(), is_administrator=True
        )
    return cast


def apply(desk: Desk) -> str:
    """Apply on the public form, verify the address, and return the applicant's address."""
    desk.go("/apply/")
    desk.page.locator("#id_q").press_sequentially("lake town", delay=20)
    desk.page.locator("[name=pick][value=ZZ0090000]").check()
    desk.fill(
        id_agency_name="Lake Town Police",
        id_applicant="Al Reed",
        id_email="al@lake.example",
        id_phone="+1 555 0190",
    )
    desk.press("Send")
    desk.sees("Check your mail")
    deliver_messages()
    link = re.search(r"/apply/by/\S+", str(mail.outbox[-1].body))
    assert link is not None
    desk.go(link[0])
    desk.press("Yes, this is my address")
    desk.sees("Your address is verified")
    return link[0]


def take_up(root: Desk) -> str:
    """Take the application up, verify, give a tier, have the agreement signed; return its page."""
    root.go("/onboarding/")
    root.page.get_by_role("link", name="Lake Town Police").click()
    root.fill(take_up_short_name="lake")
    root.press("Take it up")
    root.fill(verify_reached_at="+1 555 0100", verify_spoke_to="Chief Moss")
    root.press("Record the verification")
    root.page.locator("[name=tier][value=full]").check()
    root.fill(tier_reason="A police department.")
    root.press("Give this tier")
    root.press("The agreements are sent")
    root.fill(sign_signer="Chief Moss", sign_title="Chief")
    root.press("Record the signature")
    root.sees("Security: the agency has not answered.")
    return root.page.url


def answer(applicant: Desk, address: str) -> None:
    """Answer each question, with a file for the first."""
    for topic in TOPICS:
        applicant.go(f"{address}answers/{topic}/")
        applicant.page.locator("[name=says][value=met]").check()
        applicant.fill(id_text="We do.")
        if topic == TOPICS[0]:
            applicant.page.locator("#id_file").set_input_files(files=[PDF])
        applicant.press("Send the answer")


def review(root: Desk, page: str) -> None:
    """Accept every answer."""
    root.go(page)
    root.sees("policy.pdf")
    for topic in TOPICS:
        root.page.locator("#review_topic").select_option(topic)
        root.page.locator("[name=outcome][value=accepted]").check()
        root.press("Record the review")
    root.sees("2 more of the board")


def provision(applicant: Desk, address: str, root: Desk, page: str) -> None:
    """Name two people for all, and ask the coordinators."""
    applicant.go(address)
    named = {
        "coordinator": "Kay",
        "alternate_coordinator": "Lou",
        "liaison": "Kay",
        "alternate_liaison": "Lou",
    }
    for duty, name in named.items():
        applicant.page.locator("#id_duty").select_option(duty)
        applicant.fill(id_name=name, id_email=f"{name.lower()}@lake.example")
        applicant.press("Name this person")
    root.go(page)
    root.fill(particulars_duty_desk="+1 555 0199")
    root.press("Save")
    root.press("Appoint the coordinators")
    root.sees("was mailed on appointment")


def say_yes(contexts: Any, portal: str) -> None:
    """Have both coordinators open the link in their mail, choose a password and say yes."""
    deliver_messages()
    invited = [one for one in mail.outbox if "nominated" in one.subject]
    assert sorted(one.to for one in invited) == [["kay@lake.example"], ["lou@lake.example"]]
    for one in invited:
        link = re.search(r"/people/invitation/\S+", str(one.body))
        assert link is not None
        desk = Desk(contexts(), portal)
        desk.go(link[0])
        desk.fill(id_password="a long walk by the lake", id_again="a long walk by the lake")
        desk.press("Accept")
        desk.sees("is open. Sign in")


def staff() -> tuple[Actor, Actor]:
    """Have the new coordinators give each other posts, and return analyst and release authority."""
    found = []
    for name, by, role in (("ann", "kay", Role.ANALYST), ("sid", "lou", Role.SUPERVISOR)):
        post = Membership.objects.get(person__email=f"{by}@lake.example")
        person = admit_person(PORTAL, email=f"{name}@lake.example", name=name.title())
        given = add_membership(
            PORTAL, person, post.agency, roles=[role], ceiling=Sensitivity.SENSITIVE
        )
        found.append(acting_as(given))
    return found[0], found[1]


@pytest.mark.slow
def test_an_agency_comes_on_board_and_shares_its_first_case(
    live_portal: str, contexts: Any
) -> None:
    cast = world()
    applicant = Desk(contexts(), live_portal)
    root, rita = (
        Desk(contexts(), live_portal, Person.objects.get(email=f"{name}@portal.example"))
        for name in ("root", "rita")
    )
    address = apply(applicant)
    page = take_up(root)
    answer(applicant, address)
    review(root, page)
    for board in (root, rita):
        board.go(page)
        board.page.locator("[name=admits][value=yes]").check()
        board.press("Record my vote")
    rita.sees("Name the agency coordinator.")
    provision(applicant, address, root, page)
    say_yes(contexts, live_portal)
    root.go(page)
    root.press("Start the pilot")
    root.sees("The pilot runs until")

    lake = Agency.objects.get(ori="ZZ0090000")
    assert (lake.status, lake.tier, lake.short_name) == ("pilot", "full", "lake")
    votes = BoardVote.objects.filter(onboarding__agency=lake).values_list("person__name", "admits")
    assert sorted(votes) == [("Rita", True), ("Root", True)]
    ann, sid = staff()
    case = open_case(ann, title="Boats from the marina", type="burglary", own_number="LT-1")
    ana = Desk(contexts(), live_portal, cast.posts["ana"].person)
    ana.go(f"/cases/{case.pk}/")
    ana.sees("There is nothing here that you can open.")
    asked = offer_record(ann, record_id=case.pk, roster_id=cast.id("alpha"), terms=terms())
    approve_request(sid, asked.pk)
    ana.go(f"/cases/{case.pk}/")
    ana.sees("Boats from the marina")
    root.go(f"/cases/{case.pk}/")
    root.sees("There is nothing here that you can open.")
    grant = Grant.objects.get(record=case.pk)
    assert (grant.owner, grant.decision_id) == (lake.pk, asked.pk)
    root_is = Person.objects.get(email="root@portal.example").pk
    told = Event.objects.filter(target=case.pk, kind__in=("record.opened", "record.refused"))
    assert list(told.order_by("seq").values_list("kind", "person")) == [
        ("record.refused", cast.posts["ana"].person_id),
        ("record.opened", cast.posts["ana"].person_id),
        ("record.refused", root_is),
    ]
