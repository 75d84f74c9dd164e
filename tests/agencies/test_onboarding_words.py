"""What onboarding says: to an applicant what is theirs to do, and no button that is refused."""

from __future__ import annotations

from django.test import Client

from agencies.codes import Role
from agencies.models import Application, Onboarding
from agencies.onboarding.checklist import PLANS
from agencies.onboarding.links import token_of
from agencies.onboarding.progress import TOLD
from portal.templatetags.words import time_zone_name
from tests.agencies.cast import Cast, days, post
from tests.agencies.onboarding import brought_to
from tests.agencies.test_onboarding_pages import browser, words_of


def test_the_applicant_is_told_of_every_step_that_can_come_next() -> None:
    assert set(TOLD) == {plan.event for plan in PLANS} - {"apply"}


def test_the_applicant_reads_what_the_next_step_asks_of_them(cast: Cast) -> None:
    agency = brought_to("compliance", cast)
    page = words_of(Client().get(f"/apply/by/{token_of(Application.objects.get(agency=agency))}/"))
    assert TOLD["meet"] in page
    assert [words for event, words in TOLD.items() if event != "meet" and words in page] == []


def test_the_pilot_is_ended_by_a_button_that_opens_once_nothing_is_missing(cast: Cast) -> None:
    agency = brought_to("pilot", cast)
    root = browser(cast, "root")
    assert "disabled>Make it active</button>" in words_of(root.get(f"/onboarding/{agency.pk}/"))
    Onboarding.objects.filter(agency=agency).update(pilot_ends_at=days(-1))
    for name in ("pat", "quinn"):
        post(agency, name, Role.SUPERVISOR, Role.LIAISON)
    page = words_of(root.get(f"/onboarding/{agency.pk}/"))
    assert 'type="submit">Make it active</button>' in page
    assert "disabled>Make it active</button>" not in page


def test_a_time_zone_is_named_by_its_place() -> None:
    assert time_zone_name("America/Los_Angeles") in ("Los Angeles (PST)", "Los Angeles (PDT)")
    assert time_zone_name("UTC") == "UTC"
