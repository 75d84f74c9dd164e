"""Every page, light and dark, wide and narrow: axe finds nothing (WCAG 2.2 AA), nothing runs over.

The pages are those of the table of routes: one that is added and shown to nobody here fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page

from agencies.codes import Sensitivity
from agencies.links import token_for
from agencies.models import Agency, Nomination
from agencies.services import (
    admit_person,
    begin_review,
    end_membership,
    nominate,
    propose_address,
    record_credential,
    register_program,
    require_credential,
)
from agencies.services.factor import add_passkey
from cases.models import Case, Item
from cases.services import add_item, open_case, save_view, stage_import
from cases.services.stopping import stop_sharing
from sharing.models import Notification
from sharing.services import ask_by_number, offer_record, write_incident_note
from sharing.services.recalling import send_recall
from tests.agencies.cast import PORTAL, days
from tests.agencies.passkeys import a_credential
from tests.cases.incident_files import of_template
from tests.cast import Cast, shared, terms, two_agencies
from tests.truth.routes import PAGES

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}}
LONG = "Metropolitan Harbor and Interstate Corridor Joint Property Crime Investigation Bureau"
UNBROKEN = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
RIGHT_TO_LEFT = "ليلى عبد الرحمن"
RUN_BY_COORDINATORS = (
    "people/nominations/new/",
    "people/<uuid:pk>/address/",
    "people/<uuid:pk>/release/",
    "people/<uuid:pk>/factors/",
    "people/<uuid:pk>/sessions/end/",
    "people/<uuid:pk>/credentials/new/",
    "people/credentials/",
    "people/credentials/require/",
    "people/credentials/<uuid:pk>/",
    "posts/<uuid:pk>/change/",
    "programs/",
    "programs/new/",
    "programs/<uuid:pk>/hand-over/",
    "agencies/<uuid:pk>/sign-in/",
)
RUN_BY_ADMINISTRATORS = ("people/auditors/new/",)
OF_THEIR_PROVIDER = ("account/reauthenticate/agency/",)
"""Pages for whoever came in by their agency's own sign-in, which ``test_axe_own_sign_in`` sees."""
LOOKS = [("light", 1280), ("dark", 1280), ("dark", 400), ("light", 400)]
ASKED = {
    "cases/<uuid:pk>/items/new/": "?kind=person",
    "cases/series/new/": "?case={case}",
    "search/": "?q=civic",
    "cases/": "?density=compact",
}
"""What an address needs in its query to have something to show."""
GRANT = 2
"""Where the ids have that of an access."""


def inhabited() -> tuple[Cast, list[Any]]:
    """Return two agencies with something of everything, and the ids that addresses may name."""
    cast = two_agencies()
    cast.agency("charlie", name=f"{LONG} {UNBROKEN}")
    cast.person("ash", "charlie", "analyst")
    cast.agree("M2", "alpha", "charlie")
    ana, sam = cast.actor("ana"), cast.actor("sam")
    case = open_case(ana, title=f"{LONG} {UNBROKEN}", type="burglary", own_number="24-1832")
    items: list[Item] = [
        add_item(ana, case.pk, kind="person", title=RIGHT_TO_LEFT, role="subject", fields={}),
        add_item(ana, case.pk, kind="vehicle", title="Civic", fields={"plate": "8KTR417"}),
        add_item(ana, case.pk, kind="person", title="Vera Holm", role="victim", withheld=True),
    ]
    grant = shared(cast, case.record)
    offer = offer_record(ana, record_id=case.pk, roster_id=cast.id("charlie"), terms=terms())
    ask = ask_by_number(
        cast.actor("stella"), agency_id=cast.id("alpha"), own_number="24-1832", terms=terms()
    )
    called_back = stop_sharing(ana, items[0].pk)
    send_recall(ana, called_back.pk, due_at=days(3))
    today = datetime.now(UTC).date()
    note = write_incident_note(
        sam,
        called_back.pk,
        what="A name went out.",
        how="By hand.",
        happened_on=today,
        discovered_on=today,
    )
    view = save_view(sam, name=LONG[:40], query="type=burglary")
    batch = stage_import(sam, of_template("26-7", bad=1), source="template", file_name="")
    passkey = add_passkey(
        PORTAL, cast.posts["sam"].person, name="Work phone", credential=a_credential()
    )
    cast.posts["sam"].person.refresh_from_db()
    told = Notification.objects.filter(membership=cast.posts["sam"]).values_list("pk", flat=True)
    ids = [
        case.pk,
        items[1].pk,
        grant.pk,
        offer.pk,
        ask.pk,
        cast.id("bravo"),
        called_back.pk,
        note.pk,
        view.pk,
        batch.pk,
        passkey.pk,
        *people_to_run(cast),
    ]
    return cast, [*ids, *told[:1], "decide", offer.number, "none"]


