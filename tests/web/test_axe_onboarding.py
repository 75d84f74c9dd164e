"""The pages of onboarding, light and dark, wide and narrow: axe finds nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from agencies.models import Agency, Application, Person
from agencies.onboarding.links import token_of
from agencies.services import begin_year, record_arrangement
from tests.agencies.cast import PORTAL, Cast, a_cast
from tests.agencies.onboarding import PDF, answer, applied, brought_to, evidence, taken_up
from tests.web.test_axe import BACKEND, LONG, UNBROKEN, context, faults_of_all

__all__ = ["context"]


def signed_in(context: Any, portal: str, person: Person) -> Any:
    """Return a page of a browser in which somebody has signed in."""
    client = Client()
    client.force_login(person, backend=BACKEND)
    kept = client.cookies["liaison_session"].value
    context.add_cookies([{"name": "liaison_session", "value": kept, "url": portal}])
    return context.new_page()


def on_their_way(cast: Cast) -> list[str]:
    """Return the addresses for administrators, with long words behind them."""
    agency = brought_to("compliance", cast, taken_up(cast, name=f"{LONG} {UNBROKEN}"))
    answer(PORTAL, agency, "security", text=UNBROKEN, evidence=evidence(PDF, f"{UNBROKEN}.pdf"))
    waits = applied(agency_name=f"{LONG} {UNBROKEN}"[:200], ori="ZZ0090009")
    return [
        "/administration/",
        "/onboarding/",
        f"/onboarding/applications/{waits.pk}/",
        f"/onboarding/{agency.pk}/",
        f"/onboarding/{cast.alpha.pk}/",
        f"/agencies/{agency.pk}/",
    ]


@pytest.mark.slow
def test_axe_finds_nothing_on_the_pages_of_administrators(live_portal: str, context: Any) -> None:
    cast = a_cast()
    addresses = on_their_way(cast)
    page = signed_in(context, live_portal, Person.objects.get(pk=cast.root.person_id))
    assert "\n".join(faults_of_all(page, live_portal, addresses)) == ""
    other = taken_up_to_provisioning(cast)
    assert faults_of_all(page, live_portal, [other]) == []


def taken_up_to_provisioning(cast: Cast) -> str:
    """Return the page of an agency with the most forms on it."""
    agency = Agency.objects.get(status="compliance")
    return f"/onboarding/{brought_to('provisioning', cast, agency).pk}/"


@pytest.mark.slow
def test_axe_finds_nothing_on_what_applicants_and_coordinators_see(
    live_portal: str, context: Any
) -> None:
    cast = a_cast()
    on_their_way(cast)
    opened = Application.objects.get(state=Application.State.OPENED)
    public = ["/apply/", "/apply/sent/", f"/apply/by/{token_of(opened)}/"]
    public.append(f"/apply/by/{token_of(opened)}/answers/security/")
    assert faults_of_all(context.new_page(), live_portal, public) == []
    begin_year(PORTAL, cast.alpha)
    record_arrangement(PORTAL, cast.alpha, provider=cast.bravo, duties=["entry"])
    page = signed_in(context, live_portal, cast.kim.person)
    assert faults_of_all(page, live_portal, ["/administration/", "/compliance/"]) == []