def people_to_run(cast: Cast) -> list[Any]:
    """Return ids of a person, a post, a nomination, a review and a link, each with something."""
    post, cora, sam = cast.posts["abe"], cast.actor("cora"), cast.posts["sam"].person
    record_credential(
        cora,
        post.person,
        kind="cfr_23",
        issuer=LONG,
        issued_on=days(-350).date(),
        expires_on=days(10).date(),
    )
    end_membership(cora, post, at=days(20))
    need = require_credential(
        cora,
        kind="cfr_23",
        role="supervisor",
        agency=cast.agencies["alpha"],
        gates_from=days(30),
    )
    made = nominate(
        cora,
        cast.agencies["alpha"],
        email=f"{UNBROKEN[:50].lower().replace('ä', 'a')}@example.org",
        name=UNBROKEN,
        roles=["analyst", "liaison"],
        ceiling=2,
    )
    change = propose_address(PORTAL, sam, email="sam.new@example.org")
    review = begin_review(cora, cast.agencies["alpha"])
    program = register_program(
        cora,
        name=LONG[:80],
        answerable=cast.posts["ana"],
        roles=["analyst"],
        ceiling=Sensitivity.SENSITIVE,
        scopes=["read"],
    )
    return [
        *(post.person_id, post.pk, made.pk, review.pk, program.pk, need.pk, cast.id("alpha")),
        token_for("address", change.pk),
    ]


def shown_at(
    client: Client, ids: list[Any], routes: Iterable[str] = PAGES
) -> tuple[list[str], set[str]]:
    """Return an address for each page that shows itself, and the routes that show nothing."""
    found, nothing = [], set()
    for route in routes:
        second = re.sub(r"<uuid:grant_id>", str(ids[GRANT]), route)
        filled = [re.sub(r"<\w+:\w+>", str(one), second) for one in ids]
        query = ASKED.get(route, "").format(case=ids[0])
        tried = dict.fromkeys(f"/{one}{query}" for one in filled)
        page = next((one for one in tried if is_page(client, one)), None)
        nothing |= {route} if page is None else set()
        found += [page] if page else []
    return found, nothing


def is_page(client: Client, address: str) -> bool:
    """Return whether an address answers with a page of its own."""
    answer = client.get(address)
    whole = b"<main" in answer.content if not answer.streaming else False
    return answer.status_code == 200 and whole


@pytest.fixture
def context(live_portal: str, browser: Browser) -> Iterator[Any]:
    """Give a browser that is closed before the portal it keeps connections to."""
    opened = browser.new_context()
    opened.set_default_timeout(20_000)
    yield opened
    opened.close()


def faults_at(page: Page, address: str) -> list[str]:
    """Return what axe finds on the page, and whether it is wider than the window."""
    found = [
        f"{address}: {one['id']}: {node['html'][:120]}"
        for one in Axe().run(page, options=OPTIONS).response["violations"]
        for node in one["nodes"]
    ]
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return found + ([f"{address}: {over} pixels too wide"] if over > 0 else [])


def faults_of_all(page: Page, portal: str, addresses: list[str]) -> list[str]:
    """Return the faults of every address in every look."""
    faults = []
    for address in addresses:
        page.goto(portal + address)
        faults += faults_in_every_look(page, address)
    return faults


def faults_in_every_look(page: Page, name: str) -> list[str]:
    """Return the faults of the page that is open, in every look."""
    faults = []
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        faults += faults_at(page, f"{name} {scheme} {width}")
    return faults


@pytest.mark.slow
def test_axe_finds_nothing_on_any_page(live_portal: str, context: Any) -> None:
    cast, ids = inhabited()
    client = Client()
    client.force_login(cast.posts["sam"].person, backend=BACKEND)
    addresses, nothing = shown_at(client, ids)
    shut = {route for route in nothing if not CHANGES_ONLY.search(route)}
    shut = {route for route in shut if not ONBOARDING.search(route)}
    assert shut - {*RUN_BY_COORDINATORS, *RUN_BY_ADMINISTRATORS, *OF_THEIR_PROVIDER} == set()
    kept = client.cookies["liaison_session"].value
    context.add_cookies([{"name": "liaison_session", "value": kept, "url": live_portal}])
    assert faults_of_all(context.new_page(), live_portal, addresses) == []


@pytest.mark.slow
def test_axe_finds_nothing_on_what_a_partner_received(live_portal: str, context: Any) -> None:
    cast, ids = inhabited()
    client = Client()
    client.force_login(cast.posts["stella"].person, backend=BACKEND)
    case = f"/cases/{ids[0]}/"
    received = ["/", "/cases/", case, f"{case}items/", f"{case}sharing/", "/recalls/"]
    received += ["/queues/shared/", "/search/?q=civic", "/cases/?columns=owner&columns=own_number"]
    Agency.objects.update(name=f"{LONG} {UNBROKEN}")
    Case.objects.unrestricted("a test").update(own_number=UNBROKEN)
    assert [address for address in received if not is_page(client, address)] == []
    kept = client.cookies["liaison_session"].value
    context.add_cookies([{"name": "liaison_session", "value": kept, "url": live_portal}])
    assert faults_of_all(context.new_page(), live_portal, received) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["cora", "root"])
def test_axe_finds_nothing_where_people_are_run(live_portal: str, context: Any, name: str) -> None:
    cast, ids = inhabited()
    root = admit_person(PORTAL, email="root@example.org", name="Root", is_administrator=True)
    client = Client()
    person = root if name == "root" else cast.posts[name].person
    client.force_login(person, backend=BACKEND)
    mine = RUN_BY_ADMINISTRATORS if name == "root" else RUN_BY_COORDINATORS
    addresses, nothing = shown_at(client, ids, (*mine, "people/", "people/<uuid:pk>/"))
    assert nothing == set()
    kept = client.cookies["liaison_session"].value
    context.add_cookies([{"name": "liaison_session", "value": kept, "url": live_portal}])
    assert faults_of_all(context.new_page(), live_portal, addresses) == []


@pytest.mark.slow
def test_axe_finds_nothing_before_one_has_signed_in_nor_where_there_is_nothing(
    live_portal: str, context: Any
) -> None:
    inhabited()
    found = Nomination.objects.get()
    link = f"/people/invitation/{token_for('nomination', found.pk)}/"
    page = context.new_page()
    assert faults_of_all(page, live_portal, ["/demo/", "/account/login/", "/no/such/", link]) == []


@pytest.mark.slow
def test_axe_sees_what_is_wrong(live_portal: str, context: Any) -> None:
    page = context.new_page()
    page.goto(f"{live_portal}/account/login/")
    page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    assert [fault for fault in faults_at(page, "") if "label" in fault] != []


CHANGES_ONLY = re.compile(
    r"/(approve|deny|question|answer|withdraw|attach|read|undo|mute|unmute|leave|remove|stop|send"
    r"|acknowledge|theme|wake|revoke|begin|close|<slug:act>|note|file"
    r"|template|make|export|suggest|panel|seen|together|end-others|sessions/<uuid:pk>/end"
    r"|secret|factors/confirm|sign-in/alone|waive)/$|^sign-ins/|^own-sign-in/|^r/|^notifications/|^recipients/$"
    r"|^recalls/<uuid:pk>/$"
)
"""Addresses that only take forms, give files or parts of pages, or lead on."""

ONBOARDING = re.compile(r"^(administration|onboarding|compliance|arrangements)/")
"""Addresses for administrators and coordinators, which ``test_axe_onboarding`` looks at."""
